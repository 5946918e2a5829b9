/* SPDX-License-Identifier: GPL-2.0 */
/* The loops that the ring's user and the kernel run around the engine. */
#ifndef _HOST_LOOPS_H
#define _HOST_LOOPS_H

#include "rig.h"

/**
 * struct loops - shared state of the loops, and their parameters
 * @rig: the ring
 * @c: scratch space of the device
 * @event_idx: the sides notify by event index, else by flags
 * @start: first value of the indices
 * @packets: number of packets to move
 * @burst: packets for each notification
 * @done: number of packets moved so far
 */
struct loops {
	struct rig *rig;
	struct tun_vring_chain c;
	bool event_idx;
	u16 start;
	unsigned int packets;
	unsigned int burst;
	unsigned int done;
};

extern struct loops w;

void loop_set_up(void);
void loop_set_up_popped(void);
void loop_clean_up(void);
bool loop_all_done(void);

void loop_driver_offers(void);
void loop_driver_takes(void);
void loop_driver_ping(void);
void loop_device_takes(void);
void loop_device_takes_pairs(void);
void loop_device_uses(void);
void loop_device_pong(void);

#endif /* _HOST_LOOPS_H */
