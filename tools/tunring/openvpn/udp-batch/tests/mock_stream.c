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
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "openvpn.h"
#include "udp_batch_state.h"

#include "mock_stream.h"

struct mock_peer peer;

void
udp_batch_error(struct udp_batch *l, int err)
{
    assert_int_equal(err, EPIPE);
    peer.errors++;
}

ssize_t
__wrap_send(int fd, const void *data, size_t len, int flags)
{
    int n = min_int(len, peer.room);

    peer.sends++;
    assert_true(flags & MSG_NOSIGNAL);
    if (n <= 0)
    {
        errno = n < 0 ? EPIPE : EAGAIN;
        return -1;
    }
    memcpy(peer.got + peer.n_got, data, n);
    peer.n_got += n;
    peer.room -= n;
    return n;
}

ssize_t
__wrap_recv(int fd, void *data, size_t len, int flags)
{
    int n = min_int(len, peer.n_given);

    peer.recvs++;
    memcpy(data, peer.given, n);
    peer.n_given -= n;
    memmove(peer.given, peer.given + n, peer.n_given);
    return n;
}
