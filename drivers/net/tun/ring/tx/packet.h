/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the user says of a packet that it transmits.
 */
#ifndef _TUN_RING_TX_PACKET_H
#define _TUN_RING_TX_PACKET_H

#include <linux/if_tun_ring.h>
#include <linux/virtio_net.h>

struct sk_buff;
struct tun_dev;
struct tun_ring;

/**
 * struct tx_packet - what is known of a packet before its bytes are copied
 * @skip: bytes of headers in front of it
 * @len: bytes of the packet
 * @proto: EtherType, 0 for what the packet says
 * @hdr: checksum and GSO
 * @has_hdr: @hdr says anything
 * @says: there is a record that says anything
 * @le: byte order of @hdr
 */
struct tx_packet {
	u32 skip;
	u32 len;
	__be16 proto;
	bool has_hdr;
	bool says;
	bool le;
	struct virtio_net_hdr hdr;
};

/* A record as it was when it was loaded, whatever the user does to it now. */
union tx_record {
	struct tun_ring_meta meta;
	u64 word[sizeof(struct tun_ring_meta) / sizeof(u64)];
};

int tx_packet_of_record(const struct tun_ring *ring, const struct tun_dev *tun,
			const struct tun_ring_meta *m, struct tx_packet *p);
int tx_packet_check(const struct tun_dev *tun, struct tx_packet *p);
void tx_packet_record_to_skb(struct sk_buff *skb,
			     const struct tun_ring_meta *m);
int tx_packet_finish(struct tun_ring *ring, struct tun_dev *tun,
		     const struct tx_packet *p, struct sk_buff *skb);

#endif /* _TUN_RING_TX_PACKET_H */
