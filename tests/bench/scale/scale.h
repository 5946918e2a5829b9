/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Many tuns in one process, as in a server that gives a tun to each peer: the cost
 * of each tun, and the cost of a packet when there are many tuns.
 */
#ifndef TUN_BENCH_SCALE_H
#define TUN_BENCH_SCALE_H

#include "../bench.h"
#include "../ring.h"

#define SIZE		64	/* bytes of the IP packet */

struct tun {
	int fd, sock;
	uint32_t packets;	/* taken, all told */
	struct ring ring;
};

/*
 * One way to have tuns. rings() makes what a packet needs beyond the device,
 * take() takes all packets that are there and returns their number.
 */
struct kind {
	const char *name;
	bool devices;		/* they are tuns; else dummies, and nobody takes */
	const char *(*rings)(struct tun *t);
	unsigned int (*take)(struct tun *t);
	void (*close)(struct tun *t);
};

extern const struct kind kinds[];	/* ends without a name */
extern unsigned int ring_entries, ring_buf;

/* ---- link.c ---- */
void link_limits(void);
void link_dummies(unsigned int n);
void link_gone(unsigned int first, unsigned int n);
void link_address(void);
int link_tun(unsigned int i);
void link_up(unsigned int i);
int link_source(unsigned int i);
void link_send(struct tun *t, unsigned int n);

/* ---- memory.c ---- */
int64_t memory_free(void);

#endif
