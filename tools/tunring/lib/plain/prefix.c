// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * The headers that a plain fd puts in front of packets (struct tun_pi, struct
 * virtio_net_hdr) from and to metadata records.
 */
#include "prefix.h"

#include <arpa/inet.h>
#include <endian.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <string.h>

_Static_assert(offsetof(struct tun_ring_meta, num_buffers) == 10,
	       "a record begins with a virtio_net_hdr_v1");

uint32_t tr_prefix_len(const struct tunring *h)
{
	return (h->has_pi ? sizeof(struct tun_pi) : 0) + h->vnet_size;
}

/* Turn the header's fields round between a big-endian fd and a record. */
static void tr_prefix_swap(uint8_t *hdr, uint32_t len)
{
	uint32_t i;
	uint8_t t;

	for (i = 2; i + 1 < len; i += 2) {
		t = hdr[i];
		hdr[i] = hdr[i + 1];
		hdr[i + 1] = t;
	}
}

static uint16_t tr_prefix_guess_protocol(const struct tunring *h,
					 const uint8_t *data, uint32_t len)
{
	if (h->tap)
		return len >= ETH_HLEN ?
		       (uint16_t)(data[12] << 8 | data[13]) : 0;
	switch (len ? data[0] >> 4 : 0) {
	case 4:
		return ETH_P_IP;
	case 6:
		return ETH_P_IPV6;
	}
	return 0;
}

void tr_prefix_decode(const struct tunring *h, const struct tr_prefix *p,
		      const uint8_t *data, uint32_t len,
		      struct tun_ring_meta *m)
{
	const uint8_t *at = p->bytes;
	struct tun_pi pi;

	memset(m, 0, sizeof(*m));
	m->protocol = htons(tr_prefix_guess_protocol(h, data, len));
	if (h->has_pi) {
		memcpy(&pi, at, sizeof(pi));
		at += sizeof(pi);
		if (!h->tap)
			m->protocol = pi.proto;
	}
	if (h->vnet_size) {
		memcpy(m, at, 10);
		if (h->vnet_big)
			tr_prefix_swap((uint8_t *)m, 10);
	}
	m->num_buffers = htole16(1);
}

void tr_prefix_encode(const struct tunring *h, const struct tun_ring_meta *m,
		      const uint8_t *data, uint32_t len, struct tr_prefix *p)
{
	uint8_t *at = p->bytes;
	struct tun_pi pi;

	p->len = tr_prefix_len(h);
	memset(p->bytes, 0, p->len);
	if (h->has_pi) {
		pi.flags = 0;
		pi.proto = m->protocol;
		if (!pi.proto)
			pi.proto = htons(tr_prefix_guess_protocol(h, data, len));
		memcpy(at, &pi, sizeof(pi));
		at += sizeof(pi);
	}
	if (h->vnet_size) {
		memcpy(at, m, 10);
		if (h->vnet_big)
			tr_prefix_swap(at, 10);
	}
}
