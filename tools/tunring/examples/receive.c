// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * Receive packets and describe them. Start: receive DEVICE [COUNT]
 *
 * The least there is to a program on libtunring: open, take bursts, give them
 * back, sleep when there is nothing.
 */
#include <linux/if_tun.h>
#include <stdio.h>
#include <stdlib.h>
#include <tunring.h>

#define BURST 32

static void show(const struct tunring_packet *pkt)
{
	struct tunring_meta meta;

	tunring_meta_get(pkt, &meta);
	printf("%u bytes, protocol 0x%04x, in %u buffer%s\n", pkt->len,
	       meta.protocol, pkt->nsegs, pkt->nsegs == 1 ? "" : "s");
}

int main(int argc, char **argv)
{
	struct tunring_packet pkts[BURST];
	struct tunring *h;
	long left = argc > 2 ? atol(argv[2]) : -1;
	int i, n = 0;

	if (argc < 2 || argv[1][0] == '-') {
		fprintf(stderr, "usage: receive DEVICE [COUNT]\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	n = tunring_open(&h, argv[1], IFF_TUN, NULL);
	if (n < 0) {
		fprintf(stderr, "open: %s\n", tunring_strerror(n));
		return 1;
	}
	printf("by %s\n", tunring_mode(h) == TUNRING_MODE_RING ?
	       "rings" : "read and write");

	while (left && n >= 0) {
		n = tunring_rx_burst(h, pkts, BURST);
		if (!n) {
			n = tunring_wait(h, -1, NULL, 0);
			continue;
		}
		for (i = 0; i < n && left; i++, left--)
			show(&pkts[i]);
		if (n > 0)
			n = tunring_rx_release(h, pkts, (unsigned int)n);
	}
	tunring_close(h);
	if (n < 0)
		fprintf(stderr, "receive: %s\n", tunring_strerror(n));
	return n < 0;
}
