/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rings and buffers in memory of the test's own. attach_alloc() fills in the
 * same struct tring as tring_setup(), so that all functions for mapped rings
 * work on attached rings, too. The pool is a region that begins at address 0.
 * tring_unmap() unmaps the memory.
 */
#ifndef TUN_TESTS_ATTACH_H
#define TUN_TESTS_ATTACH_H

#include "tring.h"

struct aconf {
	struct tconf c;
	bool pin;
	bool odd;	/* least alignment for each part */
	int rx_kick, rx_call, tx_kick, tx_call;	/* eventfds, 0: none */
};

/* Rings of TUNRINGATTACH, or mapped rings whose pool is a region table. */
enum attach_kind { ATTACH_PINNED, ATTACH_UNPINNED, ATTACH_SETUP };

/* ---- attach.c ---- */
uint8_t *attach_mem(size_t len);
int attach_alloc(struct tring *r, const struct aconf *c);
struct tun_ring_region attach_region(const struct tring *r);
int attach_regions(int fd, const struct tun_ring_region *v, unsigned int n,
	       uint32_t flags);
int attach_pool(const struct tring *r, int fd, bool pin);
int attach_share(int fd, int with);
struct tun_ring_attach attach_params(const struct tring *r, const struct aconf *c);
int attach_raw(int fd, const struct tun_ring_attach *a);
int attach_again(struct tring *r, int fd, const struct aconf *c);
int attach_rings(struct tring *r, int fd, const struct aconf *c);
int attach_by_kind(struct tring *r, int fd, enum attach_kind kind,
		   const struct tconf *c);
int attach_mapped(struct tring *r, int fd, const struct tconf *c);

#endif
