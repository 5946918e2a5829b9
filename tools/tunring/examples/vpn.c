// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * The event loop of a VPN. Start: vpn DEVICE LOCAL-PORT PEER PEER-PORT
 *
 * The program inverts each bit of a packet where it lies, for want of a cipher,
 * and puts its header in front. A VPN has its own in place of all but from_tun(),
 * to_tun() and wait_for().
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tunring.h>

#define BURST	64
#define HEADER	4
#define MAGIC	"toy1"

static void scramble(uint8_t *data, uint32_t len)
{
	while (len--)
		data[len] = (uint8_t)~data[len];
}

static int from_tun(struct tunring *h, int sock)
{
	struct tunring_packet pkts[BURST];
	int i, n = tunring_rx_burst(h, pkts, BURST);

	if (n < 0)
		return n;
	for (i = 0; i < n; i++) {
		struct tunring_packet *p = &pkts[i];

		if (p->nsegs != 1)
			continue;	/* longer than our MTU allows */
		scramble(p->data, p->len);
		memcpy(tunring_packet_push(p, HEADER), MAGIC, HEADER);
		send(sock, p->data, p->len, MSG_DONTWAIT);	/* or it is lost */
	}
	return tunring_rx_release(h, pkts, (unsigned int)n);
}

static int to_tun(struct tunring *h, int sock)
{
	struct tunring_packet p;
	int i, len, n = 0, ret;

	for (i = 0; i < BURST && (n = tunring_tx_reserve(h, &p, 1)) == 1; i++) {
		len = (int)recv(sock, p.data, p.tailroom, MSG_DONTWAIT);
		if (len <= HEADER || memcmp(p.data, MAGIC, HEADER)) {
			tunring_tx_cancel(h, &p, 1);
			break;
		}
		tunring_packet_put(&p, (uint32_t)len);
		tunring_packet_pull(&p, HEADER);
		scramble(p.data, p.len);
		tunring_tx_submit(h, &p, 1);
	}
	ret = tunring_tx_kick(h);
	return n < 0 ? n : ret;
}

/* Packets for which the tun has no room stay in the socket until it has. */
static void wait_for(struct tunring *h, int sock)
{
	struct pollfd p[2] = { { tunring_fd(h), POLLIN, 0 }, { sock, POLLIN, 0 } };

	if (!tunring_tx_prepare_wait(h)) {
		p[0].events |= POLLOUT;
		p[1].fd = -1;
	}
	/* packets are there already, or an error: no sleep */
	poll(p, 2, tunring_prepare_wait(h) ? 0 : -1);
}

static int udp_socket(char **argv)
{
	struct sockaddr_in here = { .sin_family = AF_INET }, there = here;
	int s = socket(AF_INET, SOCK_DGRAM, 0);

	here.sin_port = htons((uint16_t)atoi(argv[2]));
	there.sin_port = htons((uint16_t)atoi(argv[4]));
	if (s < 0 || inet_pton(AF_INET, argv[3], &there.sin_addr) != 1 ||
	    bind(s, (struct sockaddr *)&here, sizeof(here)) ||
	    connect(s, (struct sockaddr *)&there, sizeof(there)))
		return -1;
	return s;
}

int main(int argc, char **argv)
{
	struct tunring *h;
	int sock = argc == 5 && argv[1][0] != '-' ? udp_socket(argv) : -1;
	int ret;

	if (sock < 0) {
		fprintf(stderr, "usage: vpn DEVICE LOCAL-PORT PEER PEER-PORT\n");
		return 2;
	}
	ret = tunring_open(&h, argv[1], IFF_TUN, NULL);
	if (ret < 0) {
		fprintf(stderr, "open: %s\n", tunring_strerror(ret));
		return 1;
	}
	do {
		wait_for(h, sock);
		ret = from_tun(h, sock);
		if (!ret)
			ret = to_tun(h, sock);
		/* -EIO: the device is down; -EAGAIN: a write would have to wait */
	} while (!ret || ret == -EIO || ret == -EAGAIN);
	fprintf(stderr, "vpn: %s\n", tunring_strerror(ret));
	tunring_close(h);
	return 1;
}
