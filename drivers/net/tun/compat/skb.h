/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets.
 */
#ifndef _TUN_COMPAT_SKB_H
#define _TUN_COMPAT_SKB_H

#include <linux/skbuff.h>
#include <linux/virtio_net.h>

/* Notify the owner of a zerocopy packet's pages that the pages are free. */
static inline void skb_ubuf_complete(struct ubuf_info *uarg, bool zerocopy)
{
#ifdef TUN_HAVE_UBUF_OPS
	uarg->ops->complete(NULL, uarg, zerocopy);
#else
	uarg->callback(NULL, uarg, zerocopy);
#endif
}

#ifndef TUN_HAVE_UBUF_OPS
struct ubuf_info_ops {
	void (*complete)(struct sk_buff *skb, struct ubuf_info *uarg,
			 bool zerocopy);
};
#endif

static inline void skb_ubuf_set_ops(struct ubuf_info *uarg,
				    const struct ubuf_info_ops *ops)
{
#ifdef TUN_HAVE_UBUF_OPS
	uarg->ops = ops;
#else
	uarg->callback = ops->complete;
#endif
}

/* Fragments that the processor cannot read, such as the memory of a device. */
#ifndef TUN_HAVE_FRAGS_READABLE
static inline bool skb_frags_readable(const struct sk_buff *skb)
{
	return true;
}
#endif

/*
 * In new kernels, virtio_net_hdr_to_skb() parses a GSO packet that needs no
 * checksum: the device, the protocol and the network header must be set before
 * that. Old kernels parse a packet only if its network header is set, and tun
 * does not set that header there.
 *
 * Returns false if the link-layer header is not there.
 */
static inline bool skb_prepare_vnet_hdr(struct sk_buff *skb,
					struct net_device *dev, __be16 proto,
					unsigned int hard_header_len)
{
#ifdef TUN_HAVE_VNET_DISSECT
	if (unlikely(!pskb_may_pull(skb, hard_header_len)))
		return false;
	skb->dev = dev;
	skb->protocol = proto;
	skb_set_network_header(skb, hard_header_len);
#endif
	return true;
}

/*
 * UDP segmentation offload in the virtio_net_hdr (6.2). Old kernels have that
 * in sockets and segment it in software, but not in this header. Only packets
 * from rings may carry the type there: virtio_net_hdr_to_skb() refuses it.
 */
#ifdef VIRTIO_NET_HDR_GSO_UDP_L4
#define virtio_net_hdr_to_skb_uso	virtio_net_hdr_to_skb
#else
#define VIRTIO_NET_HDR_GSO_UDP_L4	5

static inline int virtio_net_hdr_to_skb_uso(struct sk_buff *skb,
					    const struct virtio_net_hdr *hdr,
					    bool little_endian)
{
	u32 size = __virtio16_to_cpu(little_endian, hdr->gso_size), len;
	struct virtio_net_hdr csum = *hdr;
	int err;

	if (likely(hdr->gso_type != VIRTIO_NET_HDR_GSO_UDP_L4))
		return virtio_net_hdr_to_skb(skb, hdr, little_endian);
	if (!(hdr->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) ||
	    !size || size == GSO_BY_FRAGS)
		return -EINVAL;

	/* the checksum lies behind the ports and the length: the UDP header is
	 * there, and is pulled
	 */
	csum.gso_type = VIRTIO_NET_HDR_GSO_NONE;
	err = virtio_net_hdr_to_skb(skb, &csum, little_endian);
	if (err)
		return err;
	len = skb->len - skb_transport_offset(skb) - sizeof(struct udphdr);
	if (skb->csum_offset != offsetof(struct udphdr, check) ||
	    len > size * UDP_MAX_SEGMENTS)
		return -EINVAL;
	if (len > size) {
		skb_shinfo(skb)->gso_size = size;
		skb_shinfo(skb)->gso_type = SKB_GSO_UDP_L4 | SKB_GSO_DODGY;
		skb_shinfo(skb)->gso_segs = 0;
	}
	return 0;
}

/* The header for a packet that waits to be segmented. */
static inline int tun_compat_hdr_from_skb(const struct sk_buff *skb,
					  struct virtio_net_hdr *hdr,
					  bool little_endian,
					  bool has_data_valid, int vlan_hlen)
{
	int err = virtio_net_hdr_from_skb(skb, hdr, little_endian,
					  has_data_valid, vlan_hlen);

	/* the old function has set the sizes, and refuses the type */
	if (likely(!err) || !(skb_shinfo(skb)->gso_type & SKB_GSO_UDP_L4) ||
	    skb->ip_summed != CHECKSUM_PARTIAL)
		return err;
	hdr->gso_type = VIRTIO_NET_HDR_GSO_UDP_L4;
	hdr->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	hdr->csum_start = __cpu_to_virtio16(little_endian,
					    skb_checksum_start_offset(skb) +
					    vlan_hlen);
	hdr->csum_offset = __cpu_to_virtio16(little_endian, skb->csum_offset);
	return 0;
}

#define virtio_net_hdr_from_skb		tun_compat_hdr_from_skb
#endif

/* Has any socket asked for UDP GRO? Some kernels do not let a module know. */
#ifdef TUN_HAVE_UDP_ENCAP_KEY
#define tun_udp_gro_wanted()	static_branch_unlikely(&udp_encap_needed_key)
#else
#define tun_udp_gro_wanted()	true
#endif

#endif /* _TUN_COMPAT_SKB_H */
