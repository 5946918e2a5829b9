/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rings and buffers in memory of our own. They fill in the same struct tring as
 * mapped ones, so that all that works on these works on those: the pool is a
 * region that begins at address 0, and tr_unmap() unmaps what is ours.
 */
#ifndef TUN_RING_ATTACH_H
#define TUN_RING_ATTACH_H

#include "tring.h"

struct aconf {
	struct tconf c;
	bool pin;
	bool odd;	/* every part aligned as little as is allowed */
	int rx_kick, rx_call, tx_kick, tx_call;	/* eventfds, 0: none */
};

/* ---- attach.c ---- */
uint8_t *at_mem(size_t len);
int at_alloc(struct tring *r, const struct aconf *c);
struct tun_ring_region at_region(const struct tring *r);
int at_regions(int fd, const struct tun_ring_region *v, unsigned int n,
	       uint32_t flags);
int at_pool(const struct tring *r, int fd, bool pin);
int at_share(int fd, int with);
struct tun_ring_attach at_params(const struct tring *r, const struct aconf *c);
int at_raw(int fd, const struct tun_ring_attach *a);
int at_again(struct tring *r, int fd, const struct aconf *c);
int at_attach(struct tring *r, int fd, const struct aconf *c);
int at_setup(struct tring *r, int fd, const struct tconf *c);
long at_status_kb(const char *field);

#endif
