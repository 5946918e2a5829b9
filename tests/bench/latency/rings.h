/* SPDX-License-Identifier: GPL-2.0 */
/* A pair of rings of any kind, for a user that turns packets round. */
#ifndef TUN_BENCH_RINGS_H
#define TUN_BENCH_RINGS_H

#include "latency.h"

#define BUF	2048	/* bytes of a buffer */
#define BATCH	8	/* packets turned round before the kernel is told */

struct rings {
	struct ring_vq *rx, *tx;
	uint8_t *rx_buf, *tx_buf;	/* of the first entry */
	uintptr_t base;		/* address 0 of descriptors */
	unsigned int hdr;	/* bytes in front, or 0: records beside */
	unsigned int link;	/* bytes of the link's header */
	void (*kick)(unsigned int which);	/* TUN_RING_ENTER_RX, TX */
	void (*tx_wait)(void);	/* until the kernel has sent something */
};

static inline bool rings_empty(const struct rings *r)
{
	return vq_used(r->rx) == r->rx->taken;
}

unsigned int rings_turn(struct rings *r, unsigned int most);
void rings_epoll_run(struct rings *r, const bool *stop);

#endif
