/* SPDX-License-Identifier: GPL-2.0 */
/* One device, random packets for it, and the packets at the other end. */
#ifndef TUN_COMPARE_CASE_H
#define TUN_COMPARE_CASE_H

#include "tring.h"

struct rig {
	bool rings;
	bool tap;
	struct mode m;
	int fd, sk;
	struct tring ring;
};

/* The line of one case. */
struct text {
	char line[16384];
	size_t len;
};

/* One packet that came out. */
struct seen {
	struct tun_pi pi;
	struct virtio_net_hdr vh;
	int err;		/* instead of a packet */
	size_t len;
	uint8_t packet[2 * BIG];
};

/* ---- rig.c ---- */
int rig_open(struct rig *r);

/* ---- random.c: packets and headers ---- */
void case_seed(uint64_t seed);
uint32_t random_below(uint32_t n);
size_t case_write(const struct rig *r, uint8_t *buf);
size_t case_send(const struct rig *r, uint8_t *pkt, struct virtio_net_hdr *vh);

/* ---- seen.c ---- */
void text_start(struct text *t, unsigned int number);
void text_add(struct text *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool seen_on_socket(const struct rig *r, struct seen *s);
void seen_in_buffer(const struct rig *r, const uint8_t *buf, size_t len,
		    struct seen *s);
bool seen_is(const struct seen *s, const void *pkt, size_t len);
void seen_print(const struct seen *s, struct text *t);

#endif
