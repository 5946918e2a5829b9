/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Headers and metadata records of packets that the user transmits.
 */
#ifndef _TUN_RING_TX_PACKET_H
#define _TUN_RING_TX_PACKET_H

#include <linux/if_ether.h>
#include <linux/if_tun_ring.h>
#include <linux/if_vlan.h>

#include "../../compat/vnet.h"
#include "../../tun.h"

struct sk_buff;
struct tun_ring;

#define TUN_RING_TX_LEN_MAX	(U16_MAX + VLAN_ETH_HLEN)

/**
 * struct tun_ring_tx_packet - description of a packet, made before its skb
 * @skip: bytes of headers in front of the packet
 * @len: bytes of the packet
 * @proto: EtherType; 0 without @has_pi: derived from the packet
 * @hdr: checksum and GSO; the offsets of a tunnel are zero if it has none
 * @has_vnet_hdr: @hdr is valid, and not empty
 * @has_pi: @proto is from a struct tun_pi
 * @le: @hdr is little-endian
 */
struct tun_ring_tx_packet {
	u32 skip;
	u32 len;
	__be16 proto;
	bool has_vnet_hdr;
	bool has_pi;
	bool le;
	union vnet_any_hdr hdr;
};

/* A copy of a record, which the user cannot change any more. */
union tun_ring_tx_meta {
	struct tun_ring_meta meta;
	u64 word[sizeof(struct tun_ring_meta) / sizeof(u64)];
};

int tun_ring_tx_packet_of_meta(const struct tun_ring *ring,
			       const struct tun_dev *tun,
			       struct tun_ring_meta *m,
			       struct tun_ring_tx_packet *p);
int tun_ring_tx_packet_check_vnet(const struct tun_dev *tun,
				  struct tun_ring_tx_packet *p);
void tun_ring_tx_meta_to_skb(struct sk_buff *skb,
			     const struct tun_ring_meta *m);
int tun_ring_tx_packet_finish(struct tun_ring *ring, struct tun_dev *tun,
			      const struct tun_ring_tx_packet *p,
			      struct sk_buff *skb);

/* Check that headers and packet fit together. Return: 0 or -EINVAL. */
static inline int tun_ring_tx_packet_check(const struct tun_dev *tun,
					   struct tun_ring_tx_packet *p)
{
	if (unlikely(!p->len || p->len > TUN_RING_TX_LEN_MAX))
		return -EINVAL;
	if (tun_is_tap(tun) && unlikely(p->len < ETH_HLEN))
		return -EINVAL;
	return unlikely(p->has_vnet_hdr) ?
		       tun_ring_tx_packet_check_vnet(tun, p) : 0;
}

#endif /* _TUN_RING_TX_PACKET_H */
