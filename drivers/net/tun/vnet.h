/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Converts between virtio_net_hdr and skb, in the byte order that user space
 * has chosen.
 */
#ifndef _TUN_VNET_H
#define _TUN_VNET_H

#include <linux/virtio_byteorder.h>
#include <linux/virtio_net.h>

#include "tun.h"

struct iov_iter;

/**
 * tun_vnet_is_little_endian - byte order of the headers of a device
 * @tun: the device
 */
static inline bool tun_vnet_is_little_endian(const struct tun_dev *tun)
{
	if (READ_ONCE(tun->vnet_le))
		return true;
	if (IS_ENABLED(CONFIG_TUN_VNET_CROSS_LE) && READ_ONCE(tun->vnet_be))
		return false;
	return virtio_legacy_is_little_endian();
}

/**
 * tun_vnet_hdr_check - check a header before its packet is built
 * @hdr: the header; its hdr_len is raised to cover the checksum
 * @len: bytes of the packet behind the header
 * @little_endian: byte order of @hdr
 *
 * Return: hdr_len, the number of bytes that should be linear; or -EINVAL if the
 * packet is shorter than hdr_len.
 */
static inline int tun_vnet_hdr_check(struct virtio_net_hdr *hdr, size_t len,
				     bool little_endian)
{
	u32 hdr_len = __virtio16_to_cpu(little_endian, hdr->hdr_len);

	if (hdr->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) {
		u32 need = __virtio16_to_cpu(little_endian, hdr->csum_start) +
			   __virtio16_to_cpu(little_endian, hdr->csum_offset) +
			   sizeof(__sum16);

		if (need > hdr_len) {
			hdr_len = need;
			hdr->hdr_len = __cpu_to_virtio16(little_endian, need);
		}
	}

	return hdr_len <= len ? hdr_len : -EINVAL;
}

/**
 * tun_vnet_parsed_size - bytes of a user's header that the driver reads
 * @hdr_sz: bytes of the whole header
 */
static inline size_t tun_vnet_parsed_size(size_t hdr_sz)
{
	return hdr_sz < sizeof(union vnet_any_hdr) ?
	       sizeof(struct virtio_net_hdr) : sizeof(union vnet_any_hdr);
}

/**
 * tun_vnet_load - copy a header from kernel memory
 * @hdr: out: the header; bytes that @from does not have are zeroed
 * @from: the header
 * @hdr_sz: bytes of @from
 */
static inline void tun_vnet_load(union vnet_any_hdr *hdr, const void *from,
				 size_t hdr_sz)
{
	size_t parsed = tun_vnet_parsed_size(hdr_sz);

	memset((void *)hdr + parsed, 0, sizeof(*hdr) - parsed);
	memcpy(hdr, from, parsed);
}

int tun_vnet_tunnel_hdr_to_skb(struct tun_dev *tun, struct sk_buff *skb,
			       __be16 proto, const union vnet_any_hdr *hdr,
			       bool little_endian);
int tun_vnet_put_hdr(struct iov_iter *to, const void *hdr, size_t size,
		     size_t hdr_sz);
int tun_vnet_put_tunnel_hdr(const struct tun_dev *tun, const struct sk_buff *skb,
			    struct iov_iter *to, size_t hdr_sz, int vlan_hlen);
void tun_vnet_complain(const struct tun_dev *tun, const struct sk_buff *skb,
		       const struct virtio_net_hdr *hdr, bool little_endian);

/**
 * tun_vnet_hdr_to_skb - apply the header of a packet from user space
 * @tun: the device; counts a header that does not match the packet
 * @skb: the packet, with its link-layer header not pulled yet
 * @proto: on a TUN device: the EtherType, 0 to derive it from the IP version
 * @hdr: the header
 * @little_endian: byte order of @hdr
 *
 * Return: 0 or -EINVAL. The caller frees the packet.
 */
static inline int tun_vnet_hdr_to_skb(struct tun_dev *tun, struct sk_buff *skb,
				      __be16 proto,
				      const struct virtio_net_hdr *hdr,
				      bool little_endian)
{
	bool tap = tun_is_tap(tun);

	if (likely(skb_prepare_vnet_hdr(skb, tun->dev, tap ? 0 : proto,
					tap ? ETH_HLEN : 0) &&
		   !virtio_net_hdr_to_skb(skb, hdr, little_endian)))
		return 0;

	atomic_long_inc(&tun->rx_frame_errors);
	return -EINVAL;
}

/* tun_vnet_hdr_to_skb() for a header that may be a tunnel's. */
static inline int tun_vnet_any_hdr_to_skb(struct tun_dev *tun,
					  struct sk_buff *skb, __be16 proto,
					  const union vnet_any_hdr *hdr,
					  bool little_endian)
{
	if (unlikely(vnet_is_tunnel(&hdr->basic)))
		return tun_vnet_tunnel_hdr_to_skb(tun, skb, proto, hdr,
						  little_endian);
	return tun_vnet_hdr_to_skb(tun, skb, proto, &hdr->basic, little_endian);
}

/* A packet whose header needs the offsets of a tunnel. */
static inline bool tun_vnet_is_tunnel(const struct sk_buff *skb)
{
	return VNET_HAS_TUNNEL && skb_is_gso(skb) &&
	       skb_shinfo(skb)->gso_type & (SKB_GSO_UDP_TUNNEL |
					    SKB_GSO_UDP_TUNNEL_CSUM);
}

/**
 * tun_vnet_hdr_from_skb - fill the header of a packet for user space
 * @tun: the device; its name goes into the log
 * @skb: the packet
 * @hdr: out: the header
 * @little_endian: byte order of @hdr
 * @vlan_hlen: bytes that the caller will insert before the checksum
 *
 * Return: 0, or -EINVAL for a type of GSO that the header cannot express. The
 * stack should not have sent such a packet, unless it is a tunnel's and waited
 * while user space turned this offload off.
 */
static inline int tun_vnet_hdr_from_skb(const struct tun_dev *tun,
					const struct sk_buff *skb,
					struct virtio_net_hdr *hdr,
					bool little_endian, int vlan_hlen)
{
	if (unlikely(tun_vnet_is_tunnel(skb)))
		return -EINVAL;
	if (likely(!virtio_net_hdr_from_skb(skb, hdr, little_endian, true,
					    vlan_hlen)))
		return 0;

	tun_vnet_complain(tun, skb, hdr, little_endian);
	return -EINVAL;
}

#endif /* _TUN_VNET_H */
