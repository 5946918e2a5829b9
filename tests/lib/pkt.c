// SPDX-License-Identifier: GPL-2.0
/* Builds packets with correct checksums and checks received packets. */
#include <netinet/ip.h>
#include <netinet/ip6.h>
#define __FAVOR_BSD
#include <netinet/tcp.h>
#include <netinet/udp.h>

#include "lib.h"

const uint8_t mac_a[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 0x0a };
const uint8_t mac_b[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 0x0b };

static uint32_t add16(const void *buf, size_t len, uint32_t sum)
{
	const uint8_t *p = buf;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += p[i] << 8 | p[i + 1];
	if (len & 1)
		sum += p[len - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* The Internet checksum in network order. */
uint16_t pkt_csum(const void *buf, size_t len, uint32_t sum)
{
	return htons(~add16(buf, len, sum));
}

static bool is_v6(const void *ip)
{
	return *(const uint8_t *)ip >> 4 == 6;
}

static uint8_t l4_proto(const void *ip)
{
	return is_v6(ip) ? ((const struct ip6_hdr *)ip)->ip6_nxt :
			   ((const struct iphdr *)ip)->protocol;
}

size_t pkt_l4_off(const void *ip)
{
	return is_v6(ip) ? sizeof(struct ip6_hdr) : sizeof(struct iphdr);
}

size_t pkt_hdr_len(const void *ip)
{
	return pkt_l4_off(ip) + (l4_proto(ip) == IPPROTO_TCP ? 20 : 8);
}

static size_t csum_off(const void *ip)
{
	return l4_proto(ip) == IPPROTO_TCP ? 16 : 6;
}

static uint32_t pseudo_sum(const void *ip, size_t l4len)
{
	const struct iphdr *v4 = ip;
	const struct ip6_hdr *v6 = ip;
	uint32_t sum = l4_proto(ip) + l4len;

	return is_v6(ip) ? add16(&v6->ip6_src, 32, sum) :
			   add16(&v4->saddr, 8, sum);
}

size_t pkt_eth(void *buf, const uint8_t *dst, const uint8_t *src, int proto)
{
	struct ethhdr *eh = buf;

	memcpy(eh->h_dest, dst, ETH_ALEN);
	memcpy(eh->h_source, src, ETH_ALEN);
	eh->h_proto = htons(proto);
	return sizeof(*eh);
}

static void put_v4(void *buf, size_t len, int proto)
{
	struct iphdr ip = {
		.version = 4, .ihl = 5, .ttl = 64, .protocol = proto,
		.tot_len = htons(len), .frag_off = htons(IP_DF),
		.saddr = inet_addr("10.9.0.2"), .daddr = inet_addr("10.9.0.1"),
	};

	ip.check = pkt_csum(&ip, sizeof(ip), 0);
	memcpy(buf, &ip, sizeof(ip));
}

static void put_v6(void *buf, size_t l4len, int proto)
{
	struct ip6_hdr ip = { };

	ip.ip6_vfc = 0x60;
	ip.ip6_plen = htons(l4len);
	ip.ip6_nxt = proto;
	ip.ip6_hlim = 64;
	inet_pton(AF_INET6, "fd09::2", &ip.ip6_src);
	inet_pton(AF_INET6, "fd09::1", &ip.ip6_dst);
	memcpy(buf, &ip, sizeof(ip));
}

/* From 10.9.0.2 to 10.9.0.1, or fd09::2 to fd09::1. The payload is a pattern. */
size_t pkt_ip(void *buf, const struct flow *f, size_t payload)
{
	bool tcp = f->proto == IPPROTO_TCP;
	size_t l4len = payload + (tcp ? 20 : 8);
	size_t off = f->v6 ? 40 : 20, i;
	uint8_t *l4 = (uint8_t *)buf + off;
	uint16_t sum;

	if (f->v6)
		put_v6(buf, l4len, tcp ? IPPROTO_TCP : IPPROTO_UDP);
	else
		put_v4(buf, off + l4len, tcp ? IPPROTO_TCP : IPPROTO_UDP);
	memset(l4, 0, 20);
	if (tcp) {
		struct tcphdr th = {
			.th_sport = htons(f->sport), .th_dport = htons(f->dport),
			.th_seq = htonl(f->seq), .th_ack = htonl(1), .th_off = 5,
			.th_flags = f->tcp_flags ? f->tcp_flags : TH_ACK,
			.th_win = htons(1000),
		};

		memcpy(l4, &th, sizeof(th));
	} else {
		struct udphdr uh = { };

		uh.uh_sport = htons(f->sport);
		uh.uh_dport = htons(f->dport);
		uh.uh_ulen = htons(l4len);
		memcpy(l4, &uh, sizeof(uh));
	}
	for (i = 0; i < payload; i++)
		l4[l4len - payload + i] = (i + f->seq) * 7 + 1;
	sum = pkt_csum(l4, l4len, pseudo_sum(buf, l4len));
	memcpy(l4 + csum_off(buf), &sum, 2);
	return off + l4len;
}

size_t pkt_frame(void *buf, const struct flow *f, size_t payload)
{
	size_t n = pkt_eth(buf, mac_b, mac_a, f->v6 ? ETH_P_IPV6 : ETH_P_IP);

	return n + pkt_ip((char *)buf + n, f, payload);
}

size_t pkt_any(void *buf, bool tap, const struct flow *f, size_t payload)
{
	return tap ? pkt_frame(buf, f, payload) : pkt_ip(buf, f, payload);
}

/* Writes the checksum of the pseudo header, as a sender with offload does. */
void pkt_partial(void *ip)
{
	const struct iphdr *v4 = ip;
	const struct ip6_hdr *v6 = ip;
	size_t off = pkt_l4_off(ip);
	size_t l4len = is_v6(ip) ? ntohs(v6->ip6_plen) : ntohs(v4->tot_len) - off;
	uint16_t sum = htons(pseudo_sum(ip, l4len));

	memcpy((char *)ip + off + csum_off(ip), &sum, 2);
}

bool pkt_ip_ok(const void *ip, size_t len)
{
	const struct iphdr *v4 = ip;
	const struct ip6_hdr *v6 = ip;

	if (is_v6(ip))
		return ntohs(v6->ip6_plen) + sizeof(*v6) == len;
	return ntohs(v4->tot_len) == len && !pkt_csum(v4, sizeof(*v4), 0);
}

bool pkt_l4_ok(const void *ip, size_t len)
{
	size_t off = pkt_l4_off(ip), l4len = len - off;

	return !pkt_csum((char *)ip + off, l4len, pseudo_sum(ip, l4len));
}

struct virtio_net_hdr vh_csum(const void *ip, size_t l2)
{
	return (struct virtio_net_hdr) {
		.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.csum_start = l2 + pkt_l4_off(ip),
		.csum_offset = csum_off(ip),
	};
}

struct virtio_net_hdr vh_gso(const void *ip, size_t l2, int gso_size)
{
	struct virtio_net_hdr vh = vh_csum(ip, l2);

	vh.hdr_len = l2 + pkt_hdr_len(ip);
	vh.gso_size = gso_size;
	if (l4_proto(ip) == IPPROTO_UDP)
		vh.gso_type = VIRTIO_NET_HDR_GSO_UDP;
	else
		vh.gso_type = is_v6(ip) ? VIRTIO_NET_HDR_GSO_TCPV6 :
					  VIRTIO_NET_HDR_GSO_TCPV4;
	return vh;
}
