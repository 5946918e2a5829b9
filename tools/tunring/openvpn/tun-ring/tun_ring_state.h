/* SPDX-License-Identifier: GPL-2.0-only WITH openvpn-openssl-exception */
/*
 * In addition, as a special exception, the copyright holders of this file give
 * permission to link the code of this file with the OpenSSL library (or with
 * modified versions of OpenSSL that use the same license as OpenSSL), and
 * distribute linked combinations including the two.  You must obey the GNU
 * General Public License in all respects for all of the code used other than
 * OpenSSL.  If you modify this file, you may extend this exception to your
 * version of the file, but you are not obligated to do so.  If you do not wish
 * to do so, delete this exception statement from your version.  The Apache2
 * linking exception of OpenVPN's COPYING applies to this file in the same way.
 */
/* The rings of one tun, shared by the tun_ring*.c files. */
#ifndef TUN_RING_STATE_H
#define TUN_RING_STATE_H

#include "tun_ring.h"

#include <tunring.h>

/* The most packets that one call takes from the ring. */
#define TUN_RING_BURST 64

/**
 * struct tun_rings - the rings of one tun
 * @h: libtunring's handle
 * @asked: entries per ring that the user asked for
 * @entries: entries per ring
 * @buf_size: bytes of one buffer
 * @pkts: received packets: OpenVPN has given back [0, @rx_free), uses
 *      [@rx_free, @rx_next), and has yet to take [@rx_next, @rx_end)
 * @work: transmit buffer that decryption writes to, if @have_work
 * @unkicked: packets were submitted since the last kick
 * @down: the last kick found the device down
 * @rx_copied: received packets that OpenVPN could not use in place
 * @tx_copied: sent packets that did not lie in a transmit buffer
 */
struct tun_rings
{
    struct tunring *h;
    unsigned int asked;
    unsigned int entries;
    unsigned int buf_size;

    struct tunring_packet pkts[TUN_RING_BURST];
    unsigned int rx_free;
    unsigned int rx_next;
    unsigned int rx_end;

    struct tunring_packet work;
    bool have_work;
    bool unkicked;
    bool down;

    unsigned long long rx_copied;
    unsigned long long tx_copied;
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
