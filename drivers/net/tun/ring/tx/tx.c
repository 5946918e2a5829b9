// SPDX-License-Identifier: GPL-2.0
/*
 * User to stack: NAPI gives the packets of available chains to the stack.
 */
#include "tx.h"

#include <linux/filter.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/sched/signal.h>
#include <linux/skbuff.h>
#include <net/gro.h>
#include <net/udp.h>

#include "../../receive.h"
#include "../../tun.h"
#include "../../wake.h"
#include "../engine/access_kernel.h"
#include "../engine/vring.h"
#include "../event/eventfd.h"
#include "../event/report.h"
#include "../mem/access.h"
#include "../state.h"
#include "../trace.h"
#include "account.h"
#include "build.h"
#include "sndbuf.h"

/*
 * Can GRO merge the packet? GRO merges UDP datagrams only for a socket that
 * asked for that, or on a device with one of two features. Otherwise GRO would
 * parse each datagram for nothing.
 */
static bool tun_ring_tx_wants_gro(const struct sk_buff *skb, bool udp)
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

static bool tun_ring_tx_udp_gro(const struct net_device *dev)
{
	return tun_udp_gro_wanted() ||
	       dev->features & (NETIF_F_GRO_FRAGLIST | NETIF_F_GRO_UDP_FWD);
}

/*
 * Give a packet to GRO. If the packets that GRO holds have other metadata, they
 * are delivered first: GRO would merge the packets, and keep the metadata of
 * one.
 */
static void tun_ring_tx_gro(struct tun_ring_tx *tx, struct sk_buff *skb)
{
	struct tun_ring_tx_held *held = &tx->held;

	if (unlikely(skb->mark != held->mark ||
		     skb->priority != held->priority ||
		     skb->tstamp != held->tstamp)) {
		napi_gro_flush(&tx->napi, false);
		held->mark = skb->mark;
		held->priority = skb->priority;
		held->tstamp = skb->tstamp;
	}
	napi_gro_receive(&tx->napi, skb);
}

/* Packets that the native program redirected leave for their devices. */
static void tun_ring_tx_flush_redirected(struct tun_ring_tx *tx)
{
	if (likely(!tx->redirected))
		return;
	tx->redirected = false;
	xdp_do_flush();
}

/*
 * Process the popped chain. Generic XDP redirects a packet at once, so redirected
 * packets before this packet go first. Return: an skb for the stack, or NULL.
 */
static struct sk_buff *tun_ring_tx_one(struct tun_ring *ring,
				       struct tun_dev *tun)
{
	struct tun_ring_tx *tx = &ring->tx;
	bool xdp_done = false;
	struct sk_buff *skb;

	skb = tun_ring_tx_build(ring, tun, &xdp_done);
	tun_vring_push(&tx->vq.vr, &tun_kmem, tx->chain.head, 0);
	if (IS_ERR(skb)) {
		tun_ring_tx_error(ring, tun, PTR_ERR(skb));
		return NULL;
	}
	if (unlikely(!skb))
		tun_ring_count_inc(&tx->count, dropped);
	if (unlikely(xdp_done))
		return skb;
	tun_ring_tx_flush_redirected(tx);
	return tun_ring_tx_xdp(ring, tun, &skb) ? skb : NULL;
}

static void tun_ring_tx_broken(struct tun_ring *ring)
{
	if (tun_ring_set_broken(ring, EPROTO))
		tun_ring_report_broken(ring, &ring->tx.vq.vr);
}

/* Use entries and count them as dropped. Return: the number of popped chains. */
static int tun_ring_tx_discard(struct tun_ring *ring, struct tun_dev *tun,
			       int budget)
{
	struct tun_ring_tx *tx = &ring->tx;
	int done;

	for (done = 0; done < budget; done++) {
		if (tun_vring_pop(&tx->vq.vr, &tun_kmem, TUN_VRING_READ,
				  tun_kmem_walk_read, &tx->chain) <= 0)
			break;
		tun_vring_push(&tx->vq.vr, &tun_kmem, tx->chain.head, 0);
		tun_ring_tx_discarded(ring, tun);
	}
	if (tx->vq.vr.broken)
		tun_ring_tx_broken(ring);
	return done;
}

/*
 * Is the device down, or the queue detached? User space may set the device up
 * and then add entries at any moment. The server drops only the entries that
 * were available before the server found the device down once more: the
 * function lowers @budget to their number. tun_vring_refresh() orders the load
 * of the index before the second look (A). User space sets the device up before
 * it stores the index (a), so an entry of a device that is up is not dropped.
 */
static bool tun_ring_tx_is_down(struct tun_ring *ring, struct tun_dev *tun,
				int *budget)
{
	if (likely(tun_ring_tx_may_send(ring, tun)))
		return false;
	*budget = min(*budget, tun_vring_refresh(&ring->tx.vq.vr, &tun_kmem));
	return !tun_ring_tx_may_send(ring, tun);
}

/**
 * tun_ring_tx_run - give packets to the stack
 * @ring: the rings; the caller is under RCU, with bottom halves off, and
 *	tun_ring_tx_ready() is true
 * @tun: the device; if tun_ring_tx_may_send() is false, packets are dropped
 * @budget: the largest number of packets
 * @gro: the caller is the NAPI instance of the rings
 *
 * The protocols of the stack process a list of packets faster than single
 * packets. If tc drops the packets, single packets are better: the cache still
 * holds the memory of the dropped packet for the next one. The function
 * delivers single packets for as long as the stack drops each of them. The
 * function ends at the limit of TUNSETSNDBUF. The caller publishes the used
 * index.
 *
 * Return: the number of popped chains.
 */
int tun_ring_tx_run(struct tun_ring *ring, struct tun_dev *tun, int budget,
		    bool gro)
{
	struct tun_ring_tx *tx = &ring->tx;
	bool udp = tun_ring_tx_udp_gro(tun->dev);
	bool limited = tun_ring_tx_limited(ring);
	u64 packets = 0, bytes = 0;
	bool dropping = true;
	struct sk_buff *skb;
	LIST_HEAD(list);
	int done = 0;

	if (unlikely(tun_ring_tx_is_down(ring, tun, &budget)))
		return tun_ring_tx_discard(ring, tun, budget);
	while (done < budget &&
	       !(unlikely(limited) && tun_ring_tx_limit_reached(ring)) &&
	       tun_vring_pop(&tx->vq.vr, &tun_kmem, TUN_VRING_READ,
			     tun_kmem_walk_read, &tx->chain) > 0) {
		done++;
		skb = tun_ring_tx_one(ring, tun);
		if (unlikely(!skb))
			continue;
		if (unlikely(limited))
			tun_ring_tx_own(ring, skb);
		packets++;
		bytes += skb->len - skb_mac_offset(skb);
		tun_receive_learn(tun, ring->q, skb);
		if (gro && tun_ring_tx_wants_gro(skb, udp))
			tun_ring_tx_gro(tx, skb);
		else if (dropping)
			dropping = netif_receive_skb(skb) == NET_RX_DROP;
		else
			list_add_tail(&skb->list, &list);
	}
	netif_receive_skb_list(&list);
	tun_ring_tx_flush_redirected(tx);
	if (tx->vq.vr.broken)
		tun_ring_tx_broken(ring);
	tun_ring_count_packets(&tx->count, packets, bytes);
	tun_ring_tx_device_stats(tun->dev, packets, bytes);
	return done;
}

/**
 * tun_ring_tx_notify - notify the user of published entries, if wanted
 * @ring: the rings; the caller owns their NAPI, or has closed the transmit ring
 *	and waited for a grace period
 */
void tun_ring_tx_notify(struct tun_ring *ring)
{
	rcu_read_lock();
	if (tun_vring_should_notify(&ring->tx.vq.vr, &tun_kmem)) {
		tun_ring_count_inc(&ring->tx.count, wakeups);
		tun_ring_eventfd_signal(&ring->tx.call);
		tun_queue_notify_writers(ring->q);
	}
	rcu_read_unlock();
}

/*
 * The caller has closed the ring. XDP redirects by the bpf_net_context, which
 * NAPI has of its own. Return: the number of popped chains.
 */
static int tun_ring_tx_drain_some(struct tun_ring *ring, int budget)
{
	struct bpf_net_context ctx_on_stack, *ctx;
	struct tun_dev *tun;
	int done = 0;

	local_bh_disable();
	ctx = bpf_net_ctx_set(&ctx_on_stack);
	rcu_read_lock();
	tun = rcu_dereference(ring->q->tun);
	if (tun_ring_tx_ready(ring, tun)) {
		done = tun_ring_tx_run(ring, tun, budget, false);
		tun_ring_trace_consumed(ring);
		tun_vring_publish(&ring->tx.vq.vr, &tun_kmem);
	}
	rcu_read_unlock();
	bpf_net_ctx_clear(ctx);
	local_bh_enable();
	return done;
}

/* NAPI may run, so the result may be out of date at once. */
static bool tun_ring_tx_is_empty(const struct tun_ring *ring)
{
	const struct tun_vring *vr = &ring->tx.vq.vr;
	u16 idx;

	tun_kmem_load16(vr, &vr->avail->idx, &idx);
	return idx == READ_ONCE(vr->last_avail);
}

/**
 * tun_ring_tx_drain - process the available chains before teardown
 * @ring: the rings, served by NAPI; the caller holds the ring_mutex of their
 *	queue, and not rtnl
 *
 * The function closes the transmit ring, and thereby owns it. A ring may hold
 * many large packets. The function therefore processes NAPI_POLL_WEIGHT packets
 * in each RCU section, lets other tasks run between two sections, and leaves
 * the rest if the task is killed. The rest is counted as dropped.
 */
void tun_ring_tx_drain(struct tun_ring *ring)
{
	struct tun_ring_tx *tx = &ring->tx;
	int left, done;

	lockdep_assert_held(&ring->q->ring_mutex);

	/* a guest's ring that was closed before, or nothing to process */
	if (tx->closed || tun_ring_tx_is_empty(ring))
		return;
	WRITE_ONCE(tx->closed, true);
	/* wait until NAPI has left the ring, or sees the flag */
	synchronize_rcu();
	left = tx->vq.vr.num;
	do {
		done = tun_ring_tx_drain_some(ring,
					      min(left, NAPI_POLL_WEIGHT));
		left -= done;
		cond_resched();
	} while (left && done == NAPI_POLL_WEIGHT &&
		 !fatal_signal_pending(current));

	left = tun_vring_refresh(&tx->vq.vr, &tun_kmem);
	if (left > 0)
		tun_ring_count_add(&tx->count, dropped, left);
	tun_ring_tx_notify(ring);
}
