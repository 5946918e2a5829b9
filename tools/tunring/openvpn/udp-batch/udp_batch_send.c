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
/*
 * --udp-batch: collected packets are sent.
 *
 * One sendmmsg() sends several messages. Where the kernel or the device refuses to cut
 * a message, the same packets are sent one by one at once.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include "openvpn.h"
#include "error.h"

#include "udp_batch_state.h"

#include "memdbg.h"

static void
run_sent(struct udp_batch *l, const struct link_run *run)
{
    struct link_path *path = run->path;

    l->n.sent_messages++;
    l->n.sent += run->packets;
    if (run->packets > 1 && l->out.df_now == IP_PMTUDISC_DO
        && path->whole_max < run->segment)
    {
        path->whole_max = run->segment;
    }
}

static int
runs_send(struct udp_batch *l, unsigned int n)
{
    struct link_out *o = &l->out;
    struct mmsghdr msgs[LINK_OUT_PACKETS];
    struct iovec iov[LINK_OUT_PACKETS];
    char control[LINK_OUT_PACKETS][LINK_RUN_CONTROL]
    __attribute__((aligned(__alignof__(struct cmsghdr))));
    unsigned int i;
    int sent;

    for (i = 0; i < n; i++)
    {
        udp_batch_run_message(o, &o->runs[o->next + i], &msgs[i], &iov[i],
                              control[i]);
    }
    sent = sendmmsg(l->sock->sd, msgs, n, 0);
    l->n.calls++;
    for (i = 0; (int)i < sent; i++)
    {
        run_sent(l, &o->runs[o->next + i]);
    }
    if (sent > 0)
    {
        o->next += sent;
    }
    return sent;
}

/* The kernel refused the first run twice, so the error belongs to this message. */
static void
run_failed(struct udp_batch *l, int err)
{
    struct link_out *o = &l->out;
    struct link_run *run = &o->runs[o->next];

    if (run->packets > 1)
    {
        udp_batch_path_refused(run->path, run->segment, err);
        udp_batch_run_split(o);
        udp_batch_errors(l);
        return;
    }
    udp_batch_error(l, err);
    o->next++;
}

/* A packet that has become too large is sent again under the user's setting of DF. */
static void
run_refused(struct link_out *o, int err)
{
    struct link_run *run = &o->runs[o->next];

    o->refused = err;
    if (err == EMSGSIZE && run->packets == 1
        && run->path->whole_max >= run->len)
    {
        run->path->whole_max = run->len - 1;
    }
}

/*
 * If the socket has a pending error, maybe of another peer, a send call returns that
 * instead of sending. Once sendmmsg() has sent a message it returns no error at all.
 * So a refused message is tried a second time before it counts as failed, and a call
 * that stopped early is followed by a look for errors.
 *
 * False: the socket's queue is full.
 */
static bool
runs_try(struct udp_batch *l)
{
    struct link_out *o = &l->out;
    int sent, n, refused = o->refused;
    enum link_df df;

    n = udp_batch_df_alike(o, &df);
    udp_batch_df_set(l, df);
    sent = runs_send(l, n);
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    {
        return false;
    }
    if (sent < 0 && errno == EINTR)
    {
        return true;
    }
    o->refused = 0;
    if (sent < 0 && !refused && errno != ENOBUFS)
    {
        run_refused(o, errno);
    }
    else if (sent < 0)
    {
        run_failed(l, errno);
    }
    else if (refused)
    {
        udp_batch_error(l, refused);
    }
    else if (sent < n)
    {
        udp_batch_errors(l);
    }
    return true;
}

bool
udp_batch_out_flush(struct udp_batch *l)
{
    struct link_out *o = &l->out;

    while (o->next < o->end)
    {
        if (!runs_try(l))
        {
            l->n.full++;
            return false;
        }
    }
    o->next = 0;
    o->end = 0;
    o->len = 0;
    o->packets = 0;
    o->paths.batch++;
    return true;
}
