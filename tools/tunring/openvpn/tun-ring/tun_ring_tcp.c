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
/* --tun-ring: the event loop of the TCP server. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include "openvpn.h"
#include "event.h"
#include "tun.h"

#include "tun_ring_state.h"
#include "udp_batch_state.h"

#include "memdbg.h"

int
tun_ring_merge(const struct context *c, struct event_set_return *esr,
               int n, int max, void *tun_arg)
{
    const struct tuntap *tt = c->c1.tuntap;
    int i;

    if (!tun_ring_used(tt))
    {
        return n;
    }
    tt->batch->tun_left = UDP_BATCH_MAX;
    for (i = 0; i < n; i++)
    {
        if (esr[i].arg == tun_arg)
        {
            return n;
        }
    }
    if (!tt->batch->tun_pending || n < 0 || n >= max)
    {
        return n;
    }
    esr[n].arg = tun_arg;
    esr[n].rwflags = EVENT_READ;
    return n + 1;
}

bool
tun_ring_more(const struct tuntap *tt)
{
    return tun_ring_used(tt) && tt->batch->tun_left
           && tun_ring_refill(tt->rings);
}
