// SPDX-License-Identifier: GPL-2.0
/*
 * Flow control: the netdev queue stops when the receive ring becomes full, or
 * enough buffers are in flight, so that packets wait in the queueing discipline.
 *
 * Packets in the queueing discipline hold their sockets, and other users may
 * need these sockets: the kernel answers ICMP with one socket per CPU. A user
 * that takes next to nothing therefore loses flow control, until the user has
 * taken a ring of packets.
 */
#include "flow.h"

#include <linux/netdevice.h>
#include <net/sch_generic.h>

#include "../../tun.h"
#include "ask.h"
#include "in_flight.h"

/* A user that takes FLOW_PACKETS in FLOW_NS of stop keeps flow control. */
#define FLOW_NS		(200 * NSEC_PER_MSEC)
#define FLOW_PACKETS	16
/*
 * A user that makes no buffer available in FLOW_IDLE_NS of stop keeps its
 * buffers: it has taken all packets.
 */
#define FLOW_IDLE_NS	(100 * NSEC_PER_MSEC)

static u64 tun_ring_flow_packets(const struct tun_ring *ring)
{
	return u64_stats_read(&ring->rx.count.packets);
}

/* The user has taken enough packets: measure the time anew. */
static void tun_ring_flow_restart(struct tun_ring *ring)
{
	struct tun_ring_flow *flow = &ring->rx.flow;

	if (tun_ring_flow_packets(ring) - flow->packets < FLOW_PACKETS)
		return;
	flow->packets = tun_ring_flow_packets(ring);
	flow->stopped_ns = 0;
}

/* Account for the time of a stop up to now. */
static void tun_ring_flow_account(struct tun_ring *ring)
{
	struct tun_ring_flow *flow = &ring->rx.flow;
	u64 now = ktime_get_ns();

	flow->stopped_ns += now - flow->stopped_at;
	flow->stopped_at = now;
	tun_ring_flow_restart(ring);
}

static void tun_ring_flow_start_queue(struct tun_ring *ring,
				      struct net_device *dev)
{
	/* a device that is down starts its queues when it comes up */
	if (netif_running(dev))
		netif_tx_wake_queue(netdev_get_tx_queue(dev,
							ring->rx.flow.txq));
}

/* Has the user taken enough packets to have flow control again? */
static bool tun_ring_flow_regained(const struct tun_ring *ring)
{
	return tun_ring_flow_packets(ring) - ring->rx.flow.packets >=
	       ring->rx.vq.vr.num;
}

/**
 * tun_ring_flow_stop - stop the netdev queue: the receive ring is full
 * @ring: the rings; rx.lock is held, and the caller is under RCU
 * @dev: the device
 * @txq: the netdev queue of the last packet
 *
 * The caller checks for buffers once more.
 *
 * Return: true if the queue is stopped.
 */
bool tun_ring_flow_stop(struct tun_ring *ring, struct net_device *dev, u16 txq)
{
	struct netdev_queue *queue = netdev_get_tx_queue(dev, txq);
	struct tun_ring_flow *flow = &ring->rx.flow;

	lockdep_assert_held(&ring->rx.lock);

	if (flow->state == TUN_RING_FLOW_LAPSED && tun_ring_flow_regained(ring))
		flow->state = TUN_RING_FLOW_RUNNING;
	if (flow->state != TUN_RING_FLOW_RUNNING &&
	    flow->state != TUN_RING_FLOW_STOPPED)
		return false;
	/*
	 * without a queueing discipline the core drops packets for a stopped
	 * queue
	 */
	if (!netif_running(dev) || !rcu_dereference(queue->qdisc)->enqueue)
		return false;

	if (flow->state == TUN_RING_FLOW_RUNNING) {
		tun_ring_count_inc(&ring->rx.count, full);
		flow->stopped_at = ktime_get_ns();
		flow->idle_at = 0;
		tun_ring_flow_restart(ring);
	}
	flow->txq = txq;
	WRITE_ONCE(flow->state, TUN_RING_FLOW_STOPPED);
	netif_tx_stop_queue(queue);
	/*
	 * Pairs with the cmpxchg in tun_ring_set_broken(), which comes before
	 * tun_ring_flow_broken() loads the state.
	 */
	smp_mb();
	if (unlikely(READ_ONCE(ring->broken))) {
		tun_ring_flow_wake(ring, dev);
		return false;
	}
	return true;
}

/**
 * tun_ring_flow_wake - wake a stopped queue
 * @ring: the rings; rx.lock is held
 * @dev: the device
 */
void tun_ring_flow_wake(struct tun_ring *ring, struct net_device *dev)
{
	lockdep_assert_held(&ring->rx.lock);

	if (!tun_ring_flow_is_stopped(ring))
		return;
	tun_ring_flow_account(ring);
	WRITE_ONCE(ring->rx.flow.state, TUN_RING_FLOW_RUNNING);
	tun_ring_flow_start_queue(ring, dev);
}

/*
 * The user made no buffer available for TUN_RING_FLOW_PERIOD_NS. The used_event
 * of a user that keeps its buffers is checked at intervals that double.
 * Return: nanoseconds until the next check.
 */
static u64 tun_ring_flow_idle(struct tun_ring *ring)
{
	struct tun_ring_flow *flow = &ring->rx.flow;
	u64 now = flow->stopped_at;

	if (!flow->idle_at)
		flow->idle_at = now - TUN_RING_FLOW_PERIOD_NS + FLOW_IDLE_NS;
	if (now < flow->idle_at)
		return min(flow->idle_at - now,
			   now + FLOW_IDLE_NS - flow->idle_at);
	tun_ring_flow_complete_all(ring);
	flow->idle_at = 0;
	return FLOW_IDLE_NS;
}

/**
 * tun_ring_flow_check - let flow control lapse if the user takes too few packets
 * @ring: the rings; rx.lock is held
 * @dev: the device
 * @idle: the user made no buffer available for TUN_RING_FLOW_PERIOD_NS
 *
 * Return: nanoseconds until the next check, or 0 if none is needed.
 */
u64 tun_ring_flow_check(struct tun_ring *ring, struct net_device *dev,
			bool idle)
{
	struct tun_ring_flow *flow = &ring->rx.flow;

	lockdep_assert_held(&ring->rx.lock);

	if (!tun_ring_flow_is_stopped(ring))
		return 0;
	tun_ring_flow_account(ring);
	if (flow->stopped_ns < FLOW_NS) {
		if (idle)
			return min(tun_ring_flow_idle(ring),
				   FLOW_NS - flow->stopped_ns);
		flow->idle_at = 0;
		return FLOW_NS - flow->stopped_ns;
	}
	flow->packets = tun_ring_flow_packets(ring);
	flow->stopped_ns = 0;
	WRITE_ONCE(flow->state, TUN_RING_FLOW_LAPSED);
	tun_ring_flow_start_queue(ring, dev);
	return 0;
}

/**
 * tun_ring_flow_broken - wake a stopped queue: a broken ring drops packets
 * @ring: the rings, marked broken
 * @dev: the device
 */
void tun_ring_flow_broken(struct tun_ring *ring, struct net_device *dev)
{
	if (tun_ring_flow_is_stopped(ring))
		tun_ring_flow_start_queue(ring, dev);
}
