/* SPDX-License-Identifier: GPL-2.0 */
/* An input of the fuzzer describes a ring and a sequence of steps on the ring. */
#ifndef _FUZZ_FUZZ_H
#define _FUZZ_FUZZ_H

#include "input.h"
#include "rig.h"

#define HAND		256

struct fuzz {
	struct rig *rig;
	struct input in;
	bool write;
	u16 hand[HAND];		/* heads that the device has popped and not pushed */
	u32 nhand;
	struct tun_vring_chain c;
};

/* writes.c: steps of the driver */
void do_desc(struct fuzz *f);
void do_table(struct fuzz *f);
void do_write(struct fuzz *f);
void do_plan(struct fuzz *f);
void do_offer(struct fuzz *f);
void do_avail_idx(struct fuzz *f);

#endif /* _FUZZ_FUZZ_H */
