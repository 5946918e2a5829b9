/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Of <tunring.h>, which is to be included: packets sent from the buffer in which they came. */
#ifndef TUNRING_FORWARD_H
#define TUNRING_FORWARD_H

#ifdef __cplusplus
extern "C" {
#endif

struct tunring;
struct tunring_packet;

/**
 * tunring_rx_forward() - send received packets back into the stack from the
 * buffer that they are in, without a copy. Both sides.
 * @h: the handle
 * @pkts: the packets
 * @n: how many they are
 *
 * As tunring_tx_submit() for received packets: goes by @data and @len; checksum,
 * GSO, protocol and VLAN metadata goes along, mark and priority if
 * TUNRING_F_TX_MARK is in force. The packet's buffer changes places with a free
 * one of the transmit side. Returns the number of packets submitted: fewer than
 * @n if the transmit side has no buffers left, or if one is not valid; the others
 * are still held. -EINVAL if the first is not valid.
 */
int tunring_rx_forward(struct tunring *h, const struct tunring_packet *pkts,
		       unsigned int n);

/**
 * tunring_rx_forward_to() - send received packets out of another handle of the
 * pool, without a copy. Receive side of @h, transmit side of @to.
 * @h: the handle that received the packets
 * @to: the handle that sends
 * @pkts: the packets
 * @n: how many they are
 *
 * As tunring_rx_forward(), but mark and priority stay behind. -EINVAL, too: the
 * handles are not in one pool, or one is a tun and the other a tap.
 */
int tunring_rx_forward_to(struct tunring *h, struct tunring *to,
			  const struct tunring_packet *pkts, unsigned int n);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_FORWARD_H */
