// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * Receive packets by eventfds. Start: events DEVICE COUNT
 *
 * An event loop that takes eventfds alone, or one that is to sleep on the packets
 * of a ring without the tun's descriptor, has them signalled by the kernel.
 */
#include <linux/if_tun.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <tunring.h>
#include <unistd.h>

#define BURST	32

/* Sleeps until the kernel signals packets or an error. */
static int wait_for(struct tunring *h, int call)
{
	struct pollfd p = { .fd = call, .events = POLLIN };
	uint64_t signals;
	int ret = tunring_prepare_wait(h);

	if (ret)
		return ret < 0 ? ret : 0;
	if (poll(&p, 1, -1) == 1 && read(call, &signals, 8) != 8)
		perror("read");
	return 0;
}

int main(int argc, char **argv)
{
	struct tunring_packet pkts[BURST];
	struct tunring_options opt;
	struct tunring *h;
	long left = argc == 3 ? atol(argv[2]) : 0;
	int call, n;

	if (left < 1 || argv[1][0] == '-') {
		fprintf(stderr, "usage: events DEVICE COUNT\n");
		return 2;
	}
	tunring_options_init(&opt);
	opt.flags = TUNRING_O_NEED_RING | TUNRING_O_ATTACH | TUNRING_O_EVENTFD;
	opt.event_fd[TUNRING_EVENT_RX_KICK] = TUNRING_EVENT_NONE;
	opt.event_fd[TUNRING_EVENT_RX_CALL] = TUNRING_EVENT_NEW;
	opt.event_fd[TUNRING_EVENT_TX_KICK] = TUNRING_EVENT_NONE;
	opt.event_fd[TUNRING_EVENT_TX_CALL] = TUNRING_EVENT_NONE;
	n = tunring_open(&h, argv[1], IFF_TUN, &opt);
	if (n < 0) {
		fprintf(stderr, "open: %s\n", tunring_strerror(n));
		return 1;
	}
	call = tunring_event_fd(h, TUNRING_EVENT_RX_CALL);
	while (left > 0 && n >= 0) {
		n = tunring_rx_burst(h, pkts, BURST);
		if (!n) {
			n = wait_for(h, call);
		} else if (n > 0) {
			left -= n;
			n = tunring_rx_release(h, pkts, (unsigned int)n);
		}
	}
	tunring_close(h);
	if (n < 0)
		fprintf(stderr, "events: %s\n", tunring_strerror(n));
	else
		printf("%s packets\n", argv[2]);
	return n < 0;
}
