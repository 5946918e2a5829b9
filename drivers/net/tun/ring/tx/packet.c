// SPDX-License-Identifier: GPL-2.0
#include "packet.h"

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/skbuff.h>

#include "../../receive.h"
#include "../../tun.h"
#include "../../vnet.h"
#include "../state.h"
#include "account.h"

#define META_KNOWN	(TUN_RING_META_VLAN | TUN_RING_META_HASH |	\
			 TUN_RING_META_HASH_L4 | TUN_RING_META_MARK |	\
			 TUN_RING_META_PRIORITY | TUN_RING_META_TSTAMP)

/* These flags need TUN_RING_F_TX_MARK: the stack trusts their fields. */
#define META_PRIVILEGED	(TUN_RING_META_MARK | TUN_RING_META_PRIORITY |	\
			 TUN_RING_META_TSTAMP)

/*
 * Without TUN_RING_F_TX_MARK these flags are ignored: the stack steers packets
 * by the hash, and computes the hash if there is none. A program may copy
 * records of received packets, so the flags are no error.
 */
#define META_TRUSTED	(TUN_RING_META_HASH | TUN_RING_META_HASH_L4)

/*
 * The permission is valid while the device is in the namespace of the set-up.
 */
static bool tun_ring_tx_may_mark(const struct tun_ring *ring,
				 const struct tun_dev *tun)
{
	return ring->tx_mark &&
	       ring->tx_mark_net == tun_ring_tx_net_cookie(tun);
}

/**
 * tun_ring_tx_packet_of_meta - check a record, and describe its packet
 * @ring: the rings
 * @tun: the device
 * @m: a copy of the record; the function clears flags that it ignores
 * @p: to be filled in
 *
 * Return: 0 or -EINVAL.
 */
int tun_ring_tx_packet_of_meta(const struct tun_ring *ring,
			       const struct tun_dev *tun,
			       struct tun_ring_meta *m,
			       struct tun_ring_tx_packet *p)
{
	u16 flags = le16_to_cpu(m->flags);

	if (flags & ~META_KNOWN || m->num_buffers ||
	    m->reserved[0] || m->reserved[1] || m->reserved[2])
		return -EINVAL;
	if (flags & (META_PRIVILEGED | META_TRUSTED) &&
	    !tun_ring_tx_may_mark(ring, tun)) {
		if (flags & META_PRIVILEGED)
			return -EINVAL;
		m->flags &= ~cpu_to_le16(META_TRUSTED);
	}
	if (flags & TUN_RING_META_VLAN &&
	    (!tun_is_tap(tun) || !eth_type_vlan(m->vlan_proto)))
		return -EINVAL;
	if (m->protocol && tun_is_tap(tun))
		return -EINVAL;

	p->proto = m->protocol;
	p->le = true;
	p->has_vnet_hdr = m->vnet_flags || m->gso_type || m->hdr_len;
	if (p->has_vnet_hdr)
		tun_vnet_load(&p->hdr, m, sizeof(p->hdr.basic));
	return 0;
}

/* Copy the fields of a checked record into the skb. */
void tun_ring_tx_meta_to_skb(struct sk_buff *skb, const struct tun_ring_meta *m)
{
	u16 flags = le16_to_cpu(m->flags);

	if (likely(!flags))
		return;
	if (flags & TUN_RING_META_VLAN)
		__vlan_hwaccel_put_tag(skb, m->vlan_proto,
				       le16_to_cpu(m->vlan_tci));
	if (flags & TUN_RING_META_HASH)
		skb_set_hash(skb, le32_to_cpu(m->hash),
			     flags & TUN_RING_META_HASH_L4 ?
			     PKT_HASH_TYPE_L4 : PKT_HASH_TYPE_L3);
	if (flags & TUN_RING_META_MARK)
		skb->mark = le32_to_cpu(m->mark);
	if (flags & TUN_RING_META_PRIORITY)
		skb->priority = le32_to_cpu(m->priority);
	if (flags & TUN_RING_META_TSTAMP)
		skb->tstamp = ns_to_ktime(le64_to_cpu(m->tstamp));
}

/**
 * tun_ring_tx_packet_check_vnet - check that a virtio_net_hdr fits its packet
 * @tun: the device
 * @p: the packet, with a header that is not empty; the function corrects its
 *	hdr_len
 *
 * Return: 0 or -EINVAL.
 */
int tun_ring_tx_packet_check_vnet(const struct tun_dev *tun,
				  struct tun_ring_tx_packet *p)
{
	int hdr_len = tun_vnet_hdr_check(&p->hdr.basic, p->len, p->le);

	if (hdr_len < 0)
		return hdr_len;
	return tun_is_tap(tun) && hdr_len && hdr_len < ETH_HLEN ? -EINVAL : 0;
}

/*
 * Apply the header of a packet. Before Linux 6.2, rings alone have UDP segmentation
 * offload.
 */
static int tun_ring_tx_packet_vnet(struct tun_dev *tun,
				   const struct tun_ring_tx_packet *p,
				   struct sk_buff *skb)
{
	if (!TUN_USO_BY_RINGS_ALONE ||
	    likely(p->hdr.basic.gso_type != VIRTIO_NET_HDR_GSO_UDP_L4))
		return tun_vnet_any_hdr_to_skb(tun, skb, p->proto, &p->hdr,
					       p->le);
	if (likely(!virtio_net_hdr_to_skb_uso(skb, &p->hdr.basic, p->le)))
		return 0;
	atomic_long_inc(&tun->rx_frame_errors);
	return -EINVAL;
}

/* Set the fields of the skb that the stack expects from a driver. */
int tun_ring_tx_packet_finish(struct tun_ring *ring, struct tun_dev *tun,
			      const struct tun_ring_tx_packet *p,
			      struct sk_buff *skb)
{
	int err;

	if (p->has_vnet_hdr) {
		err = tun_ring_tx_packet_vnet(tun, p, skb);
		if (err)
			return err;
	}
	err = tun_receive_give_protocol(tun, skb, tun_is_tap(tun), p->proto,
					p->has_pi);
	if (unlikely(err))
		return err;
	skb_reset_network_header(skb);
	/* GRO and the protocols set the transport header of other packets */
	if (p->has_vnet_hdr)
		skb_probe_transport_header(skb);
	tun_queue_record(ring->q, skb);
	return 0;
}
