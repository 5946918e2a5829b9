// SPDX-License-Identifier: GPL-2.0
/*
 * User to stack: the NAPI instance of the queue takes what was made available.
 *
 * While it is scheduled, kicks are declined; a poller, in a thread, stays so for
 * a while when there is nothing more. Before it goes to sleep it asks for one and
 * looks once more (barrier B in vring.h), or leaves that to NAPI's timer or to the
 * thread of coalesce.c, which run it again.
 */
#include "state.h"

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/sched/clock.h>
#include <linux/skbuff.h>
#include <net/udp.h>

#include "../receive.h"
#include "../tun.h"
#include "../wake.h"
#include "ring.h"
#include "tx_account.h"

/*
 * Can GRO do anything for the packet? A datagram it only merges for a socket
 * that asked for it, or a device that is told to; otherwise it would take apart
 * each of them for nothing.
 */
static bool tx_wants_gro(const struct sk_buff *skb, bool udp)
{
	u8 protocol;

	if (udp)
		return true;
	if (skb->protocol == htons(ETH_P_IP) &&
	    skb_headlen(skb) >= sizeof(struct iphdr))
		protocol = ((struct iphdr *)skb->data)->protocol;
	else if (skb->protocol == htons(ETH_P_IPV6) &&
		 skb_headlen(skb) >= sizeof(struct ipv6hdr))
		protocol = ((struct ipv6hdr *)skb->data)->nexthdr;
	else
		return true;
	return protocol != IPPROTO_UDP;
}

static bool tx_udp_gro(const struct net_device *dev)
{
	return static_branch_unlikely(&udp_encap_needed_key) ||
	       dev->features & (NETIF_F_GRO_FRAGLIST | NETIF_F_GRO_UDP_FWD);
}

/* Take one packet off the ring. Return: NULL if it ends here. */
static struct sk_buff *tx_one(struct tun_ring *ring, struct tun_dev *tun)
{
	struct tun_ring_tx *tx = &ring->tx;
	struct sk_buff *skb;

	skb = tun_ring_tx_build(ring, tun);
	tun_vring_push(&tx->m.vr, &tun_kmem, tx->chain.head, 0);
	if (IS_ERR(skb)) {
		tun_tx_error(ring, tun, PTR_ERR(skb));
		return NULL;
	}
	return tun_tx_xdp(ring, tun, &skb) ? skb : NULL;
}

static void tx_broken(struct tun_ring *ring)
{
	if (tun_ring_stop(ring, EPROTO))
		tun_ring_tell_stopped(ring, &ring->tx.m.vr);
}

/*
 * Give up to @budget packets to the stack: in a list, which its protocols take
 * up in one go. Where tc drops what comes, one by one is better: what was freed is
 * still at hand for the next. The packets themselves show it.
 * Return: chains taken.
 */
static int tx_run(struct tun_ring *ring, struct tun_dev *tun, int budget,
		  bool gro)
{
	struct tun_ring_tx *tx = &ring->tx;
	bool udp = tx_udp_gro(tun->dev);
	u64 packets = 0, bytes = 0;
	bool dropping = true;
	struct sk_buff *skb;
	LIST_HEAD(list);
	int done = 0;

	while (done < budget &&
	       tun_vring_pop(&tx->m.vr, &tun_kmem, TUN_VRING_READ,
			     tun_kmem_walk_read, &tx->chain) > 0) {
		done++;
		skb = tx_one(ring, tun);
		if (unlikely(!skb))
			continue;
		packets++;
		bytes += skb->len - skb_mac_offset(skb);
		tun_receive_learn(tun, ring->q, skb);
		if (gro && tx_wants_gro(skb, udp))
			napi_gro_receive(&tx->napi, skb);
		else if (dropping)
			dropping = netif_receive_skb(skb) == NET_RX_DROP;
		else
			list_add_tail(&skb->list, &list);
	}
	netif_receive_skb_list(&list);
	if (tx->m.vr.broken)
		tx_broken(ring);
	tx->count.packets += packets;
	tx->count.bytes += bytes;
	tun_tx_device_stats(tun->dev, packets, bytes);
	return done;
}

/* Call the user for what was published, if it wants that. Under RCU. */
static void tx_call(struct tun_ring *ring)
{
	if (!tun_vring_should_notify(&ring->tx.m.vr, &tun_kmem))
		return;
	ring->tx.count.wakeups++;
	tun_ring_call(&ring->tx.call);
	tun_queue_notify_writers(ring->q);
}

/**
 * tun_ring_tx_tell - make up for a call that was put off
 * @ring: the ring; the caller owns its NAPI, which does not come to it any more, or
 *	has closed it, and waited for a grace period
 */
void tun_ring_tx_tell(struct tun_ring *ring)
{
	rcu_read_lock();
	tx_call(ring);
	rcu_read_unlock();
}

/*
 * The ring is empty. Is it looked at again without a kick, because a packet came
 * not long ago? Only by a thread: a softirq would keep everybody off the CPU.
 */
static bool tx_looks_on(struct tun_ring_tx *tx, int done)
{
	u64 now;

	if (likely(!tx->poll_us) ||
	    !test_bit(NAPI_STATE_THREADED, &tx->napi.state))
		return false;
	now = local_clock();
	if (done)
		tx->busy_at = now;
	return now - tx->busy_at < (u64)tx->poll_us * NSEC_PER_USEC;
}

/*
 * The ring is empty. Does NAPI's timer poll it again, as it would a device with its
 * interrupts off (napi_defer_hard_irqs, gro_flush_timeout)? Ours are the kicks.
 */
static bool tx_defers(const struct napi_struct *napi, int done)
{
	return unlikely(napi_timeout_of(napi)) &&
	       (done ? napi_defer_of(napi) : napi->defer_hard_irqs_count) > 0;
}

/**
 * enum tx_next - who looks at a ring that is empty
 * @TX_AT_ONCE: we do
 * @TX_ON_KICK: we do, when the user asks for it
 * @TX_BY_TIMER: NAPI's timer, with kicks declined
 * @TX_BY_THREAD: the thread of coalesce.c, with kicks declined and no call before
 */
enum tx_next {
	TX_AT_ONCE,
	TX_ON_KICK,
	TX_BY_TIMER,
	TX_BY_THREAD,
};

static enum tx_next tx_rests(struct tun_ring *ring, int done)
{
	enum tx_next next = TX_ON_KICK;

	if (tx_looks_on(&ring->tx, done))
		next = TX_AT_ONCE;
	else if (tx_defers(&ring->tx.napi, done))
		next = TX_BY_TIMER;
	else if (tun_ring_coalesces(ring, done))
		next = TX_BY_THREAD;
	ring->tx.looks_on = next != TX_ON_KICK;
	if (next == TX_ON_KICK &&
	    tun_vring_enable_kick(&ring->tx.m.vr, &tun_kmem) > 0)
		next = TX_AT_ONCE;
	return next;
}

/*
 * One turn at a ring that is open. Return: chains, or @budget to have another turn;
 * @next: if that is less.
 */
static int tx_turn(struct tun_ring *ring, struct tun_dev *tun, int budget,
		   enum tx_next *next)
{
	struct tun_vring *vr = &ring->tx.m.vr;
	int done = 0;

	if (tun_tx_ready(ring, tun)) {
		/* the user reads that cache line: not at each look */
		if (!ring->tx.looks_on)
			tun_vring_disable_kick(vr, &tun_kmem);
		done = tx_run(ring, tun, budget, true);
		if (done)
			tun_vring_publish(vr, &tun_kmem);
		/* while the ring is ours: a kick from now on reschedules us */
		if (done < budget)
			*next = tx_rests(ring, done);
	}
	if (*next != TX_BY_THREAD)
		tx_call(ring);
	return *next == TX_AT_ONCE ? budget : done;
}

/* NAPI poll: at most @budget packets, then others have their turn. */
int tun_ring_tx_poll(struct napi_struct *napi, int budget)
{
	struct tun_ring *ring = container_of(napi, struct tun_ring, tx.napi);
	enum tx_next next = TX_ON_KICK;
	struct tun_dev *tun;
	int done = 0;

	/* netpoll looks for transmit completions only, and we have none */
	if (unlikely(!budget))
		return 0;

	rcu_read_lock();
	/* cleared first: a kick from now on runs us once more */
	if (unlikely(READ_ONCE(ring->rx_kicked)) && xchg(&ring->rx_kicked, 0))
		tun_ring_rx_kick(ring);
	tun = rcu_dereference(ring->q->tun);
	/* the flag before the ring: it may just have been put there */
	if (likely(!smp_load_acquire(&ring->tx.closed)))
		done = tx_turn(ring, tun, budget, &next);
	rcu_read_unlock();

	/* the timer was set to nothing meanwhile: nobody else would look */
	if (done < budget && napi_complete_done(napi, done) &&
	    unlikely(next == TX_BY_TIMER))
		napi_schedule(napi);
	return done;
}

static int tx_drain_some(struct tun_ring *ring, struct tun_dev *tun, int budget)
{
	int done = 0;

	local_bh_disable();
	rcu_read_lock();
	if (tun_tx_ready(ring, tun)) {
		done = tx_run(ring, tun, budget, false);
		tun_vring_publish(&ring->tx.m.vr, &tun_kmem);
	}
	rcu_read_unlock();
	local_bh_enable();
	return done;
}

/**
 * tun_ring_tx_drain - process what was made available before the end
 * @ring: the ring; the caller has disabled its NAPI, and owns it thereby
 *
 * Bounded by the size of the ring, and in turns like those of NAPI: all of it
 * may be many packets, large ones. What a device that is down leaves behind is
 * counted as dropped.
 */
void tun_ring_tx_drain(struct tun_ring *ring)
{
	struct tun_ring_tx *tx = &ring->tx;
	struct tun_dev *tun;
	int left, done;

	ASSERT_RTNL();

	/* a guest's, which was stopped before */
	if (tx->closed)
		return;
	tun = tun_dev_rtnl(ring->q);
	left = tx->m.vr.num;
	do {
		done = tx_drain_some(ring, tun, min(left, NAPI_POLL_WEIGHT));
		left -= done;
		cond_resched();
	} while (left && done == NAPI_POLL_WEIGHT);

	left = tun_vring_refresh(&tx->m.vr, &tun_kmem);
	if (left > 0)
		tx->count.dropped += left;
	tun_ring_tx_tell(ring);
}
