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
/* --udp-batch: the event loop of the TCP server of OpenVPN 2.6. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include "openvpn.h"
#include "event.h"
#include "multi.h"
#include "mtcp.h"

#include "udp_batch_state.h"
#include "udp_batch_version.h"

#include "memdbg.h"

/* Streams belong to clients, whose contexts are a part of struct multi_instance. */
static struct multi_instance *
client_of(const struct udp_batch *l)
{
    return (struct multi_instance *)((uint8_t *)l->stream->c
                                     - offsetof(struct multi_instance, context));
}

/* As OpenVPN itself does, read no more of a client that does not read. */
static bool
may_read(const struct udp_batch *l)
{
    return udp_batch_buffered(l) && !l->stream->full;
}

const struct timeval *
udp_batch_mtcp_before(const struct context *c, struct multi_tcp *mtcp)
{
    static const struct timeval none;
    const struct timeval *tv = udp_batch_before_wait(c, 0, EVENT_READ);
    struct udp_batch *l = udp_batch_stream_first();

    while (l)
    {
        if (udp_batch_unsent(l) && !udp_batch_flush(l))
        {
            struct multi_instance *mi = client_of(l);

            mi->socket_set_called = true;
            socket_set(l->sock, mtcp->es, EVENT_WRITE, mi, &mi->tcp_rwflags);
        }
        if (may_read(l))
        {
            tv = &none;
        }
        l = udp_batch_stream_next(l);
    }
    return tv;
}

/* Adds an event to the list, unless the list has one of this argument. */
static int
event_add(struct multi_tcp *mtcp, int n, void *arg)
{
    int i;

    for (i = 0; i < n; i++)
    {
        if (mtcp->esr[i].arg == arg)
        {
            return n;
        }
    }
    if (n == mtcp->maxevents)
    {
        return n;
    }
    mtcp->esr[n].arg = arg;
    mtcp->esr[n].rwflags = EVENT_READ;
    return n + 1;
}

int
udp_batch_mtcp_after(const struct context *c, struct multi_tcp *mtcp, int n, void *tun_arg)
{
    struct io_batch *b = udp_batch_io_of(c);
    const struct udp_batch *l;

    if (!b || n < 0)
    {
        return n;
    }
    b->tun_left = UDP_BATCH_MAX;
    if (b->tun && b->tun_pending)
    {
        n = event_add(mtcp, n, tun_arg);
    }
    for (l = udp_batch_stream_first(); l; l = l->stream->next)
    {
        if (may_read(l))
        {
            n = event_add(mtcp, n, client_of(l));
        }
    }
    return n;
}

bool
udp_batch_mtcp_tun(const struct context *c)
{
    const struct io_batch *b = udp_batch_io_of(c);

    return b && b->tun_left && (!b->tun || b->tun->ready(b->tt));
}

bool
udp_batch_mtcp_full(const struct context *c)
{
    const struct udp_batch *l = udp_batch_of(c);

    return l && l->stream && l->stream->full;
}

bool
udp_batch_mtcp_resume(const struct context *c)
{
    struct udp_batch *l = udp_batch_of(c);

    return !udp_batch_unsent(l) || udp_batch_flush(l);
}
