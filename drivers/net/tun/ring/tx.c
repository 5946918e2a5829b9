// SPDX-License-Identifier: GPL-2.0
/*
 * User to stack: the NAPI instance of the queue takes what was made available.
 *
 * While it is scheduled, kicks are declined. Before it goes to sleep it asks
 * for one and looks once more (barrier B in vring.h).
 */
#include "state.h"

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/udp.h>

#include "../input.h"
#include "../queue.h"
#include "../stats.h"
#include "../tun.h"
#include "../xdp.h"
#include "ring.h"

static noinline int tx_walk(struct tun_vring *vr,
			    const struct tun_vring_desc *first,
			    struct tun_vring_chain *c)
{
	return tun_vring_walk(vr, &tun_mapped, false, first, c);
}

static void tx_error(struct tun_ring *ring, struct tun_dev *tun, int err)
{
	struct tun_ring_counters *count = &ring->tx.count;

	if (err == -ENOMEM)
		count->dropped++;
	else
		count->errors++;
	tun_stats_rx_dropped(tun);
}

static bool tx_xdp(struct tun_ring *ring, struct tun_dev *tun,
		   struct sk_buff **skb)
{
	if (likely(!rcu_access_pointer(tun->xdp_prog)))
		return true;
	if (tun_xdp_generic(tun, skb))
		return true;
	ring->tx.count.dropped++;
	return false;
}

/* Once for a batch; bottom halves are off. */
static void tx_device_stats(struct net_device *dev, u64 packets, u64 bytes)
{
	struct pcpu_sw_netstats *stats = this_cpu_ptr(dev->tstats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_add(&stats->rx_packets, packets);
	u64_stats_add(&stats->rx_bytes, bytes);
	u64_stats_update_end(&stats->syncp);
}

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
	tun_vring_push(&tx->m.vr, &tun_mapped, tx->chain.head, 0);
	if (IS_ERR(skb)) {
		tx_error(ring, tun, PTR_ERR(skb));
		return NULL;
	}
	return tx_xdp(ring, tun, &skb) ? skb : NULL;
}

/*
 * Give up to @budget packets to the stack.
 * Return: chains taken.
 */
static int tx_run(struct tun_ring *ring, struct tun_dev *tun, int budget,
		  bool gro)
{
	struct tun_ring_tx *tx = &ring->tx;
	bool udp = tx_udp_gro(tun->dev);
	u64 packets = 0, bytes = 0;
	struct sk_buff *skb;
	LIST_HEAD(list);
	int done = 0;

	while (done < budget &&
	       tun_vring_pop(&tx->m.vr, &tun_mapped, false, tx_walk,
			     &tx->chain) > 0) {
		done++;
		skb = tx_one(ring, tun);
		if (unlikely(!skb))
			continue;
		packets++;
		bytes += skb->len - skb_mac_offset(skb);
		tun_input_learn(tun, ring->q, skb);
		if (gro && tx_wants_gro(skb, udp))
			napi_gro_receive(&tx->napi, skb);
		else
			list_add_tail(&skb->list, &list);
	}
	netif_receive_skb_list(&list);
	if (tx->m.vr.broken)
		tun_ring_break(ring, &tx->m.vr);
	tx->count.packets += packets;
	tx->count.bytes += bytes;
	tx_device_stats(tun->dev, packets, bytes);
	return done;
}

static void tx_publish(struct tun_ring *ring)
{
	struct tun_vring *vr = &ring->tx.m.vr;

	tun_vring_publish(vr, &tun_mapped);
	if (!tun_vring_should_notify(vr, &tun_mapped))
		return;
	ring->tx.count.wakeups++;
	tun_queue_notify_writers(ring->q);
}

/* A device that is down takes nothing; tun_ring_device_up() starts it again. */
static bool tx_ready(const struct tun_ring *ring, const struct tun_dev *tun)
{
	return tun && tun->dev->flags & IFF_UP && !READ_ONCE(ring->broken);
}

/* NAPI poll: at most @budget packets, then others have their turn. */
int tun_ring_tx_poll(struct napi_struct *napi, int budget)
{
	struct tun_ring *ring = container_of(napi, struct tun_ring, tx.napi);
	struct tun_vring *vr = &ring->tx.m.vr;
	struct tun_dev *tun;
	int done = 0;

	rcu_read_lock();
	tun = rcu_dereference(ring->q->tun);
	if (tx_ready(ring, tun)) {
		tun_vring_disable_kick(vr, &tun_mapped);
		done = tx_run(ring, tun, budget, true);
		if (done)
			tx_publish(ring);
		/* while the ring is ours: a kick from now on reschedules us */
		if (done < budget &&
		    tun_vring_enable_kick(vr, &tun_mapped) > 0)
			done = budget;
	}
	rcu_read_unlock();

	if (done < budget)
		napi_complete_done(napi, done);
	return done;
}

/**
 * tun_ring_tx_drain - process what was made available before the end
 * @ring: the ring; the caller has disabled its NAPI, and owns it thereby
 *
 * Bounded by the size of the ring. What a device that is down leaves behind
 * is counted as dropped.
 */
void tun_ring_tx_drain(struct tun_ring *ring)
{
	struct tun_ring_tx *tx = &ring->tx;
	struct tun_dev *tun;
	int left;

	ASSERT_RTNL();

	tun = tun_dev_rtnl(ring->q);
	local_bh_disable();
	if (tx_ready(ring, tun)) {
		rcu_read_lock();
		tx_run(ring, tun, tx->m.vr.num, false);
		rcu_read_unlock();
		tun_vring_publish(&tx->m.vr, &tun_mapped);
	}
	left = tun_vring_refresh(&tx->m.vr, &tun_mapped);
	if (left > 0)
		tx->count.dropped += left;
	local_bh_enable();
}
