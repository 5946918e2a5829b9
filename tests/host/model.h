/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A model of both ends of a ring, in numbers that never wrap. A random step runs on the
 * ring and on the model, and the results must agree.
 */
#ifndef _HOST_MODEL_H
#define _HOST_MODEL_H

#include "random.h"
#include "rig.h"

#define MODEL_MAX_NUM	256
#define MODEL_MAX_BUFS	TUN_VRING_MAX_CHAIN
/* Bytes of the indirect table that each descriptor has, including room for any alignment. */
#define MODEL_TABLE	(VIRTQ_DESC * (MODEL_MAX_BUFS + 1))

struct model_chain {
	int head;
	u32 cookie;
	u32 used_len;
	u32 n;
	struct virtq_buf buf[MODEL_MAX_BUFS];
};

/**
 * struct model - the state of both ends; counters count chains
 * @rig: the ring
 * @rnd: the random numbers that choose the steps
 * @device_writes: the ring's direction
 * @added: chains that the driver has placed
 * @offered: chains that the available index has announced
 * @seen: available index that the device has read last
 * @popped: chains that the device has popped
 * @pushed: chains that the device has written to the used ring
 * @published: chains that the used index has announced
 * @signalled: value of @pushed at the device's last decision to notify
 * @taken: used chains that the driver has taken
 * @kicked: value of @offered at the driver's last decision to kick
 * @want_used: used_event, as a number that does not wrap
 * @want_avail: avail_event, as a number that does not wrap
 * @no_interrupt: the driver has set the flag in the available ring
 * @no_notify: the device has set the flag in the used ring
 * @queue: chains in the order in which the driver added them
 * @used: chains in the order in which the device pushed them
 * @hand: chains that the device has popped and not pushed, in any order
 * @nhand: number of elements of @hand
 * @what: name of the current step, for messages
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

/* Do one random step. Return: NULL, or the condition that does not hold. */
const char *model_step(struct model *m);

#endif /* _HOST_MODEL_H */
