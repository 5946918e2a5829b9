// SPDX-License-Identifier: GPL-2.0
/*
 * A mapped ring that the kernel looks at in a thread, so that nobody kicks. The
 * thread has the processor while the driver waits, and the driver has it back
 * when all that it sent is used.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <linux/if_tun.h>

#include "../bench.h"
#include "../ring.h"

#define NAME	"bench0"
#define ENTRIES	256
#define BUF	2048
/* The thread does not give up in a run, but in sched_settle(). */
#define POLL_US	2000

struct poller {
	struct ring r;
	int epoll;
};

/* Edges only: that there is room in the ring is no news. */
static void watch(struct poller *p)
{
	struct epoll_event e = { .events = EPOLLOUT | EPOLLET };

	p->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (p->epoll < 0 || epoll_ctl(p->epoll, EPOLL_CTL_ADD, p->r.fd, &e) ||
	    epoll_wait(p->epoll, &e, 1, 0) != 1)
		die("epoll: %s", strerror(errno));
}

static const char *set_up(struct instance *in)
{
	struct poller *p = calloc(1, sizeof(*p));
	const char *missing;
	unsigned int i;
	int fd;

	if (!p)
		die("no memory");
	in->priv = p;
	sched_unthrottle();
	fd = net_tun(NAME, IFF_TUN | IFF_NO_PI);
	p->r.s.features = 1 << TUN_RING_F_META;
	p->r.s.tx_poll_us = POLL_US;
	missing = ring_open(&p->r, fd, ENTRIES, BUF);
	if (missing)
		return missing;
	net_up(NAME);
	net_thread(NAME);
	sink_open(in);
	for (i = 0; i < ENTRIES; i++)
		packet_fill(ring_tx_buf(&p->r, i), in->size);
	watch(p);
	return NULL;
}

/* The first packet of a run finds the thread asleep, and no other one. */
static void kick(struct instance *in, struct poller *p, bool first)
{
	struct tun_ring_enter e = { .flags = TUN_RING_ENTER_TX };

	if (!first)
		die("ring-poller: the thread sleeps within a run");
	in->syscalls++;
	if (ioctl(p->r.fd, TUNRINGENTER, &e) < 0)
		die("TUNRINGENTER: %s", strerror(errno));
}

/* used_event is the last of a burst, so that there is one wake-up. */
static void wait_used(struct instance *in, struct poller *p)
{
	struct ring_vq *tx = &p->r.tx;
	struct epoll_event e;

	while ((uint16_t)(vq_used(tx) - tx->taken) < in->burst) {
		in->syscalls++;
		if (epoll_wait(p->epoll, &e, 1, -1) != 1 ||
		    e.events != EPOLLOUT)
			die("epoll: %s", strerror(errno));
	}
}

static void burst(struct instance *in, struct poller *p, bool first)
{
	struct ring_vq *tx = &p->r.tx;
	unsigned int i;

	for (i = 0; i < in->burst; i++)
		ring_tx_put(&p->r, in->size);
	__atomic_store_n(&tx->avail->ring[tx->mask + 1],
			 tx->taken + in->burst - 1, __ATOMIC_RELAXED);
	if (vq_publish(tx))
		kick(in, p, first);
	wait_used(in, p);
	ring_tx_reap(&p->r);
}

static void run(struct instance *in, unsigned int n)
{
	struct poller *p = in->priv;
	const unsigned int all = n;
	uint64_t start = clock_now();

	sched_in_front(true);
	own_begin(in);
	for (; n; n -= in->burst)
		burst(in, p, n == all);
	own_end(in);
	in->total = clock_now() - start;
	sched_in_front(false);
	sched_settle();
}

static void tear_down(struct instance *in)
{
	struct poller *p = in->priv;

	close(p->epoll);
	ring_close(&p->r);
	close(p->r.fd);
	free(p);
}

const struct contestant poller_contestants[] = {
	{ "ring-poller", TX, NAME, bursts_all, set_up, run, tear_down },
	{ }
};
