/* SPDX-License-Identifier: GPL-2.0 */
/* The loops that the user of a ring and the kernel run around the engine. */
#ifndef _HOST_LOOPS_H
#define _HOST_LOOPS_H

#include "rig.h"

/**
 * struct loops - what they share, and what they shall do
 * @rig: the ring
 * @c: the device's scratch
 * @event_idx: notify by index, else by flags
 * @start: of the indices
 * @packets: to be moved
 * @burst: of them, at a time
 * @done: moved so far
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
