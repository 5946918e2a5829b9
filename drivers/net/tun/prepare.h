/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sets header, protocol and device of a packet from user space: inline, for the
 * packet paths of receive.c and sock.c.
 */
#ifndef _TUN_PREPARE_H
#define _TUN_PREPARE_H

#include <linux/etherdevice.h>
#include <linux/skbuff.h>

#include "stats.h"
#include "tun.h"
#include "vnet.h"

/* Return: the EtherType of the IP version, or 0 for an unknown version. */
static __always_inline __be16 tun_prepare_derive_protocol(struct sk_buff *skb)
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

static inline void tun_prepare_tun_protocol(struct tun_dev *tun,
					    struct sk_buff *skb, __be16 proto)
{
	skb_reset_mac_header(skb);
	skb->protocol = proto;
	skb->dev = tun->dev;
}

/* tun_receive_set_protocol(), inlined for the packet path. A struct tun_pi may
 * hold protocol 0, which the packet keeps.
 */
static __always_inline int tun_prepare_protocol(struct tun_dev *tun,
						struct sk_buff *skb, bool tap,
						__be16 proto, bool has_pi)
{
	if (tap) {
		if (unlikely(!pskb_may_pull(skb, ETH_HLEN)))
			return -ENOMEM;
		skb->protocol = eth_type_trans(skb, tun->dev);
		return 0;
	}

	if (!proto && !has_pi) {
		proto = tun_prepare_derive_protocol(skb);
		if (unlikely(!proto))
			return -EINVAL;
	}
	tun_prepare_tun_protocol(tun, skb, proto);

	return 0;
}

/**
 * tun_prepare_packet - prepare a written packet for the stack
 * @tun: the device
 * @q: the queue that the packet came from
 * @skb: the packet; freed on error
 * @vnet: the packet's header, or NULL
 * @proto: on a TUN device: the EtherType, or NULL to derive it
 *
 * Return: 0 or a negative errno.
 */
static __always_inline int
tun_prepare_packet(struct tun_dev *tun, struct tun_queue *q,
		   struct sk_buff *skb, const struct virtio_net_hdr *vnet,
		   const __be16 *proto)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_NOT_SPECIFIED;
	bool tap = tun_is_tap(tun);
	int err;

	if (vnet) {
		err = tun_vnet_hdr_to_skb(tun, skb, proto ? *proto : 0, vnet,
					  tun_vnet_is_little_endian(tun));
		if (unlikely(err))
			goto free;
	}

	err = tun_prepare_protocol(tun, skb, tap, proto ? *proto : 0,
				   proto);
	if (unlikely(err)) {
		if (tap)
			reason = SKB_DROP_REASON_HDR_TRUNC;
		tun_stats_rx_dropped(tun);
		goto free;
	}

	skb_reset_network_header(skb);
	skb_probe_transport_header(skb);
	skb_record_rx_queue(skb, READ_ONCE(q->index));

	return 0;
free:
	kfree_skb_reason(skb, reason);
	return err;
}

#endif /* _TUN_PREPARE_H */
