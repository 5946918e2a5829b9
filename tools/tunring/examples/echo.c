// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * Answer IPv4 pings on a tun device. Start: echo DEVICE [COUNT]
 *
 * A packet is turned into its reply where it lies, and tunring_rx_forward() sends
 * that buffer back: not one byte is copied.
 */
#include <linux/if_tun.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tunring.h>

#define BURST 32

static bool turn(struct tunring_packet *pkt)
{
	uint8_t *ip = pkt->data, addr[4], *icmp;
	uint32_t hlen, sum;

	if (pkt->first_len < 28 || ip[0] >> 4 != 4 || ip[9] != 1)
		return false;
	hlen = (ip[0] & 15U) * 4;
	icmp = ip + hlen;
	if (hlen < 20 || pkt->first_len < hlen + 8 || icmp[0] != 8)
		return false;

	memcpy(addr, ip + 12, 4);
	memcpy(ip + 12, ip + 16, 4);
	memcpy(ip + 16, addr, 4);
	/* type 8 becomes 0, and the checksum grows by as much, end-around */
	icmp[0] = 0;
	sum = (uint32_t)(icmp[2] << 8 | icmp[3]) + 0x0800;
	sum += sum >> 16;
	icmp[2] = (uint8_t)(sum >> 8);
	icmp[3] = (uint8_t)sum;
	return true;
}

int main(int argc, char **argv)
{
	struct tunring_packet pkts[BURST];
	struct tunring *h;
	long left = argc > 2 ? atol(argv[2]) : -1;
	int i, n, ret;

	if (argc < 2 || argv[1][0] == '-') {
		fprintf(stderr, "usage: echo DEVICE [COUNT]\n");
		return 2;
	}
	ret = tunring_open(&h, argv[1], IFF_TUN, NULL);
	if (ret < 0) {
		fprintf(stderr, "open: %s\n", tunring_strerror(ret));
		return 1;
	}
	while (left && ret >= 0) {
		n = tunring_rx_burst(h, pkts, BURST);
		if (n <= 0) {
			/* sends forwarded packets, sleeps for more: one call */
			ret = n ? n : tunring_wait(h, -1, NULL, TUNRING_WAIT_TX);
			continue;
		}
		for (i = 0; i < n && ret >= 0; i++) {
			if (left && turn(&pkts[i]) &&
			    tunring_rx_forward(h, &pkts[i], 1) == 1)
				left -= left > 0;
			else
				ret = tunring_rx_release(h, &pkts[i], 1);
		}
	}
	tunring_close(h);
	if (ret < 0)
		fprintf(stderr, "echo: %s\n", tunring_strerror(ret));
	return ret < 0;
}
