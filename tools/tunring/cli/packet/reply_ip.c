// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * Echo requests of IPv4 and IPv6 into replies. Swapping the addresses changes no
 * checksum, and the change of type is put into the ICMP checksum by arithmetic,
 * so the payload is never touched, however long. That holds for fragments too:
 * the first has the ICMP header, the others follow it back.
 */
#include "reply.h"

#include <string.h>

static void swap(uint8_t *a, uint8_t *b, size_t n)
{
	uint8_t t[16];

	memcpy(t, a, n);
	memcpy(a, b, n);
	memcpy(b, t, n);
}

/* RFC 1624: the 16-bit word at p changed from old to new. */
static void csum_update(uint8_t *csum, uint16_t old, uint16_t new)
{
	uint32_t sum = (uint16_t)~(csum[0] << 8 | csum[1]);

	sum += (uint16_t)~old + (uint32_t)new;
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~sum;
	csum[0] = (uint8_t)(sum >> 8);
	csum[1] = (uint8_t)sum;
}

static bool icmp_turn(uint8_t *icmp, uint32_t len, uint8_t request,
		      uint8_t reply)
{
	if (len < 8 || icmp[0] != request || icmp[1])
		return false;
	icmp[0] = reply;
	csum_update(icmp + 2, (uint16_t)(request << 8), (uint16_t)(reply << 8));
	return true;
}

static bool reply_v4(uint8_t *ip, uint32_t len, uint32_t total)
{
	uint32_t hlen = (ip[0] & 15U) * 4;
	bool first = !((ip[6] & 0x1f) | ip[7]);

	if (len < hlen || hlen < 20 || ip[9] != IPPROTO_ICMP ||
	    (uint32_t)(ip[2] << 8 | ip[3]) > total)
		return false;
	/* to all, to many; from nobody */
	if (ip[16] >= 224 || ip[12] == 0 || ip[12] >= 224)
		return false;
	if (first && !icmp_turn(ip + hlen, len - hlen, 8, 0))
		return false;
	swap(ip + 12, ip + 16, 4);
	return true;
}

static bool reply_v6(uint8_t *ip, uint32_t len)
{
	uint8_t next = ip[6];
	uint32_t at = 40;
	bool first = true;

	if (ip[8] == 0xff || ip[24] == 0xff)
		return false;
	if (next == IPPROTO_FRAGMENT) {
		if (len < at + 8)
			return false;
		next = ip[at];
		first = !(ip[at + 2] | (ip[at + 3] & 0xf8));
		at += 8;
	}
	if (next != IPPROTO_ICMPV6)
		return false;
	if (first && !icmp_turn(ip + at, len - at, 128, 129))
		return false;
	swap(ip + 8, ip + 24, 16);
	return true;
}

bool reply_ip(uint8_t *ip, uint32_t len, uint32_t total)
{
	if (len >= 20 && ip[0] >> 4 == 4)
		return reply_v4(ip, len, total);
	if (len >= 40 && ip[0] >> 4 == 6)
		return reply_v6(ip, len);
	return false;
}
