/* SPDX-License-Identifier: GPL-2.0 */
/* What the tun_ring*.c files share. */
#ifndef TUN_RING_STATE_H
#define TUN_RING_STATE_H

#include "tun_ring.h"

#include <tunring.h>

/* Packets per direction between two looks at the sockets and timers. */
#define TUN_RING_BATCH	64

/**
 * struct tun_rings - the rings of one tun
 * @h: libtunring's handle
 * @mapped: rings in shared memory; false: the library reads and writes
 * @asked: entries per ring that the user asked for
 * @entries: those that fit
 * @buf_size: bytes of one buffer
 * @pkts: received packets: [0, @rx_free) given back, [@rx_free, @rx_next) in
 *	use by OpenVPN, [@rx_next, @rx_end) not looked at
 * @rx_readable: plain mode: a read could give packets
 * @work: transmit buffer that decryption writes to, if @have_work
 * @unkicked: packets were submitted that the kernel may not know of
 * @down: the last kick found the device down
 * @tun_left: packets that may be taken from the tun before the next wait
 * @tun_pending: packets were there when the wait began
 * @link_left: packets that may be read from the link before the next wait
 * @link_budget: what @link_left starts from; follows what is found there
 * @link_busy: the socket's queue is full
 * @rx_copied: received packets that could not be used in place
 * @tx_copied: sent packets that were not in a transmit buffer
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

/* Is a received packet at hand? Takes a burst from the ring if need be. */
bool tun_ring_refill(struct tun_rings *r);

/* Give back the received packets that OpenVPN is done with. */
void tun_ring_release(struct tun_rings *r);

/*
 * Have the kernel take submitted packets. Returns 0 or a negative errno; -EIO: the
 * device is down, and the packets go when it comes up.
 */
int tun_ring_kick(struct tun_rings *r);

#endif /* TUN_RING_STATE_H */
