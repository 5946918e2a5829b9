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
/* --udp-batch: the option, set-up and tear-down of batches, errors of the socket. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include <poll.h>

#include "openvpn.h"
#include "error.h"
#include "run_command.h"
#include "ssl_common.h"
#include "ssl_pkt.h"
#include "tun.h"

#include "udp_batch_state.h"
#include "udp_batch_version.h"

#include "memdbg.h"

static struct udp_batch *links;

/* All tuns with batches, for callers without a context. */
static struct io_batch *ios;

enum udp_batch_option
udp_batch_parse(const char *arg)
{
    if (!arg || streq(arg, "yes"))
    {
        return UDP_BATCH_YES;
    }
    return streq(arg, "no") ? UDP_BATCH_NO : UDP_BATCH_INVALID;
}

struct io_batch *
udp_batch_io_start(struct tuntap *tt,
                   const struct batch_tun *tun)
{
    struct io_batch *b = tt->batch;

    if (!b)
    {
        ALLOC_OBJ_CLEAR(b, struct io_batch);
        b->tt = tt;
        b->link_budget = 1;
        b->next = ios;
        ios = b;
        tt->batch = b;
        run_command_prepare = udp_batch_before_script;
    }
    b->tun = tun;
    b->link_left = 0;
    b->link_busy = false;
    return b;
}

/* A shaper decides when to send. */
static bool
batches_wanted(const struct context *c)
{
    const struct options *o = &c->options;

    return o->udp_batch == UDP_BATCH_YES && !o->shaper && !dco_enabled(o)
           && (udp_batch_has_udp(o) || udp_batch_has_streams(o))
           && udp_batch_has_tun(c->c1.tuntap);
}

/* --persist-tun keeps a tun over a restart, maybe with another protocol. */
void
udp_batch_open(struct context *c)
{
    udp_batch_close(c->c1.tuntap);
    if (!batches_wanted(c))
    {
        if (c->options.udp_batch == UDP_BATCH_YES)
        {
            msg(M_INFO, "UDP batches: not with --shaper, data channel offload or this protocol");
        }
        return;
    }
    udp_batch_io_start(c->c1.tuntap, NULL);
    if (!udp_batch_has_udp(&c->options))
    {
        msg(M_INFO, "TCP batches: at most %d packets of the tun between two waits, %d bytes per system call",
            UDP_BATCH_MAX, LINK_STREAM_BYTES);
        return;
    }
    msg(M_INFO, "UDP batches: at most %d packets per direction between two waits, %d per system call to send",
        UDP_BATCH_MAX, LINK_OUT_PACKETS);
}

void
udp_batch_close(struct tuntap *tt)
{
    struct io_batch **at = &ios;

    if (!tt->batch)
    {
        return;
    }
    while (*at != tt->batch)
    {
        at = &(*at)->next;
    }
    *at = tt->batch->next;
    free(tt->batch);
    tt->batch = NULL;
}

/* A batch keeps no SOCKS header for each packet, and a shaper decides when to send. */
static bool
link_is_plain(const struct context *c, const struct link_socket *sock)
{
    return c->options.udp_batch == UDP_BATCH_YES
           && proto_is_udp(sock->info.proto) && sock->sd >= 0
           && !sock->socks_proxy && !c->options.shaper;
}

struct udp_batch *
udp_batch_of(const struct context *c)
{
    const struct link_socket *sock = udp_batch_link(c);

    return sock ? sock->batch : NULL;
}

struct udp_batch *
udp_batch_get(const struct context *c, struct link_socket *sock)
{
    struct udp_batch *l = sock->batch;

    bool stream;

    if (l || !c->c1.tuntap || !c->c1.tuntap->batch)
    {
        return l;
    }
    stream = udp_batch_stream_starts(c, sock);
    if (!stream && !link_is_plain(c, sock))
    {
        return NULL;
    }
    ALLOC_OBJ_CLEAR(l, struct udp_batch);
    l->sock = sock;
    if (stream)
    {
        udp_batch_stream_init(l, c);
    }
    else
    {
        udp_batch_out_init(l, c->options.mode == MODE_SERVER ?
                           c->options.max_clients : 1);
        udp_batch_in_init(l);
    }
    l->sock->batch = l;
    l->next = links;
    links = l;
    return l;
}

bool
udp_batch_is_data(const struct context *c, const struct buffer *buf)
{
    int op;

    /* With a static key there is no control channel. */
    if (!c->c2.tls_multi && c->mode == CM_P2P)
    {
        return true;
    }
    if (BLEN(buf) < 1)
    {
        return false;
    }
    op = *BPTR(buf) >> P_OPCODE_SHIFT;
    return op == P_DATA_V1 || op == P_DATA_V2;
}

void
udp_batch_error(struct udp_batch *l, int err)
{
    errno = err;
    check_status(-1, "write", l->sock, NULL);
}

/*
 * poll() reports a pending error as well as a filled error queue. With errno 0,
 * check_status() takes the errno from the queue.
 */
void
udp_batch_errors(struct udp_batch *l)
{
    struct pollfd pfd = { .fd = l->sock->sd };
    int err = 0;
    socklen_t len = sizeof(err);

    l->n.calls++;
    if (poll(&pfd, 1, 0) != 1 || !(pfd.revents & POLLERR))
    {
        return;
    }
    getsockopt(l->sock->sd, SOL_SOCKET, SO_ERROR, &err, &len);
    l->n.calls++;
    udp_batch_error(l, err);
}

bool
udp_batch_flush(struct udp_batch *l)
{
    return l->stream ? udp_batch_stream_flush(l) : udp_batch_out_flush(l);
}

void
udp_batch_flush_all(void)
{
    struct udp_batch *l;

    for (l = links; l; l = l->next)
    {
        udp_batch_flush(l);
    }
}

/* OpenVPN still uses the current packet of the tun, so its buffer is not released. */
void
udp_batch_before_script(void)
{
    struct io_batch *b;

    udp_batch_flush_all();
    for (b = ios; b; b = b->next)
    {
        if (b->tun)
        {
            b->tun->kick(b->tt);
        }
    }
}

const struct udp_batch *
udp_batch_first(void)
{
    return links;
}

static void
list_remove(struct udp_batch *l)
{
    struct udp_batch **at = &links;

    while (*at != l)
    {
        at = &(*at)->next;
    }
    *at = l->next;
}

void
udp_batch_socket_close(struct link_socket *sock)
{
    struct udp_batch *l = sock->batch;

    if (!l)
    {
        return;
    }
    list_remove(l);
    udp_batch_flush(l);
    udp_batch_closed(l);
    if (l->stream)
    {
        udp_batch_stream_free(l);
    }
    else
    {
        udp_batch_paths_free(&l->out.paths);
        free(l->out.data);
        free(l->in.data);
    }
    free(l);
    sock->batch = NULL;
}
