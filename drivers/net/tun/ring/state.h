/* SPDX-License-Identifier: GPL-2.0 */
/*
 * State of the rings of one queue.
 *
 * Who may do what:
 *
 *	q->ring_mutex	one at a time sets up, attaches or tears down;
 *			q->regions
 *	rtnl		q->ring, state, NAPI on and off
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

#include <linux/completion.h>
#include <linux/irq_work.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/poll.h>
#include <linux/spinlock.h>
#include <linux/if_tun_ring.h>

#include "../tun.h"
#include "common.h"
#include "engine/regions_find.h"
#include "mem/dirty_log.h"
#include "mem/mapped.h"
#include "mem/pinned.h"
#include "server.h"
#include "thread.h"

/* The directions of the rings, and their numbers as virtqueues. */
enum tun_ring_direction {
	TUN_RING_RX,
	TUN_RING_TX,
	TUN_RING_DIRECTIONS,
};

/**
 * enum tun_ring_rx_work - work on the receive ring for the tx NAPI
 * @TUN_RING_RX_KICKED: the user kicked by eventfd
 * @TUN_RING_RX_BACKLOG: the rest of the backlog
 */
enum tun_ring_rx_work {
	TUN_RING_RX_KICKED,
	TUN_RING_RX_BACKLOG,
};

/**
 * enum tun_ring_state - whether packets can flow
 * @TUN_RING_RUNNING: the queue is attached to a device
 * @TUN_RING_STOPPED: TUNSETQUEUE took the queue out of service
 * @TUN_RING_DEAD: the device was unregistered
 */
enum tun_ring_state {
	TUN_RING_RUNNING,
	TUN_RING_STOPPED,
	TUN_RING_DEAD,
};

/**
 * struct tun_ring_kickfd - an eventfd that is listened to
 * @file: the eventfd, or NULL
 * @kicked: called when somebody has written to it, with interrupts off
 * @table: adds @wait to the eventfd's wait queue
 * @wait: in that queue while the kick is armed
 * @head: that queue
 */
struct tun_ring_kickfd {
	struct file *file;
	void (*kicked)(struct tun_ring_kickfd *kick);
	poll_table table;
	wait_queue_entry_t wait;
	wait_queue_head_t *head;
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
 * @blocked: packets may not enter: @closed, or @backlog goes first
 * @stopped: netdev queue @txq was stopped because the ring was full
 * @txq: see @stopped
 * @report_pending: the ring broke the rules, and nobody was told yet
 * @vq: the ring
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
	bool blocked;
	bool stopped;
	bool report_pending;
	u16 txq;
	struct tun_vq vq;
	struct tun_ring_meta *meta;
	struct eventfd_ctx __rcu *call;
	struct eventfd_ctx __rcu *err;
	struct tun_ring_kickfd kick;
	struct tun_ring_counters count;
	struct tun_ring_backlog backlog;
	struct tun_vring_chain chain;
};

/**
 * struct tun_ring_tx - user to stack
 * @napi: owns everything here
 * @vq: the ring
 * @meta: records, or NULL
 * @call: eventfd of the user, or NULL
 * @err: signalled, too, when the ring is stopped; or NULL
 * @kick: eventfd of the user
 * @closed: nobody takes from the ring; a guest's other ring may be open
 * @poll_us: microseconds to go on looking after the last packet
 * @busy_at: when there was one, by local_clock()
 * @kick_disabled: it is doing so, or NAPI's timer or a thread is, with kicks declined
 *	since before
 * @count: counters; kicks is @kicks
 * @kicks: times the user kicked, from any context
 * @chain: scratch
 */
struct tun_ring_tx {
	struct napi_struct napi;
	struct tun_vq vq;
	const struct tun_ring_meta *meta;
	struct eventfd_ctx __rcu *call;
	struct eventfd_ctx __rcu *err;
	struct tun_ring_kickfd kick;
	bool closed;
	u32 poll_us;
	bool kick_disabled;
	u64 busy_at;
	struct tun_ring_counters count;
	atomic64_t kicks;
	struct tun_vring_chain chain;
};

/**
 * struct tun_ring_coalesce - a thread that looks once more after a kick
 * @task: the thread, or NULL: each kick is asked for at once
 * @work: its work, one bit
 * @ran: the thread has had its turn, and the NAPI did not come to that yet
 * @pending: kicks are declined until the thread has had its turn
 * @tail: where the NAPI was in the ring when it left the rest to the thread
 * @budget: times still to come that the ring is emptied and the thread not woken
 * @backoff: how many these were since it last found nothing; 0 it found something
 *
 * From @pending on the tx NAPI's.
 */
struct tun_ring_coalesce {
	struct task_struct *task;
	struct tun_pending work;
	bool ran;
	bool pending;
	u16 tail;
	u8 budget;
	u8 backoff;
};

/* Packets of one pass in one direction, then the other has its turn. */
#define TUN_WORKER_BATCH	64

/* What a worker may have to look at: bits of @work. */
enum tun_worker_work {
	TUN_WORKER_RX,
	TUN_WORKER_TX,
};

/**
 * struct tun_worker - serves both rings of a queue
 * @task: the thread, with a reference as long as the worker is the server; or NULL
 * @started: the thread was woken for the first time
 * @begun: completed when the worker runs and accepts SIGKILL. kthread_stop()
 *	before that returns without running the worker, and its last pass would
 *	be lost
 * @lock: the rings, as rx.lock and the tx NAPI are elsewhere. Held for a pass,
 *	which may sleep in a page fault of the owner's for as long as the owner
 *	likes: taken interruptibly, and never under rtnl
 * @work: bits are of enum tun_worker_work
 * @rx_starved: there are no receive buffers; packets need not wake the thread
 * @rx_kicks: times the user kicked the receive ring
 * @batch: packets that were taken from the queue
 * @next: the first of @batch that is not delivered
 * @end: one past the last
 */
struct tun_worker {
	struct task_struct *task;
	bool started;
	struct completion begun;
	struct mutex lock;	/* the rings, for a pass */
	struct tun_pending work;
	bool rx_starved;
	atomic64_t rx_kicks;
	void *batch[TUN_WORKER_BATCH];
	u32 next;
	u32 end;
};

/* Descriptor table, available ring, used ring, records. */
#define TUN_RING_PARTS	4

/**
 * struct tun_ring - the two rings of a queue
 * @face: for the packet paths
 * @q: the queue; valid while q->ring is this ring
 * @ref: the queue's, and one for each system call that uses it
 * @parked: in the queue's parked_rings, without a reference
 * @state: written under rtnl
 * @broken: 0, or the errno with which the rings were stopped
 * @features: bit mask of TUN_RING_F_*
 * @rx_drop: TUN_RING_F_RX_DROP
 * @rx_tstamp: TUN_RING_F_RX_TSTAMP
 * @tx_mark: TUN_RING_F_TX_MARK
 * @tx_mark_net: cookie of the namespace over which the user may mark
 * @mode: TUN_RING_MODE_*
 * @user_buffers: @regions are those of TUNRINGREGIONS
 * @server: serves the rings; written under rtnl
 * @mm: the owner of rings that a worker serves, or may serve, one reference; else
 *	NULL
 * @mem: where mapped rings and their buffers lie
 * @pins: memory of pinned rings: rx and tx
 * @regions: what the addresses of buffers mean, one reference
 * @guest: the struct tun_vhost that describes the rings, or NULL
 * @mergeable: a packet may go on in further chains
 * @vhost_hlen: bytes of an empty virtio_net_hdr that the device does not make
 * @log: dirty logging, rx and tx
 * @busyloop: microseconds that the worker looks for work; rx and tx
 * @coalesce: of a guest that the NAPI serves
 * @worker: serves rings in memory that may fault; @mm is set then
 * @rx_work: work on @rx for the tx NAPI: bits of enum tun_ring_rx_work
 * @kicked: runs the tx NAPI after a write to an eventfd
 * @rx: stack to user
 * @tx: user to stack
 */
struct tun_ring {
	struct tun_ring_common face;
	struct tun_queue *q;
	struct kref ref;
	struct llist_node parked;
	enum tun_ring_state state;
	int broken;
	u64 features;
	bool rx_drop;
	bool rx_tstamp;
	bool tx_mark;
	u64 tx_mark_net;
	u32 mode;
	bool user_buffers;
	const struct tun_ring_server *server;
	struct mm_struct *mm;
	struct tun_mem_mapped mem;
	struct tun_pin pins[2][TUN_RING_PARTS];
	struct tun_regions *regions;
	const void *guest;
	bool mergeable;
	u8 vhost_hlen;
	struct tun_log log[2];
	u32 busyloop[2];
	struct tun_ring_coalesce coalesce;
	struct tun_worker worker;
	unsigned long rx_work;
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
 * rings' vhost_hlen; @flags: the device's. Both are loaded once for the packet:
 * a guest's other virtqueue, and TUNSETIFF of another queue, change them.
 */
static inline int tun_ring_hdr_sz(u8 own, const struct tun_dev *tun,
				  unsigned int flags)
{
	if (unlikely(own))
		return own;
	return flags & IFF_VNET_HDR ? READ_ONCE(tun->vnet_hdr_sz) : 0;
}

/* One of the two rings, by its number as a virtqueue. */
static inline struct tun_vq *tun_ring_vq(struct tun_ring *ring, unsigned int i)
{
	return i == TUN_RING_RX ? &ring->rx.vq : &ring->tx.vq;
}

static inline bool *tun_ring_closed(struct tun_ring *ring, unsigned int i)
{
	return i == TUN_RING_RX ? &ring->rx.closed : &ring->tx.closed;
}

#endif /* _TUN_RING_STATE_H */
