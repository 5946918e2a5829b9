/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_LAYOUT_H
#define TR_LAYOUT_H

#include <linux/if_tun_ring.h>
#include <stdint.h>

struct tunring_layout;

/*
 * A later version may append fields, in which 0 means what an earlier version does:
 * libraries of both can import each other's layouts. If old fields change their
 * meaning, oldest becomes the version that changes them.
 */
struct tr_layout {
	uint64_t		magic;
	uint64_t		sum;		/* of all that follows */
	uint32_t		size;		/* bytes of this version, sum included */
	uint16_t		version;
	uint16_t		oldest;
	uint64_t		features;
	uint32_t		mode;
	uint32_t		opt_flags;
	uint32_t		buf_size;
	uint32_t		headroom;
	uint32_t		tailroom;
	uint32_t		rx_entries;
	uint32_t		tx_entries;
	uint16_t		rx_idx;		/* used entries taken */
	uint16_t		tx_idx;
	uint16_t		rx_avail;	/* available entries */
	uint16_t		tx_avail;
	uint32_t		reserved;
	struct tun_ring_setup	setup;
	uint32_t		tx_buf_size;	/* 0: buf_size */
	uint32_t		pooled;		/* packets lie in a pool */
};

void tr_layout_seal(struct tr_layout *l, struct tunring_layout *layout);
int tr_layout_open(const struct tunring_layout *layout, struct tr_layout *l);

#endif /* TR_LAYOUT_H */
