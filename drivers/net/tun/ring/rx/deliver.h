/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Delivery of one packet into receive buffers.
 */
#ifndef _TUN_RING_DELIVER_H
#define _TUN_RING_DELIVER_H

#include <linux/if_vlan.h>

#include "../../vnet.h"
#include "../state.h"

struct xdp_frame;

/**
 * struct tun_ring_packet - a packet on its way to the user
 * @skb: the skb of the packet, or NULL
 * @data: without @skb: the @len contiguous bytes of the packet
 * @len: bytes, without a VLAN tag in the fields of the skb
 * @vlan_hlen: bytes of such a tag, or 0; the counters include them
 * @protocol: EtherType
 */
struct tun_ring_packet {
	const struct sk_buff *skb;
	const void *data;
	u32 len;
	u16 vlan_hlen;
	__be16 protocol;
};

static inline void tun_ring_rx_packet_of_skb(struct tun_ring_packet *p,
					     const struct sk_buff *skb)
{
	p->skb = skb;
	p->data = NULL;
	p->len = skb->len;
	p->vlan_hlen = skb_vlan_tag_present(skb) ? VLAN_HLEN : 0;
	p->protocol = skb->protocol;
}

void tun_ring_rx_packet_of_frame(struct tun_ring_packet *p,
				 const struct xdp_frame *frame);
int tun_ring_rx_deliver(struct tun_ring *ring, const struct tun_dev *tun,
			const struct tun_ring_packet *p);
int tun_ring_rx_deliver_user(struct tun_ring *ring, const struct tun_dev *tun,
			     const struct tun_ring_packet *p);

/*
 * Is num_buffers little-endian? vhost_net writes the count, so a guest reads it
 * in the byte order of its rings, also if the device's headers are big-endian.
 */
static inline bool tun_ring_rx_nbufs_is_le(const struct tun_ring *ring,
					   const struct tun_dev *tun)
{
	return tun_vnet_is_little_endian(tun) ||
	       (IS_ENABLED(CONFIG_CPU_BIG_ENDIAN) && ring->guest);
}

static inline __virtio16 tun_ring_rx_nbufs(const struct tun_ring *ring,
					   const struct tun_dev *tun, u16 n)
{
	return __cpu_to_virtio16(tun_ring_rx_nbufs_is_le(ring, tun), n);
}

#endif /* _TUN_RING_DELIVER_H */
