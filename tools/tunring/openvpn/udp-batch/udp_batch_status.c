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
/* --udp-batch: counters in the log, in the status and on the management interface. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include "openvpn.h"
#include "errlevel.h"
#include "error.h"
#include "status.h"

#include "udp_batch_state.h"
#include "udp_batch_version.h"

#include "memdbg.h"

/* The streams that were closed. */
static struct link_counts closed;

static void
counts_add(struct link_counts *to, const struct link_counts *n)
{
    to->sent += n->sent;
    to->sent_messages += n->sent_messages;
    to->received += n->received;
    to->received_messages += n->received_messages;
    to->full += n->full;
    to->calls += n->calls;
}

/* A TCP server has a stream for each client. False: there are no batches. */
static bool
counts_of(const struct context *c, struct link_counts *n)
{
    const struct udp_batch *l = udp_batch_of(c);

    if (!l && !(udp_batch_io_of(c) && udp_batch_has_streams(&c->options)))
    {
        return false;
    }
    if (l && !l->stream)
    {
        *n = l->n;
        return true;
    }
    *n = closed;
    for (l = udp_batch_first(); l; l = l->next)
    {
        counts_add(n, &l->n);
    }
    return true;
}

void
udp_batch_status(const struct context *c, struct status_output *so,
                 const char *table, char sep)
{
    struct link_counts n = { 0 };
    const char *kind = udp_batch_has_udp(&c->options) ? "UDP" : "TCP";
    bool some = counts_of(c, &n);
    const struct {
        const char              *name;
        unsigned long long n;
    } rows[] = {
        { "packets sent", n.sent },
        { "messages sent", n.sent_messages },
        { "packets received", n.received },
        { "messages received", n.received_messages },
        { "system calls", n.calls },
        { "times no room", n.full },
    };
    unsigned int i;

    for (i = 0; some && i < SIZE(rows); i++)
    {
        status_printf(so, "%s%s batches: %s%c%llu", table, kind, rows[i].name,
                      sep, rows[i].n);
    }
}

void
udp_batch_closed(const struct udp_batch *l)
{
    const struct link_counts *n = &l->n;

    msg(l->stream && udp_batch_is_child(l->stream->c) ? D_MULTI_LOW : M_INFO,
        "%s batches: sent %llu packets in %llu messages, received %llu in %llu, %llu system calls, %llu times no room",
        l->stream ? "TCP" : "UDP", n->sent, n->sent_messages, n->received,
        n->received_messages, n->calls, n->full);
    if (l->stream)
    {
        counts_add(&closed, n);
    }
}
