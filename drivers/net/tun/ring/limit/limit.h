/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Limits of one user: threads, memory of rings, busy polling.
 *
 * A capability lifts a limit only in the initial user namespace: each user has
 * all capabilities in a user namespace of their own.
 */
#ifndef _TUN_RING_LIMIT_LIMIT_H
#define _TUN_RING_LIMIT_LIMIT_H

#include <linux/types.h>

struct tun_ring_limit;
struct tun_ring_charge;

struct tun_ring_limit *tun_ring_limit_thread(void);
void tun_ring_limit_thread_end(struct tun_ring_limit *user);
bool tun_ring_limit_is_stuck(struct tun_ring_limit *user);
void tun_ring_limit_stuck(struct tun_ring_limit *user, bool stuck);

struct tun_ring_charge *tun_ring_limit_charge(unsigned long pages);
void tun_ring_limit_charge_get(struct tun_ring_charge *charge);
void tun_ring_limit_charge_put(struct tun_ring_charge *charge);

u32 tun_ring_limit_poll_us(u32 us);

#endif /* _TUN_RING_LIMIT_LIMIT_H */
