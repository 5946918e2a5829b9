// SPDX-License-Identifier: GPL-2.0
/*
 * Where packets come from: a UDP socket, or a buffer with one in it. A packet
 * that has to be segmented is TCP's, and a packet socket sends it: a connection
 * would bring packets of its own.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>

#include "bench.h"

#define MSS	1448

#define HEADERS	(sizeof(struct iphdr) + sizeof(struct udphdr))

#ifndef UDP_SEGMENT
#define UDP_SEGMENT	103
#endif

static const uint8_t payload[65536];

/* One call has as many datagrams of a burst as 64 KB hold. */
static void udp_segments(struct instance *in)
{
	int size = in->size - HEADERS;

	if (setsockopt(in->sock, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)))
		die("UDP_SEGMENT: %s", strerror(errno));
	in->per_send = in->burst;
	while (in->per_send * size + HEADERS > UINT16_MAX)
		in->per_send /= 2;
	if (in->c->whole)
		in->per_packet = in->per_send;
}

/* Bytes of a packet as the device has it. */
unsigned int packet_size(const struct instance *in)
{
	return in->per_packet * (in->size - HEADERS) + HEADERS;
}

static void udp_open(struct instance *in)
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
	if (in->c->segments)
		udp_segments(in);
}

/* Bytes that the packet socket must write in front of the packet. */
static unsigned int link_header(struct instance *in)
{
	struct ifreq ifr = { };

	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", in->c->device);
	if (ioctl(in->sock, SIOCGIFHWADDR, &ifr))
		die("%s: %s", in->c->device, strerror(errno));
	return ifr.ifr_hwaddr.sa_family == ARPHRD_ETHER ? ETH_HLEN : 0;
}

static void gso_open(struct instance *in)
{
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = if_nametoindex(in->c->device),
	};
	int one = 1, room = 64 << 20;

	in->sock = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (in->sock < 0 ||
	    setsockopt(in->sock, SOL_PACKET, PACKET_VNET_HDR, &one,
		       sizeof(one)) ||
	    setsockopt(in->sock, SOL_SOCKET, SO_SNDBUFFORCE, &room,
		       sizeof(room)) ||
	    bind(in->sock, (void *)&ll, sizeof(ll)))
		die("packet socket: %s", strerror(errno));
	in->link = link_header(in);
}

void source_open(struct instance *in)
{
	if (in->size == SIZE_GSO)
		gso_open(in);
	else
		udp_open(in);
}

static void gso_send(struct instance *in, unsigned int n)
{
	static uint8_t packet[SIZE_GSO];
	struct ethhdr eth = { .h_proto = htons(ETH_P_IP) };
	struct virtio_net_hdr hdr;
	struct iovec iov[] = {
		{ &hdr, sizeof(hdr) }, { &eth, in->link },
		{ packet, sizeof(packet) },
	};
	ssize_t len = sizeof(hdr) + in->link + sizeof(packet);

	if (!packet[0])
		packet_fill(packet, sizeof(packet));
	packet_header(&hdr, in->size);
	hdr.hdr_len += in->link;
	hdr.csum_start += in->link;
	while (n--)
		if (writev(in->sock, iov, 3) != len)
			die("packet socket: %s", strerror(errno));
}

void source_send(struct instance *in, unsigned int n)
{
	size_t len = in->per_send * (in->size - HEADERS);

	if (in->size == SIZE_GSO) {
		gso_send(in, n);
		return;
	}
	for (; n; n -= in->per_send)
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

static void udp_fill(struct udphdr *udp, unsigned int size)
{
	udp->source = htons(PORT);
	udp->dest = htons(PORT);
	udp->len = htons(size);
}

static void tcp_fill(struct tcphdr *tcp)
{
	tcp->source = htons(PORT);
	tcp->dest = htons(PORT);
	tcp->doff = sizeof(*tcp) / 4;
	tcp->ack = 1;
}

/* A packet from the peer; a UDP checksum of 0 is none. */
void packet_fill(void *buf, unsigned int size)
{
	struct iphdr *ip = buf;

	memset(buf, 0, size);
	ip->version = 4;
	ip->ihl = 5;
	ip->ttl = 64;
	ip->protocol = size == SIZE_GSO ? IPPROTO_TCP : IPPROTO_UDP;
	ip->tot_len = htons(size);
	ip->saddr = inet_addr(NET_PEER);
	ip->daddr = inet_addr(NET_LOCAL);
	ip->check = ip_checksum(ip, sizeof(*ip));
	if (size == SIZE_GSO)
		tcp_fill((void *)(ip + 1));
	else
		udp_fill((void *)(ip + 1), size - sizeof(*ip));
}

/* The header that describes packet_fill()'s packet. */
void packet_header(struct virtio_net_hdr *hdr, unsigned int size)
{
	memset(hdr, 0, sizeof(*hdr));
	if (size != SIZE_GSO)
		return;
	hdr->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	hdr->gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
	hdr->hdr_len = sizeof(struct iphdr) + sizeof(struct tcphdr);
	hdr->gso_size = MSS;
	hdr->csum_start = sizeof(struct iphdr);
	hdr->csum_offset = offsetof(struct tcphdr, check);
}
