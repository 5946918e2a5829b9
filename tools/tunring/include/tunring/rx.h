/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * Received packets.
 *
 * A program includes <tunring.h>, not this file.
 */
#ifndef TUNRING_RX_H
#define TUNRING_RX_H

#ifdef __cplusplus
extern "C" {
#endif

struct tunring;
struct tunring_packet;

/**
 * tunring_rx_burst() - take up to @n received packets. Receive side.
 * @h: the handle
 * @pkts: the function stores the packets here
 * @n: the most packets to take
 *
 * Returns the number of packets stored in @pkts, or 0 if none has arrived.
 * Never sleeps. The caller owns the packets, which lie in their buffers, until
 * tunring_rx_release() or tunring_rx_forward(), in any order. The ring lacks
 * these buffers meanwhile.
 *
 * Returns a negative errno only if no packet was taken: -EBADFD if the device
 * was deleted; -EPROTO if a ring is broken; in plain mode an error of read().
 *
 * In ring mode a call that takes packets makes no system call. A call that
 * finds none asks the kernel for errors once after each tunring_prepare_wait(),
 * and otherwise once in about 1000 calls.
 */
int tunring_rx_burst(struct tunring *h, struct tunring_packet *pkts,
		     unsigned int n);

/**
 * tunring_rx_release() - give packets back, so that their buffers can receive
 * again. Receive side.
 * @h: the handle
 * @pkts: the packets
 * @n: number of packets
 *
 * Kicks the kernel only if the kernel asked for a kick, as it does after the
 * ring became full. Returns 0 or a negative errno of that kick; the packets are
 * given back in both cases. Returns -EINVAL for a packet that was not received
 * or was given back before; this packet and the packets after it are not given
 * back.
 */
int tunring_rx_release(struct tunring *h, const struct tunring_packet *pkts,
		       unsigned int n);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_RX_H */
