/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Prepares an skb from user space, and gives it to the stack.
 */
#ifndef _TUN_RECEIVE_H
#define _TUN_RECEIVE_H

#include <linux/etherdevice.h>
#include <linux/skbuff.h>

#include "stats.h"
#include "tun.h"
#include "vnet.h"

int tun_receive_prepare(struct tun_dev *tun, struct tun_queue *q,
			struct sk_buff *skb, const union vnet_any_hdr *vnet,
			const __be16 *proto);
int tun_receive_skb(struct tun_dev *tun, struct tun_queue *q,
		    struct sk_buff *skb, size_t len, bool more);

/* Return: the EtherType of the IP version, or 0 for an unknown version. */
static __always_inline __be16 tun_receive_derive_protocol(struct sk_buff *skb)
{
	if (unlikely(!pskb_may_pull(skb, 1)))
		return 0;

	switch (skb->data[0] >> 4) {
	case 4:
		return htons(ETH_P_IP);
	case 6:
		return htons(ETH_P_IPV6);
	default:
		return 0;
	}
}

static inline void tun_receive_set_tun_protocol(struct tun_dev *tun,
						struct sk_buff *skb,
						__be16 proto)
{
	skb_reset_mac_header(skb);
	skb->protocol = proto;
	skb->dev = tun->dev;
}

/**
 * tun_receive_give_protocol - set the protocol and the device of a packet
 * @tun: the device
 * @skb: the packet; on a TAP device its link-layer header is pulled
 * @tap: the device is a TAP device
 * @proto: on a TUN device: the EtherType
 * @has_pi: @proto is from a struct tun_pi, which may hold 0; else 0 means to
 *	derive it from the IP version
 *
 * Return: 0, -EINVAL for an unknown IP version, or -ENOMEM.
 */
static __always_inline int tun_receive_give_protocol(struct tun_dev *tun,
						     struct sk_buff *skb,
						     bool tap, __be16 proto,
						     bool has_pi)
{
	if (tap) {
		if (unlikely(!pskb_may_pull(skb, ETH_HLEN)))
			return -ENOMEM;
		skb->protocol = eth_type_trans(skb, tun->dev);
		return 0;
	}

	if (!proto && !has_pi) {
		proto = tun_receive_derive_protocol(skb);
		if (unlikely(!proto))
			return -EINVAL;
	}
	tun_receive_set_tun_protocol(tun, skb, proto);

	return 0;
}

/**
 * tun_receive_prepare_inline - tun_receive_prepare(), inlined for vhost_net's packets
 * @tun: the device
 * @q: the queue that the packet came from
 * @skb: the packet; freed on error
 * @vnet: the packet's header, or NULL
 * @proto: on a TUN device: the EtherType, or NULL to derive it
 *
 * Return: 0 or a negative errno.
 */
static __always_inline int
tun_receive_prepare_inline(struct tun_dev *tun, struct tun_queue *q,
			   struct sk_buff *skb,
			   const union vnet_any_hdr *vnet,
			   const __be16 *proto)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_NOT_SPECIFIED;
	bool tap = tun_is_tap(tun);
	int err;

	if (vnet) {
		err = tun_vnet_any_hdr_to_skb(tun, skb, proto ? *proto : 0,
					      vnet,
					      tun_vnet_is_little_endian(tun));
		if (unlikely(err))
			goto free;
	}

	err = tun_receive_give_protocol(tun, skb, tap, proto ? *proto : 0,
					proto);
	if (unlikely(err)) {
		if (tap)
			reason = SKB_DROP_REASON_HDR_TRUNC;
		tun_stats_rx_dropped(tun);
		goto free;
	}

	skb_reset_network_header(skb);
	skb_probe_transport_header(skb);

	return 0;
free:
	kfree_skb_reason(skb, reason);
	return err;
}

/**
 * tun_receive_learn - steer later packets of this flow to this queue
 * @tun: the device
 * @q: the queue that the packet came from
 * @skb: the packet, ready for the stack
 */
static inline void tun_receive_learn(struct tun_dev *tun, struct tun_queue *q,
				     struct sk_buff *skb)
{
	if (READ_ONCE(tun->numqueues) > 1 && tun_queue_is_active(q))
		tun_steer_learn(&tun->steer, skb, READ_ONCE(q->index));
}

#endif /* _TUN_RECEIVE_H */
