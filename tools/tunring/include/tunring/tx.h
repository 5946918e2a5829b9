/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * Packets to be sent.
 *
 * A program includes <tunring.h>, not this file.
 */
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
 * @pkts: the function stores the packets here
 * @n: the most buffers to take
 *
 * Each packet has @data at headroom bytes from the start of its buffer, @len 0
 * and zeroed metadata. Returns the number of packets; 0 if all buffers are in
 * flight (then kick, and see tunring_tx_prepare_wait()). The caller owns the
 * packets until it submits or cancels them, in any order.
 *
 * Returns a negative errno only if no buffer is left: -EBADFD if the device was
 * deleted; -EPROTO if a ring is broken. A call that finds no buffer asks the
 * kernel for errors once after each tunring_tx_prepare_wait(), and otherwise
 * once in about 1000 calls.
 */
int tunring_tx_reserve(struct tunring *h, struct tunring_packet *pkts,
		       unsigned int n);

/**
 * tunring_tx_reserve_len() - take buffers for one packet of @len bytes. Transmit
 * side.
 * @h: the handle
 * @pkt: the function stores the packet here
 * @len: bytes of the packet
 *
 * The function takes as many buffers as the packet needs, and uses the whole
 * room of each. Fill the packet by tunring_packet_write() or through
 * tunring_packet_iov(). Returns 1; 0 if too few buffers are free now; -EMSGSIZE
 * if all buffers are too few; or an error as tunring_tx_reserve().
 */
int tunring_tx_reserve_len(struct tunring *h, struct tunring_packet *pkt,
			   uint32_t len);

/**
 * tunring_tx_cancel() - give reserved buffers back, unsent. Transmit side.
 * @h: the handle
 * @pkts: the packets
 * @n: number of packets
 *
 * Returns 0, or -EINVAL as tunring_rx_release().
 */
int tunring_tx_cancel(struct tunring *h, const struct tunring_packet *pkts,
		      unsigned int n);

/**
 * tunring_tx_submit() - queue filled packets for the stack. Transmit side.
 * @h: the handle
 * @pkts: the packets
 * @n: number of packets
 *
 * A packet has @len bytes at @data, anywhere in its buffer. The function makes
 * no system call. Returns the number of packets queued, in order; fewer than @n
 * if a packet was not valid (data outside of its buffer, no bytes, not
 * reserved): this packet and all packets after it are still reserved. Returns
 * -EINVAL if the first packet was not valid. No packet is sent before
 * tunring_tx_kick() or tunring_wait() is called.
 */
int tunring_tx_submit(struct tunring *h, const struct tunring_packet *pkts,
		      unsigned int n);

/**
 * tunring_tx_kick() - let the kernel send submitted packets. Transmit side.
 * @h: the handle
 *
 * Makes a system call only if the kernel asked for a kick. Takes back the
 * buffers that the kernel has used. In plain mode the function writes the
 * packets. Returns 0 or a negative errno: -EIO if the device is down, and the
 * packets are lost (as by write(2)); -EPROTO if the ring is broken; -EBADFD if
 * the device is gone; in plain mode -EAGAIN if the socket buffer is full (the
 * packets stay queued).
 */
int tunring_tx_kick(struct tunring *h);

/**
 * tunring_tx_space() - get the number of buffers that tunring_tx_reserve()
 * would return now. Transmit side.
 * @h: the handle
 */
unsigned int tunring_tx_space(struct tunring *h);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_TX_H */
