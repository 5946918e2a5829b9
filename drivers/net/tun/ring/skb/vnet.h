/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The virtio_net_hdr of a packet that the user receives.
 *
 * A packet of a tunnel with segmentation offload needs the offsets of its headers. A
 * header of 24 bytes has room for them. For shorter headers and records the stack makes
 * segments (tun_ring_rx_takes_tunnels()).
 */
#ifndef _TUN_RING_SKB_VNET_H
#define _TUN_RING_SKB_VNET_H

#include <linux/skbuff.h>
#include <linux/string.h>
#include <linux/virtio_net.h>

#include "../../vnet.h"

/**
 * union tun_ring_skb_hdr - the bytes of a header that may differ from zero
 * @any: the fields for the offloads
 * @mrg: num_buffers is at the same place in all headers that have it
 */
union tun_ring_skb_hdr {
	union vnet_any_hdr any;
	struct virtio_net_hdr_mrg_rxbuf mrg;
};

/**
 * tun_ring_skb_make_basic - make the fields that all headers and records have
 * @skb: the packet, or NULL for fields of zero
 * @hdr: out: the header
 * @le: byte order of @hdr
 * @vlan_hlen: bytes that the caller will insert before the checksum
 *
 * The caller logs an error after it has released rx.lock.
 *
 * Return: 0; or -EINVAL if the stack should not have sent the packet, or if the packet
 * of a tunnel waited while the rings or the size of the header changed.
 */
static inline int tun_ring_skb_make_basic(const struct sk_buff *skb,
					  struct virtio_net_hdr *hdr, bool le,
					  int vlan_hlen)
{
	if (!skb) {
		memset(hdr, 0, sizeof(*hdr));
		return 0;
	}
	if (unlikely(tun_vnet_is_tunnel(skb)))
		return -EINVAL;
	return virtio_net_hdr_from_skb(skb, hdr, le, true, vlan_hlen);
}

/**
 * tun_ring_skb_make_hdr - make a header
 * @skb: the packet, or NULL for fields of zero
 * @hdr: out: the header; num_buffers is not set
 * @hdr_sz: bytes of the user's header
 * @le: byte order of @hdr
 * @vlan_hlen: bytes that the caller will insert before the checksum
 *
 * Return: the number of bytes of @hdr, behind which the header is zero; or -EINVAL as
 * tun_ring_skb_make_basic().
 */
static inline int tun_ring_skb_make_hdr(const struct sk_buff *skb,
					union tun_ring_skb_hdr *hdr, int hdr_sz,
					bool le, int vlan_hlen)
{
	int err;

	if (skb && unlikely(tun_vnet_is_tunnel(skb)) && hdr_sz >= sizeof(*hdr)) {
		memset(hdr, 0, sizeof(*hdr));
		err = vnet_any_hdr_from_skb(skb, &hdr->any, le, vlan_hlen);
		return err ?: sizeof(*hdr);
	}
	err = tun_ring_skb_make_basic(skb, &hdr->any.basic, le, vlan_hlen);
	return err ?: sizeof(hdr->mrg);
}

#endif /* _TUN_RING_SKB_VNET_H */
