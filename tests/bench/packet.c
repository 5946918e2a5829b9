// SPDX-License-Identifier: GPL-2.0
/* Where packets come from: a UDP socket, or a buffer with one in it. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <netinet/ip.h>
#include <netinet/udp.h>

#include "bench.h"

#define PORT	9	/* discard */

static const uint8_t payload[65536];

void source_open(struct instance *in)
{
	struct sockaddr_in peer = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
		.sin_addr.s_addr = inet_addr(NET_PEER),
	};

	in->sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (in->sock < 0 ||
	    connect(in->sock, (void *)&peer, sizeof(peer)))
		die("socket: %s", strerror(errno));
}

void source_send(struct instance *in, unsigned int n)
{
	size_t len = in->size - sizeof(struct iphdr) - sizeof(struct udphdr);

	while (n--)
		if (send(in->sock, payload, len, 0) != (ssize_t)len)
			die("send: %s", strerror(errno));
}

static uint16_t ip_checksum(const void *p, size_t len)
{
	const uint16_t *w = p;
	uint32_t sum = 0;

	for (; len; len -= 2)
		sum += *w++;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* A UDP packet from the peer; a UDP checksum of 0 is none. */
void packet_fill(void *buf, unsigned int size)
{
	struct iphdr *ip = buf;
	struct udphdr *udp = (void *)(ip + 1);

	memset(buf, 0, size);
	ip->version = 4;
	ip->ihl = 5;
	ip->ttl = 64;
	ip->protocol = IPPROTO_UDP;
	ip->tot_len = htons(size);
	ip->saddr = inet_addr(NET_PEER);
	ip->daddr = inet_addr(NET_LOCAL);
	ip->check = ip_checksum(ip, sizeof(*ip));
	udp->source = htons(PORT);
	udp->dest = htons(PORT);
	udp->len = htons(size - sizeof(*ip));
}
