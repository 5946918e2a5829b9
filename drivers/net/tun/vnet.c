// SPDX-License-Identifier: GPL-2.0
#include "vnet.h"

#include <linux/if_ether.h>
#include <linux/net.h>
#include <linux/printk.h>
#include <linux/uio.h>

#define DUMP_MAX	64

/**
 * tun_vnet_tunnel_hdr_to_skb - tun_vnet_hdr_to_skb() for the header of a tunnel's packet
 * @tun: the device; counts a header that does not match the packet
 * @skb: the packet, with its link-layer header not pulled yet
 * @proto: on a TUN device: the EtherType, 0 to derive it from the IP version
 * @hdr: the header, zeroed from the end of the user's header on
 * @little_endian: byte order of @hdr, the offsets of a tunnel aside
 *
 * Return: 0 or -EINVAL. The caller frees the packet.
 */
int tun_vnet_tunnel_hdr_to_skb(struct tun_dev *tun, struct sk_buff *skb,
			       __be16 proto, const union vnet_any_hdr *hdr,
			       bool little_endian)
{
	bool tap = tun_is_tap(tun);

	if (skb_prepare_vnet_hdr(skb, tun->dev, tap ? 0 : proto,
				 tap ? ETH_HLEN : 0) &&
	    !vnet_any_hdr_to_skb(skb, hdr, little_endian))
		return 0;

	atomic_long_inc(&tun->rx_frame_errors);
	return -EINVAL;
}

/**
 * tun_vnet_put_hdr - copy the header of a packet to user space
 * @to: where the header begins
 * @hdr: the header
 * @size: bytes of @hdr
 * @hdr_sz: bytes of the user's header. The rest becomes zero where the kernel's own
 *	driver zeroes the rest, and else does not change
 *
 * Return: 0, or -EFAULT, also if @hdr_sz is less than @size.
 */
int tun_vnet_put_hdr(struct iov_iter *to, const void *hdr, size_t size,
		     size_t hdr_sz)
{
	if (unlikely(hdr_sz < size || copy_to_iter(hdr, size, to) != size))
		return -EFAULT;
	if (likely(hdr_sz == size))
		return 0;

	hdr_sz -= size;
	if (!VNET_HAS_TUNNEL)
		iov_iter_advance(to, hdr_sz);
	else if (unlikely(iov_iter_zero(hdr_sz, to) != hdr_sz))
		return -EFAULT;
	return 0;
}

/**
 * tun_vnet_put_tunnel_hdr - make and copy a header with the offsets of a tunnel
 * @tun: the device, with offload within UDP tunnels; its name goes into the log
 * @skb: the packet, which may be without a tunnel
 * @to: where the header begins
 * @hdr_sz: bytes of the user's header
 * @vlan_hlen: bytes that the caller will insert before the checksum
 *
 * Return: 0; -EINVAL as tun_vnet_hdr_from_skb(); or -EFAULT, also if the user's
 * header is too short for a tunnel's.
 */
int tun_vnet_put_tunnel_hdr(const struct tun_dev *tun, const struct sk_buff *skb,
			    struct iov_iter *to, size_t hdr_sz, int vlan_hlen)
{
	bool little_endian = tun_vnet_is_little_endian(tun);
	union vnet_any_hdr hdr = { };

	if (unlikely(vnet_any_hdr_from_skb(skb, &hdr, little_endian,
					   vlan_hlen))) {
		tun_vnet_complain(tun, skb, &hdr.basic, little_endian);
		return -EINVAL;
	}

	return tun_vnet_put_hdr(to, &hdr, sizeof(hdr), hdr_sz);
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
