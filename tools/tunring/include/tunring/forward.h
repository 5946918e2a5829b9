/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * Packets that are sent from the buffer in which they were received.
 *
 * A program includes <tunring.h>, not this file.
 */
#ifndef TUNRING_FORWARD_H
#define TUNRING_FORWARD_H

#ifdef __cplusplus
extern "C" {
#endif

struct tunring;
struct tunring_packet;

/**
 * tunring_rx_forward() - send received packets back into the stack from their
 * buffers, without a copy. Both sides.
 * @h: the handle
 * @pkts: the packets
 * @n: number of packets
 *
 * As tunring_tx_submit() for received packets: the library uses @data and @len.
 * Metadata of checksum, GSO, protocol and VLAN is sent, too; mark and priority
 * only if TUNRING_F_TX_MARK is in force. The packet's buffer is exchanged with
 * a free buffer of the transmit side. Returns the number of packets submitted:
 * fewer than @n if the transmit side has no buffers left, or if a packet is not
 * valid. The program still holds the other packets. -EINVAL if the first packet
 * is not valid; -EOPNOTSUPP if transmit buffers have another size
 * (tunring_options.tx_buf_size).
 */
int tunring_rx_forward(struct tunring *h, const struct tunring_packet *pkts,
		       unsigned int n);

/**
 * tunring_rx_forward_to() - send received packets out of another handle of the
 * pool, without a copy. Receive side of @h, transmit side of @to.
 * @h: the handle that received the packets
 * @to: the handle that sends
 * @pkts: the packets
 * @n: number of packets
 *
 * As tunring_rx_forward(), but without mark and priority. -EINVAL also if the
 * handles are not in one pool, or if one is a tun and the other a tap.
 */
int tunring_rx_forward_to(struct tunring *h, struct tunring *to,
			  const struct tunring_packet *pkts, unsigned int n);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_FORWARD_H */
