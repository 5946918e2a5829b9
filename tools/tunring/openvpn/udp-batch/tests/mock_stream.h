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
/* A TCP socket for unit tests of --udp-batch, and the peer. */
#ifndef MOCK_STREAM_H
#define MOCK_STREAM_H

#include "udp_batch_stream.h"

/**
 * struct mock_peer - the other end
 * @got, @n_got: bytes that the peer has got
 * @room: bytes that the socket takes; 0: EAGAIN, -1: EPIPE
 * @sends, @recvs: system calls
 * @given, @n_given: bytes that the socket has received
 * @errors: errors that OpenVPN was told of
 */
struct mock_peer
{
    uint8_t got[LINK_STREAM_BYTES * 2];
    int n_got;
    int room;
    int sends;
    uint8_t given[LINK_STREAM_BYTES];
    int n_given;
    int recvs;
    int errors;
};

extern struct mock_peer peer;

#endif /* MOCK_STREAM_H */
