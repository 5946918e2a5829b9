/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_PREFIX_H
#define TR_PREFIX_H

#include "../handle/handle.h"

struct tr_prefix {
	uint8_t		bytes[4 + 64];	/* tun_pi, virtio_net_hdr */
	uint32_t	len;
};

uint32_t tr_prefix_len(const struct tunring *h);
void tr_prefix_decode(const struct tunring *h, const struct tr_prefix *p,
		      const uint8_t *data, uint32_t len,
		      struct tun_ring_meta *m);
void tr_prefix_encode(const struct tunring *h, const struct tun_ring_meta *m,
		      const uint8_t *data, uint32_t len, struct tr_prefix *p);

#endif /* TR_PREFIX_H */
