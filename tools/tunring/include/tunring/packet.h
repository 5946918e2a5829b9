/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Of <tunring.h>, which is to be included: packets and their metadata. */
#ifndef TUNRING_PACKET_H
#define TUNRING_PACKET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#ifdef __cplusplus
extern "C" {
#endif

struct tunring;
struct tun_ring_meta;		/* <linux/if_tun_ring.h> */

/**
 * struct tunring_packet - one packet in its buffer (or buffers)
 * @data: first byte
 * @meta: the raw record (little-endian). Of a received packet it is read-only
 *	memory. Use tunring_meta_get() and tunring_meta_set()
 * @len: bytes of the whole packet
 * @first_len: bytes of it at @data; equals @len if @nsegs is 1
 * @headroom: free bytes before @data in the same buffer
 * @tailroom: free bytes after the last byte of the packet in its last buffer
 * @nsegs: buffers that the packet occupies; nearly always 1
 * @side: 0 received, 1 to be sent
 * @slot: the library's; leave alone
 * @reserved: the library's; leave alone
 *
 * The program may move @data and change @len (and @first_len, if @nsegs is more
 * than 1) within the buffer; tunring_packet_push(), _pull(), _put() keep all
 * fields consistent. Submission goes by @data and @len alone if @nsegs is 1.
 */
struct tunring_packet {
	uint8_t			*data;
	struct tun_ring_meta	*meta;
	uint32_t		len;
	uint32_t		first_len;
	uint32_t		headroom;
	uint32_t		tailroom;
	uint16_t		nsegs;
	uint16_t		side;
	uint32_t		slot;
	uint64_t		reserved[2];
};

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
 * @csum_start: where checksumming begins, from the packet's first byte
 * @csum_offset: where the checksum goes, from @csum_start
 * @flags: TUNRING_META_*
 * @protocol: EtherType. Received: always set. To be sent on a TUN device: 0
 *	takes it from the IP version; on a TAP device: 0
 * @vlan_proto: EtherType of the VLAN tag
 * @vlan_tci: VLAN tag
 * @hash: flow hash
 * @mark: firewall mark; to be sent: needs TUNRING_F_TX_MARK
 * @priority: queueing priority; to be sent: needs TUNRING_F_TX_MARK
 * @tstamp: nanoseconds since the epoch; to be sent: what sockets see as the time
 *	of arrival; needs TUNRING_F_TX_MARK
 * @reserved: 0
 *
 * In plain mode a VLAN tag stays in a received packet (stock tun leaves it
 * there) and the fields from @hash to @priority are not known. Checksum and GSO
 * fields are then there only if the fd has IFF_VNET_HDR.
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

/** tunring_meta_get() - read a packet's metadata. The packet's side. */
void tunring_meta_get(const struct tunring_packet *pkt,
		      struct tunring_meta *meta);

/**
 * tunring_meta_set() - set the metadata of a packet to be sent. Transmit side.
 *
 * Returns 0, or -EINVAL for a received packet or an unknown flag.
 */
int tunring_meta_set(struct tunring_packet *pkt,
		     const struct tunring_meta *meta);

/**
 * tunring_packet_iov() - the packet's bytes as segments. The packet's side.
 *
 * Stores up to @n entries. Returns the number that the packet has.
 */
unsigned int tunring_packet_iov(const struct tunring *h,
				const struct tunring_packet *pkt,
				struct iovec *iov, unsigned int n);

/**
 * tunring_packet_read() - copy bytes out of a packet, across its segments. The
 * packet's side.
 *
 * With @offset 0 and @len of the packet, this linearises it. Returns the bytes
 * copied: fewer than @len at the packet's end.
 */
size_t tunring_packet_read(const struct tunring *h,
			   const struct tunring_packet *pkt, size_t offset,
			   void *dst, size_t len);

/**
 * tunring_packet_write() - copy bytes into a packet, across its segments. The
 * packet's side.
 *
 * Returns the bytes copied: fewer than @len at the packet's end.
 */
size_t tunring_packet_write(const struct tunring *h,
			    const struct tunring_packet *pkt, size_t offset,
			    const void *src, size_t len);

/** tunring_packet_push() - prepend @n bytes; NULL if the headroom is less. */
static inline uint8_t *tunring_packet_push(struct tunring_packet *pkt,
					   uint32_t n)
{
	if (n > pkt->headroom)
		return NULL;
	pkt->headroom -= n;
	pkt->len += n;
	pkt->first_len += n;
	pkt->data -= n;
	return pkt->data;
}

/** tunring_packet_pull() - drop @n bytes in front; NULL if there are fewer. */
static inline uint8_t *tunring_packet_pull(struct tunring_packet *pkt,
					   uint32_t n)
{
	if (n > pkt->first_len)
		return NULL;
	pkt->headroom += n;
	pkt->len -= n;
	pkt->first_len -= n;
	pkt->data += n;
	return pkt->data;
}

/**
 * tunring_packet_put() - append @n bytes to a packet in one buffer
 *
 * Returns where they go; NULL if there is no room or the packet has several
 * buffers.
 */
static inline uint8_t *tunring_packet_put(struct tunring_packet *pkt,
					  uint32_t n)
{
	uint8_t *end;

	if (n > pkt->tailroom || pkt->nsegs != 1)
		return NULL;
	end = pkt->data + pkt->len;
	pkt->tailroom -= n;
	pkt->len += n;
	pkt->first_len += n;
	return end;
}

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_PACKET_H */
