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
/* --udp-batch: packets for a UDP link are collected. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include <netinet/udp.h>

#include "openvpn.h"
#include "error.h"
#include "tun.h"

#include "udp_batch_state.h"

#include "memdbg.h"

void
udp_batch_out_init(struct udp_batch *l, unsigned int peers)
{
    struct link_out *o = &l->out;
    int size;
    socklen_t len = sizeof(size);

    o->data = malloc(LINK_OUT_BYTES);
    check_malloc_return(o->data);
    udp_batch_paths_init(&o->paths, peers,
                         !getsockopt(l->sock->sd, SOL_UDP, UDP_SEGMENT,
                                     &size, &len));
    o->multihome = l->sock->sockflags & SF_USE_IP_PKTINFO;
    udp_batch_df_init(l);
}

/* --passtos */
static int
tos_of(const struct link_socket *sock)
{
    return sock->ptos_defined ? sock->ptos : -1;
}

void
udp_batch_set_tos(struct link_socket *sock)
{
    if (!sock->batch)
    {
        link_socket_set_tos(sock);
    }
}

int
udp_batch_write(struct context *c, struct link_socket *sock, struct link_socket_actual *to)
{
    struct buffer *buf = &c->c2.to_link;
    struct udp_batch *l = udp_batch_get(c, sock);
    struct link_out *o;

    if (l && l->stream)
    {
        return udp_batch_stream_write(l, buf);
    }
    if (!l || c->options.shaper || !c->c1.tuntap || !c->c1.tuntap->batch
        || !udp_batch_is_data(c, buf) || BLEN(buf) > LINK_OUT_BYTES)
    {
        /* Packets keep their order. */
        if (l)
        {
            udp_batch_flush(l);
            udp_batch_df_set(l, LINK_DF_USER);
            link_socket_set_tos(sock);
        }
        return (int)link_socket_write(sock, buf, to);
    }
    o = &l->out;
    if ((o->packets == LINK_OUT_PACKETS
         || o->len + BLEN(buf) > LINK_OUT_BYTES) && !udp_batch_flush(l))
    {
        errno = EAGAIN;
        return -1;
    }
    udp_batch_run_add(o, to, tos_of(sock), BPTR(buf), BLEN(buf));
    return BLEN(buf);
}
