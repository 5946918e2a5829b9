/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * Packets.
 *
 * A program includes <tunring.h>, not this file.
 */
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

/*
 * C and C++ programs inline the short functions of this header. The library
 * also has them as symbols, for bindings of other languages, and defines this
 * macro to make the symbols.
 */
#ifndef TUNRING_INLINE
#define TUNRING_INLINE static inline
#endif

/**
 * struct tunring_packet - one packet in its buffer (or buffers)
 * @data: first byte
 * @meta: the raw record (little-endian), read-only for a received packet. Use
 *	tunring_meta_get() and tunring_meta_set()
 * @len: bytes of the whole packet
 * @first_len: bytes of the packet at @data; equals @len if @nsegs is 1
 * @headroom: free bytes before @data in the same buffer
 * @tailroom: free bytes after the last byte of the packet in its last buffer
 * @nsegs: number of buffers that the packet occupies; nearly always 1
 * @side: 0 for a received packet, 1 for a packet to be sent
 * @slot: for the library; the program must not change this
 * @reserved: for the library; the program must not change this
 *
 * The program may move @data and change @len (and @first_len, if @nsegs is more
 * than 1) within the buffer; tunring_packet_push(), _pull(), _put() keep all
 * fields consistent. If @nsegs is 1, submission uses @data and @len alone.
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

/**
 * tunring_packet_iov() - get the packet's bytes as segments. The packet's side.
 * @h: the handle
 * @pkt: the packet
 * @iov: the function stores the segments here
 * @n: entries of @iov
 *
 * Stores up to @n segments. Returns the number of segments of the packet.
 */
unsigned int tunring_packet_iov(const struct tunring *h,
				const struct tunring_packet *pkt,
				struct iovec *iov, unsigned int n);

/**
 * tunring_packet_read() - copy bytes out of a packet, across its segments. The
 * packet's side.
 * @h: the handle
 * @pkt: the packet
 * @offset: bytes of the packet before the first one that is copied
 * @dst: destination of the bytes
 * @len: the most bytes to copy
 *
 * With @offset 0 and the packet's length as @len, the function copies the whole
 * packet. Returns the number of bytes copied, which is less than @len at the
 * end of the packet.
 */
size_t tunring_packet_read(const struct tunring *h,
			   const struct tunring_packet *pkt, size_t offset,
			   void *dst, size_t len);

/**
 * tunring_packet_write() - copy bytes into a packet, across its segments. The
 * packet's side.
 * @h: the handle
 * @pkt: the packet
 * @offset: bytes of the packet before the first one that is copied
 * @src: source of the bytes
 * @len: the most bytes to copy
 *
 * Returns the number of bytes copied, which is less than @len at the end of the
 * packet.
 */
size_t tunring_packet_write(const struct tunring *h,
			    const struct tunring_packet *pkt, size_t offset,
			    const void *src, size_t len);

/**
 * tunring_packet_push() - prepend @n bytes. Returns NULL if the headroom is
 * smaller.
 * @pkt: the packet
 * @n: bytes
 */
TUNRING_INLINE uint8_t *tunring_packet_push(struct tunring_packet *pkt,
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

/**
 * tunring_packet_pull() - remove the first @n bytes. Returns NULL if the packet
 * is shorter.
 * @pkt: the packet
 * @n: bytes
 */
TUNRING_INLINE uint8_t *tunring_packet_pull(struct tunring_packet *pkt,
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
 * @pkt: the packet
 * @n: bytes
 *
 * Returns the address of these bytes; NULL if the room is too small or the
 * packet has several buffers.
 */
TUNRING_INLINE uint8_t *tunring_packet_put(struct tunring_packet *pkt,
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
