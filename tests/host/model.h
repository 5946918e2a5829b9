/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What both ends of a ring should know, in numbers that never wrap, beside the
 * ring itself. A random step is done on both; they must agree.
 */
#ifndef _HOST_MODEL_H
#define _HOST_MODEL_H

#include "random.h"
#include "rig.h"

#define MODEL_MAX_NUM	256
#define MODEL_MAX_BUFS	TUN_VRING_MAX_CHAIN
/* Bytes of an indirect table: any alignment, one for each descriptor. */
#define MODEL_TABLE	(VIRTQ_DESC * (MODEL_MAX_BUFS + 1))

struct model_chain {
	int head;
	u32 cookie;
	u32 used_len;
	u32 n;
	struct virtq_buf buf[MODEL_MAX_BUFS];
};

/**
 * struct model - the numbers
 * @rig: the ring
 * @rnd: where the steps come from
 * @device_writes: the ring's direction
 * @added: chains placed by the driver; each number from here on counts chains
 * @offered: in the available index
 * @seen: of them, when the device looked last
 * @popped: by the device
 * @pushed: to the used ring
 * @published: in the used index
 * @signalled: at the last decision to notify
 * @taken: by the driver
 * @kicked: at the last decision to kick
 * @want_used: used_event, as a number that does not wrap
 * @want_avail: avail_event, likewise
 * @no_interrupt: flags of the available ring
 * @no_notify: flags of the used ring
 * @queue: chains by the order in which they were added
 * @used: chains by the order in which they were pushed
 * @hand: popped and not pushed, in any order
 * @nhand: elements of it
 * @what: the step, for the message
 */
struct model {
	struct rig *rig;
	struct prng rnd;
	bool device_writes;
	u64 added, offered, seen, popped, pushed, published, signalled, taken;
	u64 kicked, want_used, want_avail;
	bool no_interrupt, no_notify;
	struct model_chain queue[MODEL_MAX_NUM];
	struct model_chain used[MODEL_MAX_NUM];
	struct model_chain hand[MODEL_MAX_NUM];
	u32 nhand;
	const char *what;
};

/* What went wrong, or NULL. */
const char *model_step(struct model *m);

#endif /* _HOST_MODEL_H */
