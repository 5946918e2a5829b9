/* SPDX-License-Identifier: GPL-2.0 */
/*
 * State of the rings of one queue, for the files of this folder.
 *
 * Who may do what:
 *
 *	rtnl		q->ring, life, NAPI on and off
 *	rx.lock		all of struct tun_ring_rx. Taken with bottom halves
 *			off: ndo_start_xmit runs in softirq context, and on
 *			several CPUs at once (NETIF_F_LLTX)
 *	tx NAPI		all of struct tun_ring_tx: whoever owns the NAPI
 *			instance, which is its poll, or teardown after
 *			napi_disable()
 *	RCU		q->ring in packet paths and system calls. Teardown
 *			clears it, then synchronize_net()
 *	ref		a system call that sleeps keeps the ring, not its queue
 *
 * Order: rtnl, then rx.lock, then the wait queue of the socket.
 */
#ifndef _TUN_RING_STATE_H
#define _TUN_RING_STATE_H

#include <linux/kref.h>
#include <linux/netdevice.h>
#include <linux/spinlock.h>
#include <linux/if_tun_ring.h>

#include "mem_mapped.h"

struct tun_dev;
struct tun_queue;

/**
 * enum tun_ring_life - whether packets can flow
 * @TUN_RING_LIVE: the queue is attached to a device
 * @TUN_RING_DETACHED: TUNSETQUEUE took the queue out of service
 * @TUN_RING_GONE: the device was unregistered
 */
enum tun_ring_life {
	TUN_RING_LIVE,
	TUN_RING_DETACHED,
	TUN_RING_GONE,
};

/**
 * struct tun_ring_backlog - packets that waited in the queue before the set-up
 * @ptrs: as in a ptr_ring: skbs and tagged xdp_frames
 * @next: the oldest
 * @end: one past the newest
 */
struct tun_ring_backlog {
	void **ptrs;
	u32 next;
	u32 end;
};

/**
 * struct tun_ring_rx - stack to user
 * @lock: everything here
 * @closed: the ring is being set up or torn down
 * @hold: packets may not enter: @closed, or @backlog goes first
 * @stopped: netdev queue @txq was stopped because the ring was full
 * @txq: see @stopped
 * @m: the ring
 * @meta: records, or NULL
 * @count: counters
 * @backlog: see there
 * @chain: scratch
 */
struct tun_ring_rx {
	spinlock_t lock;
	bool closed;
	bool hold;
	bool stopped;
	u16 txq;
	struct tun_vring_mapped m;
	struct tun_ring_meta *meta;
	struct tun_ring_counters count;
	struct tun_ring_backlog backlog;
	struct tun_vring_chain chain;
};

/**
 * struct tun_ring_tx - user to stack
 * @napi: owns everything here
 * @m: the ring
 * @meta: records, or NULL
 * @count: counters; kicks is @kicks
 * @kicks: times the user kicked, from any context
 * @chain: scratch
 */
struct tun_ring_tx {
	struct napi_struct napi;
	struct tun_vring_mapped m;
	const struct tun_ring_meta *meta;
	struct tun_ring_counters count;
	atomic64_t kicks;
	struct tun_vring_chain chain;
};

/**
 * struct tun_ring - the two rings of a queue
 * @q: the queue; valid while q->ring is this ring
 * @ref: the queue's, and one for each system call that sleeps
 * @life: written under rtnl
 * @broken: 0, or the errno with which the rings were stopped
 * @features: bit mask of TUN_RING_F_*
 * @rx_drop: TUN_RING_F_RX_DROP
 * @rx_tstamp: TUN_RING_F_RX_TSTAMP
 * @tx_mark: TUN_RING_F_TX_MARK
 * @mem: where the rings and the buffers lie
 * @rx: stack to user
 * @tx: user to stack
 */
struct tun_ring {
	struct tun_queue *q;
	struct kref ref;
	enum tun_ring_life life;
	int broken;
	u64 features;
	bool rx_drop;
	bool rx_tstamp;
	bool tx_mark;
	struct tun_mem_mapped mem;
	struct tun_ring_rx rx ____cacheline_aligned_in_smp;
	struct tun_ring_tx tx ____cacheline_aligned_in_smp;
};

static inline bool tun_ring_has(const struct tun_ring *ring, unsigned int bit)
{
	return ring->features & BIT_ULL(bit);
}

/* ring.c */
struct tun_ring *tun_ring_get(struct tun_queue *q);
void tun_ring_put(struct tun_ring *ring);
long tun_ring_setup(struct tun_queue *q, void __user *argp);
long tun_ring_teardown(struct tun_queue *q);

/* layout.c */
u64 tun_ring_layout_features(void);
int tun_ring_layout_check(const struct tun_ring_setup *s);
int tun_ring_layout_alloc(struct tun_ring *ring, struct tun_ring_setup *s);

/* notify.c */
long tun_ring_enter(struct tun_queue *q, void __user *argp);
void tun_ring_break(struct tun_ring *ring, const struct tun_vring *vr);

/* rx.c */
void tun_ring_rx_kick(struct tun_ring *ring);
void tun_ring_rx_open(struct tun_ring *ring, struct tun_dev *tun);
void tun_ring_rx_close(struct tun_ring *ring);

/* backlog.c */
int tun_ring_backlog_take(struct tun_ring *ring);
void tun_ring_backlog_give_back(struct tun_ring *ring);

/* tx.c */
int tun_ring_tx_poll(struct napi_struct *napi, int budget);
void tun_ring_tx_drain(struct tun_ring *ring);

/* build.c */
struct sk_buff *tun_ring_tx_build(struct tun_ring *ring, struct tun_dev *tun);

/* stats.c */
long tun_ring_stats(struct tun_queue *q, void __user *argp);
long tun_ring_query(struct tun_queue *q, void __user *argp);

#endif /* _TUN_RING_STATE_H */
