// SPDX-License-Identifier: GPL-2.0
/* Random packets and headers, most of them nearly right. */
#include "case.h"

static uint64_t state;

void case_seed(uint64_t seed)
{
	state = seed;
}

/* splitmix64 */
uint32_t random_below(uint32_t n)
{
	uint64_t z = state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return (z >> 32) % n;
}

static bool one_in(uint32_t n)
{
	return !random_below(n);
}

/* Changes some bytes of a header. */
static void spoil(void *p, size_t len)
{
	static const uint8_t odd[] = { 0, 1, 2, 4, 0x3f, 0x40, 0x7f, 0x80, 0xff };
	unsigned int n = 1 + random_below(4);

	while (n--)
		((uint8_t *)p)[random_below(len)] =
			one_in(2) ? odd[random_below(ARRAY_LEN(odd))]
				  : random_below(256);
}

static void put_tag(uint8_t *pkt, size_t *len)
{
	static const uint8_t tag[] = { 0x81, 0, 0, 42 };

	memmove(pkt + 16, pkt + 12, *len - 12);
	memcpy(pkt + 12, tag, sizeof(tag));
	*len += sizeof(tag);
}

/* A packet and the header that belongs to it. */
static size_t packet(const struct rig *r, uint8_t *pkt,
		     struct virtio_net_hdr *vh)
{
	struct flow f = {
		.sport = 1 + random_below(60000), .dport = 1 + random_below(60000),
		.proto = one_in(2) ? IPPROTO_TCP : IPPROTO_UDP, .v6 = one_in(3),
		.seq = random_below(1000000),
	};
	size_t l2 = r->tap ? ETH_HLEN : 0, len;
	unsigned int kind = random_below(4);
	bool gso = kind == 0 && f.proto == IPPROTO_TCP;

	len = pkt_any(pkt, r->tap, &f, random_below(gso ? 60000 : 1400));
	memset(vh, 0, sizeof(*vh));
	if (gso) {
		pkt_partial(pkt + l2);
		*vh = vh_gso(pkt + l2, l2, 600 + random_below(900));
	} else if (kind == 1) {
		pkt_partial(pkt + l2);
		*vh = vh_csum(pkt + l2, l2);
	}
	if (one_in(4))
		vh->hdr_len = random_below(200);
	if (one_in(6))
		spoil(vh, sizeof(*vh));
	if (one_in(6))
		spoil(pkt, len < 60 ? len : 60);
	if (r->tap && one_in(12))
		put_tag(pkt, &len);
	return len;
}

/* A packet for write(), with headers. Returns the length with headers. */
size_t case_write(const struct rig *r, uint8_t *buf)
{
	static const int protos[] = { ETH_P_IP, ETH_P_IPV6, 0, ETH_P_ARP };
	size_t pre = mode_prefix(&r->m), len;
	static uint8_t pkt[BIG];
	struct virtio_net_hdr vh;

	len = packet(r, pkt, &vh);
	mode_put(&r->m, buf, protos[random_below(ARRAY_LEN(protos))], &vh);
	memcpy(buf + pre, pkt, len);
	len += pre;
	if (one_in(16))
		len = 1 + random_below(len < 80 ? len : 80);
	return len;
}

/* A packet for the stack to send. Returns its length. */
size_t case_send(const struct rig *r, uint8_t *pkt, struct virtio_net_hdr *vh)
{
	return packet(r, pkt, vh);
}
