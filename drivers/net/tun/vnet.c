// SPDX-License-Identifier: GPL-2.0
#include "vnet.h"

#include <linux/if_ether.h>
#include <linux/net.h>
#include <linux/printk.h>

#define DUMP_MAX	64

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
int tun_vnet_hdr_to_skb(struct tun_dev *tun, struct sk_buff *skb, __be16 proto,
			const struct virtio_net_hdr *hdr, bool little_endian)
{
	bool tap = tun_is_tap(tun);

	if (likely(skb_prepare_vnet_hdr(skb, tun->dev, tap ? 0 : proto,
					tap ? ETH_HLEN : 0) &&
		   !virtio_net_hdr_to_skb(skb, hdr, little_endian)))
		return 0;

	atomic_long_inc(&tun->rx_frame_errors);
	return -EINVAL;
}

/**
 * tun_vnet_complain - log a packet that dev->features do not allow
 * @tun: the device; its name goes into the log
 * @skb: the packet, which the stack should not have sent
 * @hdr: the header, as far as it could be filled
 * @little_endian: byte order of @hdr
 */
void tun_vnet_complain(const struct tun_dev *tun, const struct sk_buff *skb,
		       const struct virtio_net_hdr *hdr, bool little_endian)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	unsigned int hdr_len = __virtio16_to_cpu(little_endian, hdr->hdr_len);

	if (net_ratelimit()) {
		netdev_err(tun->dev,
			   "unexpected GSO type: 0x%x, gso_size %u, hdr_len %u\n",
			   shinfo->gso_type,
			   __virtio16_to_cpu(little_endian, hdr->gso_size),
			   hdr_len);
		print_hex_dump(KERN_ERR, "tun: ", DUMP_PREFIX_NONE, 16, 1,
			       skb->head,
			       min_t(unsigned int, hdr_len, DUMP_MAX), true);
	}
	WARN_ON_ONCE(1);
}
