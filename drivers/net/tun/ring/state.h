/* SPDX-License-Identifier: GPL-2.0 */
/*
 * State of the rings of one queue.
 *
 * Locks, and the data that each protects:
 *
 *	vhost.lock	the settings of a VMM, for rings of a guest
 *	q->ring_mutex	set-up, attach and teardown exclude each other;
 *			q->regions, q->vrings
 *	rtnl		q->ring, state, NAPI on and off
 *	rx.lock		all of struct tun_ring_rx. Taken with bottom halves
 *			off: ndo_start_xmit runs in softirq context, and on
 *			several CPUs at once (NETIF_F_LLTX)
 *	tx NAPI		all of struct tun_ring_tx: the owner of the NAPI
 *			instance has access. The owner is the poll function,
 *			or the thread that closed the ring, after a grace
 *			period
 *	worker.lock	instead of these two, where a worker serves the rings
 *	RCU		q->ring in packet paths and system calls. Teardown
 *			clears q->ring, releases rtnl, then waits for a grace
 *			period
 *	ref		a system call that sleeps keeps the ring, not its queue
 *
 * ../tun.h has the order of all locks.
 */
#ifndef _TUN_RING_STATE_H
#define _TUN_RING_STATE_H

#include <linux/completion.h>
#include <linux/dynamic_queue_limits.h>
#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/poll.h>
#include <linux/spinlock.h>
#include <linux/if_tun_ring.h>

#include "../tun.h"
#include "common.h"
#include "count.h"
#include "engine/regions_find.h"
#include "mem/dirty_log.h"
#include "mem/mapped.h"
#include "mem/pinned.h"
#include "server.h"
#include "thread.h"

/* Directions of the rings. The values are the numbers of the virtqueues. */
enum tun_ring_direction {
	TUN_RING_RX,
	TUN_RING_TX,
	TUN_RING_DIRECTIONS,
};

/**
 * enum tun_ring_rx_work - work on the receive ring for the tx NAPI
 * @TUN_RING_RX_KICKED: the user kicked by eventfd
 * @TUN_RING_RX_MORE: NAPI delivers more packets that wait
 */
enum tun_ring_rx_work {
	TUN_RING_RX_KICKED,
	TUN_RING_RX_MORE,
};

/**
 * enum tun_ring_state - whether packets can flow
 * @TUN_RING_RUNNING: the queue is attached to a device
 * @TUN_RING_STOPPED: TUNSETQUEUE took the queue out of service: the server drops
 *	packets of the transmit ring
 * @TUN_RING_DETACHED: the rings have no server: their server changes
 * @TUN_RING_DEAD: the device was unregistered
 *
 *	              the queue is attached
 *	   STOPPED -------------------------> RUNNING
 *	    ^  |  ^   the queue is detached      |
 *	    |  |  '------------------------------|
 *	    |  |                                 |
 *	    |  '------ the old server leaves ----|
 *	    |                  |                 |
 *	    |                  v                 |
 *	    '----------- DETACHED                |
 *	     the new       |                     |
 *	     server        | the device goes,    |
 *	     joins         v in each state       v
 *	                 DEAD <------------------'
 */
enum tun_ring_state {
	TUN_RING_RUNNING,
	TUN_RING_STOPPED,
	TUN_RING_DETACHED,
	TUN_RING_DEAD,
};

/**
 * enum tun_ring_flow_state - flow control: whether the netdev queue is stopped
 * @TUN_RING_FLOW_OFF: no flow control
 * @TUN_RING_FLOW_RUNNING: the queue runs, and stops when the ring becomes full
 *	or enough buffers are in flight
 * @TUN_RING_FLOW_STOPPED: the queue is stopped
 * @TUN_RING_FLOW_LAPSED: the user took too few packets, so the queue runs also
 *	while the ring is full
 *
 *	       full, or enough in flight
 *	   RUNNING ------------------------> STOPPED
 *	    ^   ^   buffers are available     |  |
 *	    |   '-----------------------------'  | for 200 ms, and fewer than
 *	    |                                    | 16 packets were delivered
 *	    '----------- LAPSED <----------------'
 *	  a ring of packets was delivered
 */
enum tun_ring_flow_state {
	TUN_RING_FLOW_OFF,
	TUN_RING_FLOW_RUNNING,
	TUN_RING_FLOW_STOPPED,
	TUN_RING_FLOW_LAPSED,
};

/**
 * struct tun_ring_flow - flow control of the receive ring
 * @state: see enum tun_ring_flow_state
 * @txq: the netdev queue that was stopped
 * @stopped_at: time of the stop, nanoseconds of CLOCK_MONOTONIC
 * @stopped_ns: time that the queue was stopped since @packets was set
 * @packets: packets of the ring's counters when @stopped_ns was 0, or at the
 *	lapse
 * @idle_at: time at which a user that makes no buffer available is taken to have
 *	all packets, CLOCK_MONOTONIC; 0: none
 * @queued: last_avail of the ring when buffers were last queued in @dql
 * @returned: avail_idx of the ring when buffers were last completed in @dql
 * @early: buffers that were completed in @dql, and that the user has not made
 *	available again
 * @dql: buffers in flight, and their limit
 */
struct tun_ring_flow {
	enum tun_ring_flow_state state;
	u16 txq;
	u64 stopped_at;
	u64 stopped_ns;
	u64 packets;
	u64 idle_at;
	u16 queued;
	u16 returned;
	u32 early;
	struct dql dql;
};

/**
 * struct tun_ring_kickfd - an eventfd by which the user kicks
 * @file: the eventfd, or NULL
 * @kicked: called for each write to @file, with interrupts off
 * @table: adds @wait to the wait queue of @file
 * @wait: in the wait queue of @file while the kick is armed
 * @head: the wait queue of @file while the kick is armed, or NULL
 */
struct tun_ring_kickfd {
	struct file *file;
	void (*kicked)(struct tun_ring_kickfd *kick);
	poll_table table;
	wait_queue_entry_t wait;
	wait_queue_head_t *head;
};

/**
 * enum tun_ring_rx_state - what happens to a packet for the receive ring
 * @TUN_RING_RX_CLOSED: the packet goes into the tx_ring. The ring is being set
 *	up or torn down, or the guest's virtqueue is not open
 * @TUN_RING_RX_OPEN: the packet goes into receive buffers
 * @TUN_RING_RX_WAITING: packets wait in the tx_ring for buffers, and the packet
 *	goes behind them
 *
 * rx.lock protects the state of a ring that NAPI serves:
 *
 *	             open               none waits, buffers are there
 *	  CLOSED --------------> WAITING -------------------------------> OPEN
 *	    ^                     |   ^                                  |  |
 *	    |                     |   '----- no buffer for a packet -----'  |
 *	    '------- close -------'                                         |
 *	    '------- close -------------------------------------------------'
 *
 * With flow control OPEN becomes WAITING as soon as no buffer is left, or enough
 * buffers are in flight.
 *
 * A worker takes all packets from the tx_ring, so its ring is CLOSED or OPEN.
 */
enum tun_ring_rx_state {
	TUN_RING_RX_CLOSED,
	TUN_RING_RX_OPEN,
	TUN_RING_RX_WAITING,
};

/**
 * struct tun_ring_rx - stack to user
 * @lock: protects all members
 * @state: see enum tun_ring_rx_state
 * @flow: flow control
 * @asked: while packets wait: the available index at the last request for a
 *	kick
 * @want: buffers that a stopped queue waits for
 * @stuck_len: while packets wait: length of a packet that found too few buffers
 *	at @asked
 * @timed: @asked when @timer was started
 * @timer_at: time at which @timer expires, CLOCK_MONOTONIC; 0: it does not run
 * @timer: checks for buffers that become available without a kick
 * @report_pending: the ring is broken, and the driver has not reported that yet
 * @vq: the ring
 * @meta: metadata records, or NULL
 * @call: eventfd that notifies the user, or NULL
 * @err: eventfd that is signalled when the ring breaks, or NULL
 * @kick: eventfd by which the user kicks
 * @count: counters; their kicks need no lock
 * @chain: scratch space
 */
struct tun_ring_rx {
	spinlock_t lock;	/* all members */
	enum tun_ring_rx_state state;
	u16 asked;
	u16 want;
	u16 timed;
	u32 stuck_len;
	bool report_pending;
	u64 timer_at;
	struct tun_vq vq;
	struct tun_ring_meta *meta;
	struct eventfd_ctx __rcu *call;
	struct eventfd_ctx __rcu *err;
	struct tun_ring_kickfd kick;
	struct tun_ring_count count;
	struct hrtimer timer;
	struct tun_vring_chain chain;
	struct tun_ring_flow flow;
};

/**
 * struct tun_ring_tx_held - metadata of the packets that GRO holds
 * @mark: mark of all packets that GRO holds
 * @priority: priority of all of them
 * @tstamp: time stamp of all of them
 * @queue: number of the queue in all of them
 *
 * GRO merges packets without comparing mark, priority and time stamp.
 */
struct tun_ring_tx_held {
	u32 mark;
	u32 priority;
	ktime_t tstamp;
	u16 queue;
};

/**
 * struct tun_ring_tx - user to stack
 * @napi: owns all members
 * @vq: the ring
 * @meta: metadata records, or NULL
 * @call: eventfd that notifies the user, or NULL
 * @err: eventfd that is signalled when the ring breaks, or NULL
 * @kick: eventfd by which the user kicks
 * @closed: the driver takes no entries; a guest's other virtqueue may be open
 * @poll_us: microseconds to busy-poll after the last packet
 * @busy_at: time of the last packet, by local_clock()
 * @kick_disabled: kicks are still disabled since the last poll, because NAPI,
 *	its timer or the coalescing thread will poll again
 * @redirected: the device's program redirected packets, which are not flushed
 * @wait_space: the server waits until the stack frees packets; written in any
 *	context
 * @held: see struct tun_ring_tx_held
 * @count: counters; their kicks are counted in any context
 * @chain: scratch space
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
	bool redirected;
	bool wait_space;
	u64 busy_at;
	struct tun_ring_tx_held held;
	struct tun_ring_count count;
	struct tun_vring_chain chain;
};

/**
 * struct tun_ring_coalesce - a thread that runs NAPI again after a kick
 * @thread: coalesces kicks; without a task, NAPI enables kicks as soon as the
 *	ring is empty
 * @work: pending work of @thread, one bit
 * @ran: the thread has run, and NAPI has not handled that yet
 * @pending: kicks are disabled until the thread has run
 * @tail: last_avail of the ring when NAPI woke the thread
 * @budget: number of polls left that empty the ring and do not wake the thread
 * @backoff: start value of @budget: grows each time the thread finds no new
 *	entry, and is 0 after the thread found one
 *
 * The tx NAPI owns @pending and the members after @pending.
 */
struct tun_ring_coalesce {
	struct tun_thread thread;
	struct tun_pending work;
	bool ran;
	bool pending;
	u16 tail;
	u8 budget;
	u8 backoff;
};

/* Packets that one pass moves in one direction before the other direction. */
#define TUN_WORKER_BATCH	64

/**
 * enum tun_worker_state - the end of a worker
 * @TUN_WORKER_RUNNING: the worker has not ended
 * @TUN_WORKER_ENDED: the worker completes @ended of struct tun_worker
 * @TUN_WORKER_LEFT: the worker is stuck in a page fault, and no thread waits
 *	for the worker. The worker does not use the queue's tx_ring and the
 *	device any more
 */
enum tun_worker_state {
	TUN_WORKER_RUNNING,
	TUN_WORKER_ENDED,
	TUN_WORKER_LEFT,
};

/* Pending work of a worker: bits of tun_worker.work. */
enum tun_worker_work {
	TUN_WORKER_RX,
	TUN_WORKER_TX,
	TUN_WORKER_PURGE,	/* drop the batch: the device goes or moves */
};

/**
 * struct tun_worker - serves both rings of a queue
 * @thread: has a task as long as the worker is the server
 * @started: the thread was woken for the first time
 * @begun: completed when the worker runs and accepts SIGKILL
 * @stop: the worker must end after a last pass
 * @state: changed once, from TUN_WORKER_RUNNING, by cmpxchg
 * @ended: see TUN_WORKER_ENDED
 * @lock: protects the rings in place of rx.lock and the tx NAPI. The worker
 *	holds @lock for a pass, and the owner can delay a page fault of the pass
 *	without limit. So @lock is taken interruptibly, and never under rtnl
 * @work: bits are of enum tun_worker_work
 * @rx_starved: no receive buffers are available; packets need not wake the
 *	thread
 * @batch: packets that the worker took from the queue
 * @next: index of the first packet of @batch that is not delivered
 * @end: index after the last packet of @batch
 */
struct tun_worker {
	struct tun_thread thread;
	bool started;
	struct completion begun;
	bool stop;
	enum tun_worker_state state;
	struct completion ended;
	struct mutex lock;	/* both rings, for a pass */
	struct tun_pending work;
	bool rx_starved;
	void *batch[TUN_WORKER_BATCH];
	u32 next;
	u32 end;
};

/* Descriptor table, available ring, used ring, records. */
#define TUN_RING_PARTS	4

/**
 * struct tun_ring - the two rings of a queue
 * @common: members that the packet paths of the driver read
 * @q: the queue; valid while q->ring is this ring
 * @ref: one reference for the queue, and one for each system call that uses the
 *	ring
 * @parked: entry in the queue's parked_rings, once no reference is left
 * @state: written under rtnl
 * @broken: 0, or the errno for which the rings were set broken
 * @features: bit mask of TUN_RING_F_*
 * @rx_drop: TUN_RING_F_RX_DROP
 * @rx_tstamp: TUN_RING_F_RX_TSTAMP
 * @tx_mark: TUN_RING_F_TX_MARK
 * @tx_mark_net: cookie of the network namespace in which the user may set marks
 * @mode: TUN_RING_MODE_*
 * @user_buffers: @regions is the table of TUNRINGREGIONS
 * @server: serves the rings; written under rtnl
 * @mm: address space of the owner, one reference, if a worker serves the rings
 *	or may serve them; else NULL
 * @mem: memory of mapped rings and of their buffers
 * @pins: memory of pinned rings: rx and tx
 * @regions: table that translates the addresses of buffers, one reference
 * @guest: the struct tun_vhost that describes the rings, or NULL
 * @mergeable: a packet may use several chains
 * @vhost_hlen: bytes of the empty virtio_net_hdr that the rings make in place
 *	of the device, or 0
 * @log: dirty logging, rx and tx
 * @busyloop: microseconds for which the worker busy-polls; rx and tx
 * @coalesce: coalescing of kicks, if NAPI serves a guest
 * @worker: serves rings in memory that may fault; @mm is set in this case
 * @rx_work: work on @rx for the tx NAPI: bits of enum tun_ring_rx_work
 * @kicked: runs the tx NAPI after a write to an eventfd
 * @rx: stack to user
 * @tx: user to stack
 */
struct tun_ring {
	struct tun_ring_common common;
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

/* Was the worker left behind, so that its queue may end at any time? */
static inline bool tun_worker_is_left(const struct tun_worker *w)
{
	return READ_ONCE(w->state) == TUN_WORKER_LEFT;
}

static inline bool tun_ring_has(const struct tun_ring *ring, unsigned int bit)
{
	return ring->features & BIT_ULL(bit);
}

/*
 * Bytes of the virtio_net_hdr in front of a packet without a metadata record.
 * The parameters are the vhost_hlen of the rings and the flags of the device.
 * The caller loads both once for each packet, because both may change:
 * vhost_hlen when a guest's other virtqueue starts, and the flags by TUNSETIFF
 * of another queue.
 */
static inline int tun_ring_hdr_sz(u8 own, const struct tun_dev *tun,
				  unsigned int flags)
{
	if (unlikely(own))
		return own;
	return flags & IFF_VNET_HDR ? READ_ONCE(tun->vnet_hdr_sz) : 0;
}

/* One of the two rings, by its number as a virtqueue. */
static inline struct tun_vq *tun_ring_vq_of(struct tun_ring *ring,
					    unsigned int i)
{
	return i == TUN_RING_RX ? &ring->rx.vq : &ring->tx.vq;
}

static inline bool tun_ring_is_closed(const struct tun_ring *ring,
				      unsigned int i)
{
	return i == TUN_RING_RX ?
	       READ_ONCE(ring->rx.state) == TUN_RING_RX_CLOSED :
	       READ_ONCE(ring->tx.closed);
}

#endif /* _TUN_RING_STATE_H */
