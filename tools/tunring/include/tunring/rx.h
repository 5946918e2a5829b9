/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Of <tunring.h>, which is to be included: received packets. */
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
 * @pkts: where the packets are stored
 * @n: the most packets to take
 *
 * Returns how many were stored in @pkts, 0 if there are none now. Never sleeps.
 * The packets, in place, are the caller's until tunring_rx_release() or
 * tunring_rx_forward(), in any order; as long as the caller holds them, their
 * buffers are missing from the ring.
 *
 * A negative errno, only if no packet was taken: -EBADFD the device was deleted,
 * -EPROTO the kernel stopped a ring, plain mode: an error of read().
 *
 * In ring mode a call that takes packets makes no system call. A call that finds
 * none asks the kernel for errors once after each tunring_prepare_wait(), and
 * else once in some 1000 calls.
 */
int tunring_rx_burst(struct tunring *h, struct tunring_packet *pkts,
		     unsigned int n);

/**
 * tunring_rx_release() - give packets back; their buffers receive anew. Receive
 * side.
 * @h: the handle
 * @pkts: the packets
 * @n: how many they are
 *
 * Kicks the kernel if, and only if, it asked for it (it does after the ring ran
 * full). Returns 0 or a negative errno of that kick; the packets are given back
 * in any case. -EINVAL: a packet that was not received or was given back before;
 * the packets after it are not given back.
 */
int tunring_rx_release(struct tunring *h, const struct tunring_packet *pkts,
		       unsigned int n);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_RX_H */
