// SPDX-License-Identifier: GPL-2.0
/*
 * Numbered packets: an IPv4 header, the number, and a pattern derived from the
 * number. The protocol is one for experiments, which no part of the stack
 * answers.
 */
#include <netinet/ip.h>

#include "env.h"

#define IPPROTO_EXPERIMENT	253

static uint8_t pattern(uint32_t seq, size_t i)
{
	return seq * 31 + i;
}

/* len includes the IP header. Returns the length with the link-layer header. */
size_t seq_pkt(void *buf, bool tap, uint32_t seq, size_t len)
{
	size_t l2 = tap ? pkt_eth(buf, mac_b, mac_a, ETH_P_IP) : 0, i;
	uint8_t *p = (uint8_t *)buf + l2;
	struct iphdr ip = {
		.version = 4, .ihl = 5, .ttl = 64,
		.protocol = IPPROTO_EXPERIMENT, .tot_len = htons(len),
		.saddr = inet_addr("10.9.0.2"), .daddr = inet_addr("10.9.0.7"),
	};

	ip.check = pkt_csum(&ip, sizeof(ip), 0);
	memcpy(p, &ip, sizeof(ip));
	memcpy(p + sizeof(ip), &seq, sizeof(seq));
	for (i = SEQ_MIN; i < len; i++)
		p[i] = pattern(seq, i);
	return l2 + len;
}

/* Returns the number of a complete and unchanged packet, else -EBADMSG. */
int64_t seq_of(const void *buf, size_t len, bool tap)
{
	size_t l2 = tap ? ETH_HLEN : 0, i;
	const uint8_t *p = (const uint8_t *)buf + l2;
	struct iphdr ip;
	uint32_t seq;

	if (len < l2 + SEQ_MIN)
		return -EBADMSG;
	memcpy(&ip, p, sizeof(ip));
	memcpy(&seq, p + sizeof(ip), sizeof(seq));
	if (ip.protocol != IPPROTO_EXPERIMENT || ntohs(ip.tot_len) != len - l2)
		return -EBADMSG;
	for (i = SEQ_MIN; i < len - l2; i++)
		if (p[i] != pattern(seq, i))
			return -EBADMSG;
	return seq;
}
