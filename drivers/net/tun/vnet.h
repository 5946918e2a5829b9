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

int tun_vnet_hdr_to_skb(struct tun_dev *tun, struct sk_buff *skb, __be16 proto,
			const struct virtio_net_hdr *hdr, bool little_endian);
void tun_vnet_complain(const struct tun_dev *tun, const struct sk_buff *skb,
		       const struct virtio_net_hdr *hdr, bool little_endian);

/**
 * tun_vnet_hdr_from_skb - fill the header of a packet for user space
 * @tun: the device; its name goes into the log
 * @skb: the packet
 * @hdr: out: the header
 * @little_endian: byte order of @hdr
 * @vlan_hlen: bytes that the caller will insert before the checksum
 *
 * Return: 0, or -EINVAL for a type of GSO that the header cannot express. The
 * stack should not have sent such a packet.
 */
static inline int tun_vnet_hdr_from_skb(const struct tun_dev *tun,
					const struct sk_buff *skb,
					struct virtio_net_hdr *hdr,
					bool little_endian, int vlan_hlen)
{
	if (likely(!virtio_net_hdr_from_skb(skb, hdr, little_endian, true,
					    vlan_hlen)))
		return 0;

	tun_vnet_complain(tun, skb, hdr, little_endian);
	return -EINVAL;
}

#endif /* _TUN_VNET_H */
