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
 * --udp-batch: the DF bit of packets for a UDP link.
 *
 * With IP_PMTUDISC_WANT, the default, the kernel sets DF on a packet that fits the path
 * MTU, and fragments a larger packet without DF. The kernel compares the length of the
 * whole message for UDP_SEGMENT with the path MTU, so the segments leave without DF.
 * IP_PMTUDISC_DO sets DF in any case, and is in force while runs are sent.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include "openvpn.h"
#include "error.h"

#include "udp_batch_state.h"

#include "memdbg.h"

void
udp_batch_df_init(struct udp_batch *l)
{
    struct link_out *o = &l->out;
    socklen_t len = sizeof(o->df_user);

    if (getsockopt(l->sock->sd, IPPROTO_IP, IP_MTU_DISCOVER, &o->df_user,
                   &len))
    {
        o->df_user = IP_PMTUDISC_DONT;
    }
    o->df_now = o->df_user;
}

void
udp_batch_df_set(struct udp_batch *l, enum link_df df)
{
    struct link_out *o = &l->out;
    int want = df == LINK_DF_DO ? IP_PMTUDISC_DO : o->df_user;

    if (df == LINK_DF_ANY || want == o->df_now)
    {
        return;
    }
    l->n.calls++;
    if (!setsockopt(l->sock->sd, IPPROTO_IP, IP_MTU_DISCOVER, &want,
                    sizeof(want)))
    {
        o->df_now = want;
    }
}

/* A single packet may need fragmentation, unless a larger packet went without. */
static enum link_df
df_of(const struct link_out *o, const struct link_run *run)
{
    const struct sockaddr *sa = &run->to.dest.addr.sa;

    if (o->df_user != IP_PMTUDISC_WANT)
    {
        return LINK_DF_ANY;
    }
    if (sa->sa_family == AF_INET6
        && !IN6_IS_ADDR_V4MAPPED(&run->to.dest.addr.in6.sin6_addr))
    {
        return LINK_DF_ANY;
    }
    if (run->packets > 1)
    {
        return LINK_DF_DO;
    }
    return run->len > run->path->whole_max ? LINK_DF_USER : LINK_DF_ANY;
}

unsigned int
udp_batch_df_alike(const struct link_out *o, enum link_df *df)
{
    unsigned int i;

    *df = LINK_DF_ANY;
    for (i = o->next; i < o->end; i++)
    {
        enum link_df one = df_of(o, &o->runs[i]);

        if (one != LINK_DF_ANY && *df != LINK_DF_ANY && one != *df)
        {
            break;
        }
        if (one != LINK_DF_ANY)
        {
            *df = one;
        }
    }
    return i - o->next;
}
