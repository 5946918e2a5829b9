// SPDX-License-Identifier: GPL-2.0
/*
 * User to stack: what was made available becomes packets.
 */
#include "tx.h"

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
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
#include "account.h"
#include "build.h"

/*
 * Can GRO do anything for the packet? A datagram it only merges for a socket
 * that asked for it, or a device that is told to; otherwise it would take apart
 * each of them for nothing.
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
	return static_branch_unlikely(&udp_encap_needed_key) ||
	       dev->features & (NETIF_F_GRO_FRAGLIST | NETIF_F_GRO_UDP_FWD);
}

/* Take one packet off the ring. Return: NULL if it ends here. */
static struct sk_buff *tun_ring_tx_one(struct tun_ring *ring,
				       struct tun_dev *tun)
{
	struct tun_ring_tx *tx = &ring->tx;
	struct sk_buff *skb;

	skb = tun_ring_tx_build(ring, tun);
	tun_vring_push(&tx->vq.vr, &tun_kmem, tx->chain.head, 0);
	if (IS_ERR(skb)) {
		tun_ring_tx_error(ring, tun, PTR_ERR(skb));
		return NULL;
	}
	return tun_ring_tx_xdp(ring, tun, &skb) ? skb : NULL;
}

static void tun_ring_tx_broken(struct tun_ring *ring)
{
	if (tun_ring_set_broken(ring, EPROTO))
		tun_ring_report_broken(ring, &ring->tx.vq.vr);
}

/**
 * tun_ring_tx_run - give packets to the stack
 * @ring: the ring; bottom halves are off, under RCU, and tun_ring_tx_ready()
 * @tun: its device
 * @budget: packets, at the most
 * @gro: the caller is the NAPI instance of the ring
 *
 * In a list, which the stack's protocols take up in one go. Where tc drops what
 * comes, one by one is better: what was freed is still at hand for the next. The
 * packets themselves show it. What was used is not published yet.
 *
 * Return: chains taken.
 */
int tun_ring_tx_run(struct tun_ring *ring, struct tun_dev *tun, int budget,
		    bool gro)
{
	struct tun_ring_tx *tx = &ring->tx;
	bool udp = tun_ring_tx_udp_gro(tun->dev);
	u64 packets = 0, bytes = 0;
	bool dropping = true;
	struct sk_buff *skb;
	LIST_HEAD(list);
	int done = 0;

	while (done < budget &&
	       tun_vring_pop(&tx->vq.vr, &tun_kmem, TUN_VRING_READ,
			     tun_kmem_walk_read, &tx->chain) > 0) {
		done++;
		skb = tun_ring_tx_one(ring, tun);
		if (unlikely(!skb))
			continue;
		packets++;
		bytes += skb->len - skb_mac_offset(skb);
		tun_receive_learn(tun, ring->q, skb);
		if (gro && tun_ring_tx_wants_gro(skb, udp))
			napi_gro_receive(&tx->napi, skb);
		else if (dropping)
			dropping = netif_receive_skb(skb) == NET_RX_DROP;
		else
			list_add_tail(&skb->list, &list);
	}
	netif_receive_skb_list(&list);
	if (tx->vq.vr.broken)
		tun_ring_tx_broken(ring);
	tx->count.packets += packets;
	tx->count.bytes += bytes;
	tun_ring_tx_device_stats(tun->dev, packets, bytes);
	return done;
}

/**
 * tun_ring_tx_notify - call the user for what was published, if it wants that
 * @ring: the ring; the caller owns its NAPI, or has closed it, and waited for a
 *	grace period
 */
void tun_ring_tx_notify(struct tun_ring *ring)
{
	rcu_read_lock();
	if (tun_vring_should_notify(&ring->tx.vq.vr, &tun_kmem)) {
		ring->tx.count.wakeups++;
		tun_ring_eventfd_signal(&ring->tx.call);
		tun_queue_notify_writers(ring->q);
	}
	rcu_read_unlock();
}

static int tun_ring_tx_drain_some(struct tun_ring *ring, struct tun_dev *tun,
				  int budget)
{
	int done = 0;

	local_bh_disable();
	rcu_read_lock();
	if (tun_ring_tx_ready(ring, tun)) {
		done = tun_ring_tx_run(ring, tun, budget, false);
		tun_vring_publish(&ring->tx.vq.vr, &tun_kmem);
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
	left = tx->vq.vr.num;
	do {
		done = tun_ring_tx_drain_some(ring, tun,
					      min(left, NAPI_POLL_WEIGHT));
		left -= done;
		cond_resched();
	} while (left && done == NAPI_POLL_WEIGHT);

	left = tun_vring_refresh(&tx->vq.vr, &tun_kmem);
	if (left > 0)
		tx->count.dropped += left;
	tun_ring_tx_notify(ring);
}
