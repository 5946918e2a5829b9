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
 * --udp-batch: packets from a UDP link.
 *
 * One recvmmsg() fetches several datagrams, and with UDP_GRO the kernel joins several
 * packets to one datagram. OpenVPN gets the packets one after the other, in place.
 */
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
udp_batch_in_init(struct udp_batch *l)
{
    struct link_in *in = &l->in;
    unsigned int i;
    int on = 1;

    /* The kernel allocates only the pages that packets reach. */
    in->data = malloc((size_t)LINK_IN_SLOTS * LINK_IN_SLOT);
    check_malloc_return(in->data);
    for (i = 0; i < LINK_IN_SLOTS; i++)
    {
        in->iov[i].iov_base = in->data + i * LINK_IN_SLOT
                              +LINK_IN_HEADROOM;
        in->iov[i].iov_len = LINK_IN_SLOT - LINK_IN_HEADROOM;
        in->msgs[i].msg_hdr.msg_iov = &in->iov[i];
        in->msgs[i].msg_hdr.msg_iovlen = 1;
        in->msgs[i].msg_hdr.msg_name = &in->from[i].dest.addr;
        in->msgs[i].msg_hdr.msg_control = in->control[i];
        in->msgs[i].msg_hdr.msg_namelen = sizeof(in->from[i].dest.addr);
        in->msgs[i].msg_hdr.msg_controllen = sizeof(in->control[i]);
    }
    /* A kernel without UDP_GRO returns one packet per datagram. */
    setsockopt(l->sock->sd, SOL_UDP, UDP_GRO, &on, sizeof(on));
}

/* The next packet is the first one of its datagram. */
static void
slot_begin(struct link_in *in)
{
    in->offset = 0;
    in->segment = udp_batch_control_read(&in->msgs[in->slot], &in->from[in->slot]);
}

static int
fetch(struct udp_batch *l)
{
    struct link_in *in = &l->in;
    unsigned int i;
    int n;

    /* The kernel has written the lengths of the last datagrams there. */
    for (i = 0; i < in->slots; i++)
    {
        in->msgs[i].msg_hdr.msg_namelen = sizeof(in->from[i].dest.addr);
        in->msgs[i].msg_hdr.msg_controllen = sizeof(in->control[i]);
    }
    in->slot = 0;
    n = recvmmsg(l->sock->sd, in->msgs, LINK_IN_SLOTS, MSG_DONTWAIT, NULL);
    l->n.calls++;
    in->drained = n < LINK_IN_SLOTS;
    in->slots = n > 0 ? n : 0;
    if (n > 0)
    {
        slot_begin(in);
        l->n.received_messages += n;
    }
    return n;
}

static void
from_check(const struct link_socket *sock, const struct mmsghdr *m)
{
    socklen_t expected = af_addr_size(sock->info.af);

    if (expected && m->msg_hdr.msg_namelen != expected)
    {
        bad_address_length(m->msg_hdr.msg_namelen, expected);
    }
}

/* OpenVPN must not write behind the packet, because the next packet lies there. */
static void
take(struct context *c, struct link_in *in, unsigned int len)
{
    struct buffer *buf = &c->c2.buf;
    int room = buf_forward_capacity(buf);
    uint8_t *data = (uint8_t *)in->iov[in->slot].iov_base + in->offset;

    buf->offset = min_int(buf->offset, LINK_IN_HEADROOM);
    buf->data = data - buf->offset;
    /* A packet larger than the frame is truncated, as recvfrom() does. */
    buf->len = min_int(len, room);
    buf->capacity = buf->offset + buf->len;
    c->c2.from = in->from[in->slot];
}

static int
packet_read(struct context *c, struct udp_batch *l)
{
    struct link_in *in = &l->in;
    const struct mmsghdr *m;
    unsigned int len;

    if (in->slot == in->slots && fetch(l) < 0)
    {
        c->c2.buf.len = -1;
        return -1;
    }
    m = &in->msgs[in->slot];
    if (!in->offset)
    {
        from_check(l->sock, m);
    }
    len = min_int(in->segment, m->msg_len - in->offset);
    take(c, in, len);
    in->offset += len;
    l->n.received++;
    if (in->offset >= m->msg_len)
    {
        if (++in->slot < in->slots)
        {
            slot_begin(in);
        }
    }
    return c->c2.buf.len;
}

int
udp_batch_read(struct context *c, struct link_socket *sock)
{
    struct udp_batch *l = udp_batch_get(c, sock);
    int len;

    if (!l)
    {
        return link_socket_read(sock, &c->c2.buf, &c->c2.from);
    }
    len = l->stream ? udp_batch_stream_read(c, l) : packet_read(c, l);
    /* The cryptography of the control channel takes long, as a script does. */
    if (len > 0 && !udp_batch_is_data(c, &c->c2.buf))
    {
        udp_batch_before_script();
    }
    return len;
}
