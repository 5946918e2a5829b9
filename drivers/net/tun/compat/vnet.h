/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Conversion between virtio_net_hdr and skb.
 */
#ifndef _TUN_COMPAT_VNET_H
#define _TUN_COMPAT_VNET_H

#include <linux/skbuff.h>
#include <linux/virtio_net.h>

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
 * UDP segmentation offload in the virtio_net_hdr (6.2). Older kernels know the
 * offload for sockets, and segment such packets in software, but their functions
 * for this header do not know the type.
 */
#ifdef VIRTIO_NET_HDR_GSO_UDP_L4
#define virtio_net_hdr_to_skb_uso	virtio_net_hdr_to_skb
#else
#define VIRTIO_NET_HDR_GSO_UDP_L4	5

/* The caller has set the fields of the checksum. */
static inline int tun_compat_set_uso(struct sk_buff *skb, u32 size)
{
	u32 hdr_len = skb_transport_offset(skb) + sizeof(struct udphdr);

	/* the checksum is behind the other fields of the UDP header: the header
	 * is in the packet, and is linear
	 */
	if (skb->csum_offset != offsetof(struct udphdr, check) ||
	    skb->len - hdr_len > size * UDP_MAX_SEGMENTS)
		return -EINVAL;
	if (skb->len - hdr_len > size) {
		skb_shinfo(skb)->gso_size = size;
		skb_shinfo(skb)->gso_type = SKB_GSO_UDP_L4 | SKB_GSO_DODGY;
		skb_shinfo(skb)->gso_segs = 0;
	}
	return 0;
}

/* virtio_net_hdr_to_skb() for this type */
static inline int virtio_net_hdr_to_skb_uso(struct sk_buff *skb,
					    const struct virtio_net_hdr *hdr,
					    bool little_endian)
{
	u32 size = __virtio16_to_cpu(little_endian, hdr->gso_size);
	struct virtio_net_hdr csum = *hdr;
	int err;

	if (!(hdr->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) ||
	    !size || size == GSO_BY_FRAGS)
		return -EINVAL;

	csum.gso_type = VIRTIO_NET_HDR_GSO_NONE;
	err = virtio_net_hdr_to_skb(skb, &csum, little_endian);
	return err ?: tun_compat_set_uso(skb, size);
}

/* virtio_net_hdr_from_skb() that knows the type */
static inline int tun_compat_hdr_from_skb(const struct sk_buff *skb,
					  struct virtio_net_hdr *hdr,
					  bool little_endian,
					  bool has_data_valid, int vlan_hlen)
{
	int err = virtio_net_hdr_from_skb(skb, hdr, little_endian,
					  has_data_valid, vlan_hlen);

	if (likely(!err) || !(skb_shinfo(skb)->gso_type & SKB_GSO_UDP_L4))
		return err;

	/* the kernel's function has set the sizes */
	hdr->gso_type = VIRTIO_NET_HDR_GSO_UDP_L4;
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		u32 start = skb_checksum_start_offset(skb) + vlan_hlen;

		hdr->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		hdr->csum_start = __cpu_to_virtio16(little_endian, start);
		hdr->csum_offset = __cpu_to_virtio16(little_endian,
						     skb->csum_offset);
	} else if (has_data_valid && skb->ip_summed == CHECKSUM_UNNECESSARY) {
		hdr->flags = VIRTIO_NET_HDR_F_DATA_VALID;
	}
	return 0;
}

#define virtio_net_hdr_from_skb		tun_compat_hdr_from_skb
#endif

/*
 * Segmentation offload within UDP tunnels (7.x): a longer virtio_net_hdr has the offsets
 * of the outer and of the inner headers. These kernels also fill the rest of a longer
 * header with zeroes, where old kernels leave the user's memory as it is.
 */
#ifdef TUN_HAVE_VNET_TUNNEL
#define VNET_HAS_TUNNEL		true
#define VNET_TUNNEL_FEATURES	(NETIF_F_GSO_UDP_TUNNEL | \
				 NETIF_F_GSO_UDP_TUNNEL_CSUM)
/* Features of virtio-net from bit 64 on for which a vhost has a longer header. */
#define VNET_TUNNEL_BITS	(BIT_ULL(VIRTIO_NET_F_GUEST_UDP_TUNNEL_GSO - 64) | \
				 BIT_ULL(VIRTIO_NET_F_HOST_UDP_TUNNEL_GSO - 64))

union vnet_any_hdr {
	struct virtio_net_hdr			basic;
	struct virtio_net_hdr_v1_hash_tunnel	tunnel;
};

static inline bool vnet_is_tunnel(const struct virtio_net_hdr *hdr)
{
	return hdr->gso_type & VIRTIO_NET_HDR_GSO_UDP_TUNNEL;
}

static inline int vnet_any_hdr_to_skb(struct sk_buff *skb,
				      const union vnet_any_hdr *hdr,
				      bool little_endian)
{
	return virtio_net_hdr_tnl_to_skb(skb, &hdr->tunnel, true, true,
					 little_endian);
}

static inline int vnet_any_hdr_from_skb(const struct sk_buff *skb,
					union vnet_any_hdr *hdr,
					bool little_endian, int vlan_hlen)
{
	return virtio_net_hdr_tnl_from_skb(skb, &hdr->tunnel, true,
					   little_endian, vlan_hlen, true,
					   false);
}
#else
#define VNET_HAS_TUNNEL		false
#define VNET_TUNNEL_FEATURES	0
#define VNET_TUNNEL_BITS	0
#define TUN_F_UDP_TUNNEL_GSO		0x080
#define TUN_F_UDP_TUNNEL_GSO_CSUM	0x100

union vnet_any_hdr {
	struct virtio_net_hdr	basic;
};

static inline bool vnet_is_tunnel(const struct virtio_net_hdr *hdr)
{
	return false;
}

static inline int vnet_any_hdr_to_skb(struct sk_buff *skb,
				      const union vnet_any_hdr *hdr,
				      bool little_endian)
{
	return virtio_net_hdr_to_skb(skb, &hdr->basic, little_endian);
}

static inline int vnet_any_hdr_from_skb(const struct sk_buff *skb,
					union vnet_any_hdr *hdr,
					bool little_endian, int vlan_hlen)
{
	return virtio_net_hdr_from_skb(skb, &hdr->basic, little_endian, true,
				       vlan_hlen);
}
#endif

#endif /* _TUN_COMPAT_VNET_H */
