/* SPDX-License-Identifier: GPL-2.0 */
/*
 * State of the rings of one queue, for the files of this folder.
 *
 * Who may do what:
 *
 *	q->ring_mutex	one at a time sets up, attaches or tears down;
 *			q->regions
 *	rtnl		q->ring, life, NAPI on and off
 *	rx.lock		all of struct tun_ring_rx. Taken with bottom halves
 *			off: ndo_start_xmit runs in softirq context, and on
 *			several CPUs at once (NETIF_F_LLTX)
 *	tx NAPI		all of struct tun_ring_tx: whoever owns the NAPI
 *			instance, which is its poll, or teardown after
 *			napi_disable(), or who closed the ring, after a grace
 *			period
 *	worker.lock	instead of these two, where a worker serves the rings
 *	RCU		q->ring in packet paths and system calls. Teardown
 *			clears it, then synchronize_net()
 *	ref		a system call that sleeps keeps the ring, not its queue
 *
 * Order: ring_mutex, then rtnl, then rx.lock, then the wait queue of the socket.
 * ring_mutex, then worker.lock, which is never taken under rtnl.
 */
#ifndef _TUN_RING_STATE_H
#define _TUN_RING_STATE_H

#include <linux/irq_work.h>
#include <linux/kref.h>
#include <linux/netdevice.h>
#include <linux/spinlock.h>
#include <linux/if_tun_ring.h>

#include "../tun.h"

#include "coalesce.h"
#include "event.h"
#include "log.h"
#include "mem.h"
#include "mem_mapped.h"
#include "mem_pinned.h"
#include "ring.h"
#include "served.h"

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
 * enum tun_rx_work - work on the receive ring for the tx NAPI
 * @TUN_RX_KICKED: the user kicked by eventfd
 * @TUN_RX_BACKLOG: the rest of the backlog
 */
enum tun_rx_work {
	TUN_RX_KICKED,
	TUN_RX_BACKLOG,
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
 * @closed: the ring is being set up or torn down, or a guest's is not open
 * @hold: packets may not enter: @closed, or @backlog goes first
 * @stopped: netdev queue @txq was stopped because the ring was full
 * @txq: see @stopped
 * @tell: the ring broke the rules, and nobody was told yet
 * @m: the ring
 * @meta: records, or NULL
 * @call: eventfd of the user, or NULL
 * @err: signalled, too, when the ring is stopped; or NULL
 * @kick: eventfd of the user
 * @count: counters
 * @backlog: see there
 * @chain: scratch
 */
struct tun_ring_rx {
	spinlock_t lock;	/* everything here */
	bool closed;
	bool hold;
	bool stopped;
	bool tell;
	u16 txq;
	struct tun_vq m;
	struct tun_ring_meta *meta;
	struct eventfd_ctx __rcu *call;
	struct eventfd_ctx __rcu *err;
	struct tun_ring_kick kick;
	struct tun_ring_counters count;
	struct tun_ring_backlog backlog;
	struct tun_vring_chain chain;
};

/**
 * struct tun_ring_tx - user to stack
 * @napi: owns everything here
 * @m: the ring
 * @meta: records, or NULL
 * @call: eventfd of the user, or NULL
 * @err: signalled, too, when the ring is stopped; or NULL
 * @kick: eventfd of the user
 * @closed: nobody takes from the ring; a guest's other ring may be open
 * @poll_us: microseconds to go on looking after the last packet
 * @busy_at: when there was one, by local_clock()
 * @looks_on: it is doing so, or NAPI's timer or a thread is, with kicks declined
 *	since before
 * @count: counters; kicks is @kicks
 * @kicks: times the user kicked, from any context
 * @chain: scratch
 */
struct tun_ring_tx {
	struct napi_struct napi;
	struct tun_vq m;
	const struct tun_ring_meta *meta;
	struct eventfd_ctx __rcu *call;
	struct eventfd_ctx __rcu *err;
	struct tun_ring_kick kick;
	bool closed;
	u32 poll_us;
	bool looks_on;
	u64 busy_at;
	struct tun_ring_counters count;
	atomic64_t kicks;
	struct tun_vring_chain chain;
};

/* Descriptor table, available ring, used ring, records. */
#define TUN_RING_PARTS	4

/**
 * struct tun_ring - the two rings of a queue
 * @face: for the packet paths
 * @q: the queue; valid while q->ring is this ring
 * @ref: the queue's, and one for each system call that uses it
 * @parked: in the queue's parked_rings, without a reference
 * @life: written under rtnl
 * @broken: 0, or the errno with which the rings were stopped
 * @features: bit mask of TUN_RING_F_*
 * @rx_drop: TUN_RING_F_RX_DROP
 * @rx_tstamp: TUN_RING_F_RX_TSTAMP
 * @tx_mark: TUN_RING_F_TX_MARK
 * @tx_mark_net: cookie of the namespace over which the user may mark
 * @mode: TUN_RING_MODE_*
 * @user_buffers: @regions are those of TUNRINGREGIONS
 * @mm: the owner of rings that are not pinned, one reference; else NULL
 * @mem: where mapped rings and their buffers lie
 * @pins: memory of pinned rings: rx and tx
 * @regions: what the addresses of buffers mean, one reference
 * @guest: the struct tun_vhost that describes the rings, or NULL
 * @mergeable: a packet may go on in further chains
 * @own_hdr_sz: bytes of an empty virtio_net_hdr that the device does not make
 * @log: dirty logging, rx and tx
 * @busyloop: microseconds that the worker looks for work; rx and tx
 * @coalesce: of a guest that the NAPI serves
 * @worker: serves rings of memory that may fault; @mm is set then
 * @rx_due: the tx NAPI is to look at rx, too: bits of enum tun_rx_work
 * @kicked: runs the tx NAPI after a write to an eventfd
 * @rx: stack to user
 * @tx: user to stack
 */
struct tun_ring {
	struct tun_ring_face face;
	struct tun_queue *q;
	struct kref ref;
	struct llist_node parked;
	enum tun_ring_life life;
	int broken;
	u64 features;
	bool rx_drop;
	bool rx_tstamp;
	bool tx_mark;
	u64 tx_mark_net;
	u32 mode;
	bool user_buffers;
	struct mm_struct *mm;
	struct tun_mem_mapped mem;
	struct tun_pin pins[2][TUN_RING_PARTS];
	struct tun_regions *regions;
	const void *guest;
	bool mergeable;
	u8 own_hdr_sz;
	struct tun_log log[2];
	u32 busyloop[2];
	struct tun_ring_coalesce coalesce;
	struct tun_ring_worker worker;
	unsigned long rx_due;
	struct irq_work kicked;
	struct tun_ring_rx rx ____cacheline_aligned_in_smp;
	struct tun_ring_tx tx ____cacheline_aligned_in_smp;
};

static inline bool tun_ring_has(const struct tun_ring *ring, unsigned int bit)
{
	return ring->features & BIT_ULL(bit);
}

/*
 * Bytes of the virtio_net_hdr in front of a packet without a record. @own: the
 * rings' own_hdr_sz; @flags: the device's. Both are loaded once for the packet:
 * a guest's other virtqueue, and TUNSETIFF of another queue, change them.
 */
static inline int tun_ring_hdr_sz(u8 own, const struct tun_dev *tun,
				  unsigned int flags)
{
	if (unlikely(own))
		return own;
	return flags & IFF_VNET_HDR ? READ_ONCE(tun->vnet_hdr_sz) : 0;
}

/* A worker serves the rings; packets reach it through the queue's fifo. */
static inline bool tun_ring_has_worker(const struct tun_ring *ring)
{
	return unlikely(ring->face.uses_fifo);
}

/* ref.c */
struct tun_ring *tun_ring_get(struct tun_queue *q);
void tun_ring_put(struct tun_ring *ring);
void tun_ring_put_mmap(struct tun_ring *ring);
void tun_ring_free_parked(struct tun_queue *q);

/* ring.c */
struct tun_ring *tun_ring_new(struct tun_queue *q, u64 features, u32 mode);
void tun_ring_set_owner(struct tun_ring *ring, struct mm_struct *mm);
long tun_ring_install(struct tun_queue *q, struct tun_ring *ring);
void tun_ring_use_regions(struct tun_ring *ring, struct tun_regions *regions);
long tun_ring_teardown(struct tun_queue *q);
long tun_ring_teardown_locked(struct tun_queue *q);

/* run.c */
void tun_ring_napi_add(struct tun_ring *ring, struct tun_dev *tun);
void tun_ring_napi_del(struct tun_ring *ring);
void tun_ring_rest(struct tun_ring *ring);

/* make.c */
long tun_ring_make(struct tun_queue *q, u64 features, u32 mode,
		   int (*fill)(struct tun_ring *ring, void *arg), void *arg);

/* setup.c */
long tun_ring_setup(struct tun_queue *q, void __user *argp);

/* attach.c */
long tun_ring_attach_rings(struct tun_queue *q, void __user *argp);

/* register.c */
long tun_ring_regions(struct tun_queue *q, void __user *argp);
int tun_ring_take_regions(struct tun_ring *ring, bool pinned);
int tun_ring_replace_regions(struct tun_ring *ring,
			     struct tun_regions *regions);

/* layout.c */
u64 tun_ring_layout_features(void);
int tun_ring_layout_check_features(u64 features);
int tun_ring_layout_check(const struct tun_ring_setup *s);
int tun_ring_layout_alloc(struct tun_ring *ring, struct tun_ring_setup *s);

/* enter.c */
long tun_ring_enter(struct tun_queue *q, void __user *argp);

/* notify.c */
u16 tun_ring_rx_untaken(const struct tun_ring *ring);
bool tun_ring_stop(struct tun_ring *ring, int err);
void tun_ring_failed(struct tun_ring *ring, const struct tun_vring *vr, int err);
void tun_ring_tell_stopped(struct tun_ring *ring, const struct tun_vring *vr);

/* kick.c */
void tun_ring_events_init(struct tun_ring *ring);
int tun_ring_events(struct tun_ring *ring, const struct tun_ring_attach *a);
void tun_ring_set_kick(struct tun_ring *ring, bool rx, struct file *file);
void tun_ring_events_start(struct tun_ring *ring);
void tun_ring_events_stop(struct tun_ring *ring);
void tun_ring_events_free(struct tun_ring *ring);

/* rx_wait.c */
void tun_rx_stop(struct tun_ring *ring, struct net_device *dev, u16 txq);
void tun_ring_rx_kick(struct tun_ring *ring);
void tun_ring_rx_resume(struct tun_ring *ring, bool kicked);
void tun_ring_rx_open(struct tun_ring *ring, struct tun_dev *tun);
void tun_ring_rx_deliver_backlog(struct tun_ring *ring);
void tun_ring_rx_close(struct tun_ring *ring);

/* backlog.c */
int tun_ring_backlog_take(struct tun_ring *ring);
void tun_ring_backlog_give_back(struct tun_ring *ring);

/* tx_poll.c */
int tun_ring_tx_poll(struct napi_struct *napi, int budget);

/* tx.c */
int tun_ring_tx_run(struct tun_ring *ring, struct tun_dev *tun, int budget,
		    bool gro);
void tun_ring_tx_tell(struct tun_ring *ring);
void tun_ring_tx_drain(struct tun_ring *ring);

/* build.c */
struct sk_buff *tun_ring_tx_build(struct tun_ring *ring, struct tun_dev *tun);
struct sk_buff *tun_ring_tx_build_user(struct tun_ring *ring,
				       struct tun_dev *tun);

/* stats.c */
long tun_ring_stats(struct tun_queue *q, void __user *argp);
long tun_ring_query(struct tun_queue *q, void __user *argp);

#endif /* _TUN_RING_STATE_H */
