/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * Metadata of packets.
 *
 * A program includes <tunring.h>, not this file.
 */
#ifndef TUNRING_META_H
#define TUNRING_META_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct tunring_packet;

/* tunring_meta.flags: the fields that are valid, as TUN_RING_META_* */
#define TUNRING_META_VLAN	(1U << 0)
#define TUNRING_META_HASH	(1U << 1)
#define TUNRING_META_HASH_L4	(1U << 2)
#define TUNRING_META_MARK	(1U << 3)
#define TUNRING_META_PRIORITY	(1U << 4)
#define TUNRING_META_TSTAMP	(1U << 5)

/* tunring_meta.vnet_flags and .gso_type: as in <linux/virtio_net.h> */
#define TUNRING_VNET_NEEDS_CSUM	1
#define TUNRING_VNET_DATA_VALID	2
#define TUNRING_GSO_NONE	0
#define TUNRING_GSO_TCPV4	1
#define TUNRING_GSO_UDP		3
#define TUNRING_GSO_TCPV6	4
#define TUNRING_GSO_UDP_L4	5
#define TUNRING_GSO_ECN		0x80

/**
 * struct tunring_meta - a packet's metadata in host byte order
 * @vnet_flags: TUNRING_VNET_*
 * @gso_type: TUNRING_GSO_*
 * @hdr_len: bytes of headers, a hint
 * @gso_size: payload bytes per segment
 * @csum_start: offset at which the checksum begins, from the packet's first
 *	byte
 * @csum_offset: offset of the checksum field, from @csum_start
 * @flags: TUNRING_META_*
 * @protocol: EtherType. Always set in a received packet. In a packet to be
 *	sent: on a TUN device, 0 means that the IP version gives the EtherType;
 *	on a TAP device 0
 * @vlan_proto: EtherType of the VLAN tag
 * @vlan_tci: VLAN tag
 * @reserved16: 0
 * @hash: flow hash
 * @mark: firewall mark; to be sent: needs TUNRING_F_TX_MARK
 * @priority: queueing priority; to be sent: needs TUNRING_F_TX_MARK
 * @tstamp: nanoseconds since the epoch; to be sent: sockets see this as the
 *	time of arrival; needs TUNRING_F_TX_MARK
 * @reserved: 0
 *
 * In plain mode a VLAN tag stays in a received packet, as on stock tun, and the
 * fields from @hash to @priority are not known. Checksum and GSO fields are
 * valid in plain mode only if the fd has IFF_VNET_HDR.
 */
struct tunring_meta {
	uint8_t		vnet_flags;
	uint8_t		gso_type;
	uint16_t	hdr_len;
	uint16_t	gso_size;
	uint16_t	csum_start;
	uint16_t	csum_offset;
	uint16_t	flags;
	uint16_t	protocol;
	uint16_t	vlan_proto;
	uint16_t	vlan_tci;
	uint16_t	reserved16;
	uint32_t	hash;
	uint32_t	mark;
	uint32_t	priority;
	uint64_t	tstamp;
	uint64_t	reserved[2];
};

/**
 * tunring_meta_get() - read a packet's metadata. The packet's side.
 * @pkt: the packet
 * @meta: the function stores the metadata here
 */
void tunring_meta_get(const struct tunring_packet *pkt,
		      struct tunring_meta *meta);

/**
 * tunring_meta_set() - set the metadata of a packet to be sent. Transmit side.
 * @pkt: the packet, reserved and not yet submitted
 * @meta: the metadata
 *
 * Returns 0, or -EINVAL for a received packet or an unknown flag.
 */
int tunring_meta_set(struct tunring_packet *pkt,
		     const struct tunring_meta *meta);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_META_H */
