/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Of <tunring.h>, which is to be included: packets to be sent. */
#ifndef TUNRING_TX_H
#define TUNRING_TX_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct tunring;
struct tunring_packet;

/**
 * tunring_tx_reserve() - take up to @n empty transmit buffers. Transmit side.
 * @h: the handle
 * @pkts: where the packets are stored
 * @n: the most buffers to take
 *
 * Each packet has @data at headroom bytes from the start of its buffer, @len 0
 * and zeroed metadata. Returns how many there were; 0 if all are in flight (then
 * kick, and see tunring_tx_prepare_wait()). They are the caller's until
 * submitted or cancelled, in any order.
 *
 * A negative errno, only if no buffer is left, as of tunring_rx_burst(), and under
 * the same rule, with tunring_tx_prepare_wait(): -EBADFD the device was deleted,
 * -EPROTO the kernel stopped a ring.
 */
int tunring_tx_reserve(struct tunring *h, struct tunring_packet *pkts,
		       unsigned int n);

/**
 * tunring_tx_reserve_len() - take buffers for one packet of @len bytes. Transmit
 * side.
 * @h: the handle
 * @pkt: where the packet is stored
 * @len: bytes of the packet
 *
 * As many as are needed, each filled up to its room. Fill the packet by
 * tunring_packet_write() or through tunring_packet_iov().
 * Returns 1, or 0 if there are not enough now, or -EMSGSIZE if there never are, or
 * an error as tunring_tx_reserve().
 */
int tunring_tx_reserve_len(struct tunring *h, struct tunring_packet *pkt,
			   uint32_t len);

/**
 * tunring_tx_cancel() - give reserved buffers back unsent. Transmit side.
 * @h: the handle
 * @pkts: the packets
 * @n: how many they are
 *
 * Returns 0, or -EINVAL as tunring_rx_release().
 */
int tunring_tx_cancel(struct tunring *h, const struct tunring_packet *pkts,
		      unsigned int n);

/**
 * tunring_tx_submit() - queue filled packets for the stack. Transmit side.
 * @h: the handle
 * @pkts: the packets
 * @n: how many they are
 *
 * A packet is @len bytes at @data, anywhere in its buffer. No syscall.
 * Returns the number queued, in order; fewer than @n if a packet was not valid
 * (data outside of its buffer, no bytes, not reserved): this packet and all after
 * it are still reserved. -EINVAL if the first was not valid.
 * Nothing moves before tunring_tx_kick() or tunring_wait() is called.
 */
int tunring_tx_submit(struct tunring *h, const struct tunring_packet *pkts,
		      unsigned int n);

/**
 * tunring_tx_kick() - have the kernel send submitted packets. Transmit side.
 * @h: the handle
 *
 * Makes a syscall only if the kernel asked for a kick. Takes buffers back that the
 * kernel has used. In plain mode, this writes the packets.
 * Returns 0 or a negative errno: -EIO the device is down, and the packets are
 * lost (write(2) loses them, too), -EPROTO the kernel stopped the ring, -EBADFD the device is gone, plain mode: -EAGAIN the socket
 * buffer is full (packets stay queued).
 */
int tunring_tx_kick(struct tunring *h);

/**
 * tunring_tx_space() - buffers that tunring_tx_reserve() would give now. Transmit
 * side.
 * @h: the handle
 */
unsigned int tunring_tx_space(struct tunring *h);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_TX_H */
