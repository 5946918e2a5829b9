/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TUNSETSNDBUF: how many bytes of a transmit ring the stack may hold.
 *
 * Without a limit, which is the default, packets of a ring have no owner. With
 * a limit the queue's socket owns the packets, as it owns packets of write(),
 * until the stack frees or orphans them. At the limit the server takes no more
 * entries and leaves kicks disabled. tun_ring_kick_space() runs the server
 * again. Barriers:
 *
 *	server					packet is freed
 *	wait_space = true			lower sk_wmem_alloc
 *	H  full barrier				full barrier		I
 *	   load sk_wmem_alloc			load wait_space
 *
 * H matches I: either the server sees the space, or the server runs again.
 */
#ifndef _TUN_RING_TX_SNDBUF_H
#define _TUN_RING_TX_SNDBUF_H

#include <net/sock.h>

#include "../../tun.h"
#include "../state.h"

/*
 * Each freed packet counts as one byte until its destructor ends. The smallest
 * limit is larger than the sum of these bytes.
 */
static inline int tun_ring_tx_limit(const struct tun_ring *ring)
{
	return max_t(int, READ_ONCE(ring->q->sk.sk_sndbuf), SOCK_MIN_SNDBUF);
}

static inline bool tun_ring_tx_limited(const struct tun_ring *ring)
{
	return unlikely(READ_ONCE(ring->q->sk.sk_sndbuf) != INT_MAX);
}

/* Does the stack hold as many bytes as the limit allows? */
static inline bool tun_ring_tx_limit_reached(const struct tun_ring *ring)
{
	return sk_wmem_alloc_get(&ring->q->sk) >= tun_ring_tx_limit(ring);
}

/* Is half of the limit free? */
static inline bool tun_ring_tx_has_space(const struct tun_ring *ring)
{
	return sk_wmem_alloc_get(&ring->q->sk) <= tun_ring_tx_limit(ring) / 2;
}

/* Return: false if the server need not wait for tun_ring_kick_space(). */
static inline bool tun_ring_tx_wait_space(struct tun_ring *ring)
{
	WRITE_ONCE(ring->tx.wait_space, true);
	/* H: store the flag before the load of sk_wmem_alloc; matches I */
	smp_mb();
	if (!tun_ring_tx_has_space(ring))
		return true;
	WRITE_ONCE(ring->tx.wait_space, false);
	return false;
}

/* The queue's socket owns a packet that the server gives to the stack. */
static inline void tun_ring_tx_own(struct tun_ring *ring, struct sk_buff *skb)
{
	skb_set_owner_w(skb, &ring->q->sk);
	/* GRO must not lose the owner */
	skb_prepare_for_gro(skb);
}

#endif /* _TUN_RING_TX_SNDBUF_H */
