/* SPDX-License-Identifier: GPL-2.0 */
/* The rings of one tun, shared by the tun_ring*.c files. */
#ifndef TUN_RING_STATE_H
#define TUN_RING_STATE_H

#include "tun_ring.h"

#include <tunring.h>

/* The most packets per direction between two waits. */
#define TUN_RING_BATCH	64

/**
 * struct tun_rings - the rings of one tun
 * @h: libtunring's handle
 * @mapped: the rings are shared memory; false: the library reads and writes
 * @asked: entries per ring that the user asked for
 * @entries: entries per ring
 * @buf_size: bytes of one buffer
 * @pkts: received packets: OpenVPN has given back [0, @rx_free), uses
 *	[@rx_free, @rx_next), and has yet to take [@rx_next, @rx_end)
 * @rx_readable: without @mapped: a read may return packets
 * @work: transmit buffer that decryption writes to, if @have_work
 * @unkicked: packets were submitted since the last kick
 * @down: the last kick found the device down
 * @tun_left: packets that OpenVPN may take from the tun before the next wait
 * @tun_pending: packets were at hand when the wait began
 * @link_left: packets that OpenVPN may read from the link before the next wait
 * @link_budget: initial value of @link_left; adapts to the length of batches
 * @link_busy: the socket's queue is full
 * @rx_copied: received packets that OpenVPN could not use in place
 * @tx_copied: sent packets that did not lie in a transmit buffer
 */
struct tun_rings {
	struct tunring		*h;
	bool			mapped;
	unsigned int		asked;
	unsigned int		entries;
	unsigned int		buf_size;

	struct tunring_packet	pkts[TUN_RING_BATCH];
	unsigned int		rx_free;
	unsigned int		rx_next;
	unsigned int		rx_end;
	bool			rx_readable;

	struct tunring_packet	work;
	bool			have_work;
	bool			unkicked;
	bool			down;

	unsigned int		tun_left;
	bool			tun_pending;
	unsigned int		link_left;
	unsigned int		link_budget;
	bool			link_busy;

	unsigned long long	rx_copied;
	unsigned long long	tx_copied;
};

/* Is a received packet at hand? Takes a burst from the ring if none is. */
bool tun_ring_refill(struct tun_rings *r);

/* Give back the received packets that OpenVPN has finished with. */
void tun_ring_release(struct tun_rings *r);

/*
 * Have the kernel take submitted packets. Returns 0 or a negative errno. After -EIO
 * the packets are lost: the device is down.
 */
int tun_ring_kick(struct tun_rings *r);

#endif /* TUN_RING_STATE_H */
