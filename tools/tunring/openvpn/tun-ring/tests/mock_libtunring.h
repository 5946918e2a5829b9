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
/* A libtunring for unit tests of --tun-ring. */
#ifndef MOCK_LIBTUNRING_H
#define MOCK_LIBTUNRING_H

#include <tunring.h>

/**
 * struct mock_library - the behaviour of the library, and a record of calls
 * @most: entries of the largest rings that it makes
 * @err: result for larger rings
 * @adopted: entries of the last rings
 * @buf_size: bytes of their buffers
 * @closed: rings that were closed
 * @slot: the one buffer to send from
 * @reserved: how often that was reserved
 * @sent: the last packet
 * @kicks: calls of tunring_tx_kick()
 * @written: packets that were written without a ring
 */
struct mock_library
{
    unsigned int most;
    int err;
    unsigned int adopted;
    unsigned int buf_size;
    unsigned int closed;
    uint8_t slot[4096];
    unsigned int reserved;
    struct tunring_packet sent;
    unsigned int kicks;
    unsigned int written;
};

extern struct mock_library lib;

#endif /* MOCK_LIBTUNRING_H */
