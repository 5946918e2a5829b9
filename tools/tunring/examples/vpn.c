// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * The epoll loop of a VPN. Start: vpn DEVICE LOCAL-PORT PEER PEER-PORT
 *
 * Packets are "encrypted" (turned round bit by bit: this hides nothing from
 * anybody) in the buffers they arrive in, and get their header in front there.
 * The functions from_tun() and to_tun() and three lines of main() are all that a
 * VPN with a loop of its own has to change.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_tun.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
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
		if (send(sock, p->data, p->len, MSG_DONTWAIT) < 0)
			continue;	/* as a network would: lost */
	}
	return tunring_rx_release(h, pkts, (unsigned int)n);
}

static int to_tun(struct tunring *h, int sock)
{
	struct tunring_packet p;
	ssize_t len;
	int i;

	for (i = 0; i < BURST && tunring_tx_reserve(h, &p, 1) == 1; i++) {
		len = recv(sock, p.data, p.tailroom, MSG_DONTWAIT);
		if (len <= HEADER || memcmp(p.data, MAGIC, HEADER)) {
			tunring_tx_cancel(h, &p, 1);
			if (len < 0)
				break;
			continue;
		}
		tunring_packet_put(&p, (uint32_t)len);
		tunring_packet_pull(&p, HEADER);
		scramble(p.data, p.len);
		tunring_tx_submit(h, &p, 1);
	}
	return tunring_tx_kick(h);
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
	struct epoll_event e = { .events = EPOLLIN };
	struct tunring *h;
	int sock = argc == 5 ? udp_socket(argv) : -1;
	int poll, ret;

	if (sock < 0) {
		fprintf(stderr, "usage: vpn DEVICE LOCAL-PORT PEER PEER-PORT\n");
		return 2;
	}
	ret = tunring_open(&h, argv[1], IFF_TUN, NULL);
	if (ret < 0) {
		fprintf(stderr, "open: %s\n", tunring_strerror(ret));
		return 1;
	}
	poll = epoll_create1(0);
	epoll_ctl(poll, EPOLL_CTL_ADD, sock, &e);
	epoll_ctl(poll, EPOLL_CTL_ADD, tunring_fd(h), &e);
	do {
		/* packets that are there already: look at the socket, no sleep */
		epoll_wait(poll, &e, 1, tunring_prepare_wait(h) ? 0 : -1);
		ret = from_tun(h, sock);
		if (!ret)
			ret = to_tun(h, sock);
	} while (!ret || ret == -EIO || ret == -EAGAIN);
	fprintf(stderr, "vpn: %s\n", tunring_strerror(ret));
	tunring_close(h);
	return 1;
}
