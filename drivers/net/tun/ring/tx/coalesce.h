/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kicks of a guest in pinned memory, coalesced by a thread.
 */
#ifndef _TUN_RING_COALESCE_H
#define _TUN_RING_COALESCE_H

#include <linux/sched.h>
#include <linux/types.h>

#include "../thread.h"

struct tun_ring;

/**
 * struct tun_ring_coalesce - a thread that looks once more after a kick
 * @task: the thread, or NULL: each kick is asked for at once
 * @due: its work, one bit
 * @looks: the thread has had its turn, and the NAPI did not come to that yet
 * @pending: kicks are declined until the thread has had its turn
 * @since: where the NAPI was in the ring when it left the rest to the thread
 * @left: times still to come that the ring is emptied and the thread not woken
 * @skip: how many these were since it last found nothing; 0 it found something
 *
 * From @pending on the tx NAPI's.
 */
struct tun_ring_coalesce {
	struct task_struct *task;
	struct tun_due due;
	bool looks;
	bool pending;
	u16 since;
	u8 left;
	u8 skip;
};

int tun_ring_coalesce_start(struct tun_ring *ring);
void tun_ring_coalesce_end(struct tun_ring *ring);
bool tun_ring_coalesces(struct tun_ring *ring, int done);

#endif /* _TUN_RING_COALESCE_H */
