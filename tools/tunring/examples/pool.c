// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * A router with many tun devices, the packets of all of which lie in one pool.
 * Start: pool NAME COUNT
 *
 * Makes NAME0, NAME1 and so on. A packet for an address that ends in .N leaves by
 * the device of that number, from the buffer in which it came.
 */
#include <linux/if_tun.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <tunring.h>

#define MAX	250
#define ENTRIES	64
#define BURST	32

static struct tunring *tuns[MAX];
static int n_tuns;

static int open_one(int n, const char *name, struct tunring_pool *pool, int poll)
{
	struct epoll_event e = { .events = EPOLLIN, .data.u32 = (uint32_t)n };
	struct tunring_options opt;
	char full[32];
	int ret;

	tunring_options_init(&opt);
	opt.rx_entries = ENTRIES;
	opt.tx_entries = ENTRIES;
	snprintf(full, sizeof(full), "%.10s%d", name, n);
	ret = tunring_open_pool(&tuns[n], full, IFF_TUN, &opt, pool);
	if (ret)
		return ret;
	return epoll_ctl(poll, EPOLL_CTL_ADD, tunring_fd(tuns[n]), &e);
}

/* Where to: by the last byte of an IPv4 destination. */
static struct tunring *route(const struct tunring_packet *pkt)
{
	if (pkt->first_len < 20 || pkt->data[0] >> 4 != 4)
		return NULL;
	return pkt->data[19] < n_tuns ? tuns[pkt->data[19]] : NULL;
}

/* Everything that is there. Returns 0 or a negative errno. */
static int serve(struct tunring *h)
{
	struct tunring_packet pkts[BURST];
	struct tunring *to;
	int i, n, ret = 0;

	do {
		/* a negative result of tunring_prepare_wait() comes again from here */
		n = tunring_rx_burst(h, pkts, BURST);
		for (i = 0; i < n && !ret; i++) {
			to = route(&pkts[i]);
			if (to && tunring_rx_forward_to(h, to, &pkts[i], 1) == 1)
				tunring_tx_kick(to);
			else	/* nowhere to go, or no room */
				ret = tunring_rx_release(h, &pkts[i], 1);
		}
		if (n < 0 || ret)
			return n < 0 ? n : ret;
	} while (n || tunring_prepare_wait(h));
	return 0;
}

int main(int argc, char **argv)
{
	struct tunring_pool_info info;
	struct tunring_pool *pool;
	struct epoll_event e[16];
	int poll = epoll_create1(EPOLL_CLOEXEC);
	int count = argc == 3 ? atoi(argv[2]) : 0;
	int i, n, ret;

	if (count < 1 || count > MAX || argv[1][0] == '-') {
		fprintf(stderr, "usage: pool NAME COUNT\n");
		return 2;
	}
	ret = tunring_pool_new(&pool, (uint32_t)count * 2 * ENTRIES, 2048,
			       TUNRING_O_PIN | TUNRING_O_HUGE);
	for (; !ret && n_tuns < count; n_tuns += !ret)
		ret = open_one(n_tuns, argv[1], pool, poll);
	for (i = 0; !ret && i < count; i++)
		ret = serve(tuns[i]);
	if (!ret) {
		tunring_pool_get_info(pool, &info);
		printf("%u devices, %u buffers, pages of %u KiB\n", info.handles,
		       info.bufs, (unsigned int)(info.page_size / 1024));
		fflush(stdout);
	}
	while (!ret) {
		n = epoll_wait(poll, e, 16, -1);
		for (i = 0; i < n && !ret; i++) {
			ret = serve(tuns[e[i].data.u32]);
			if (!ret && e[i].events & EPOLLERR)
				ret = tunring_check(tuns[e[i].data.u32]);
		}
	}
	fprintf(stderr, "pool: %s\n", tunring_strerror(ret));
	return 1;
}
