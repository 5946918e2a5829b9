/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The device's XDP program over packets of the transmit ring.
 */
#ifndef _TUN_RING_TX_XDP_H
#define _TUN_RING_TX_XDP_H

#include <linux/bpf.h>

#include "../../tun.h"
#include "packet.h"

struct sk_buff *tun_ring_tx_copy_xdp(struct tun_ring *ring, struct tun_dev *tun,
				     struct tun_ring_tx_packet *p);

/* Bytes in front of the packet, with room for headers that a program adds. */
static inline u32 tun_ring_tx_headroom(const struct tun_dev *tun)
{
	u32 headroom = READ_ONCE(tun->align) + NET_IP_ALIGN;

	return likely(!rcu_access_pointer(tun->xdp_prog)) ?
		       headroom : headroom + XDP_PACKET_HEADROOM;
}

/*
 * May the program run before the packet has an skb? Generic XDP takes GSO
 * packets, as for write(), and packets with a tag beside their bytes.
 */
static inline bool tun_ring_tx_xdp_native(const struct tun_dev *tun,
					  const struct tun_ring_tx_packet *p,
					  const union tun_ring_tx_meta *r)
{
	return rcu_access_pointer(tun->xdp_prog) &&
	       !(p->has_vnet_hdr && p->hdr.basic.gso_type) &&
	       !(r && r->meta.flags & cpu_to_le16(TUN_RING_META_VLAN));
}

#endif /* _TUN_RING_TX_XDP_H */
