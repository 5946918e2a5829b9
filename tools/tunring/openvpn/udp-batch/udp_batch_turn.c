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
 * --udp-batch: the next turn of a loop, without a wait.
 *
 * OpenVPN's loops process one packet per turn, and wait before each read and each
 * write. In a batch a turn waits only if no packet is at hand: the tun is read until
 * EAGAIN and accepts writes at any time, and a UDP socket is read and written until
 * EAGAIN, or many packets at once. OpenVPN processes at most UDP_BATCH_MAX packets per
 * direction between two waits, so that neither side starves the other, the timers or
 * the management interface.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include <poll.h>

#include "openvpn.h"
#include "error.h"
#include "forward.h"
#include "tun.h"

#include "udp_batch_state.h"
#include "udp_batch_version.h"

#include "memdbg.h"

/* How long a packet of a client waits for room in the socket's queue. */
#define LINK_WAIT_MS 100

struct io_batch *
udp_batch_io_of(const struct context *c)
{
    return c->c1.tuntap ? c->c1.tuntap->batch : NULL;
}

/* A stream without batches needs a wait for room, and a shaper decides when to send. */
bool
udp_batch_on_link(const struct context *c, const struct link_socket *sock)
{
    return sock && !c->options.shaper && proto_is_udp(sock->info.proto);
}

bool
udp_batch_active(const struct context *c)
{
    return udp_batch_io_of(c) && udp_batch_on_link(c, udp_batch_link(c));
}

/* A stream has room while a batch of it has. */
static bool
link_may_write(const struct context *c, const struct io_batch *b)
{
    struct udp_batch *l = udp_batch_of(c);

    if (l && l->stream)
    {
        return udp_batch_stream_room(l);
    }
    return !b->link_busy && udp_batch_on_link(c, udp_batch_link(c));
}

/* Packets for the tun or the link are sent before the next packet is read. */
static unsigned int
ready_to_write(const struct context *c,
               const struct io_batch *b,
               unsigned int flags)
{
    unsigned int status = 0;

    if (flags & IOW_TO_TUN)
    {
        status |= TUN_WRITE;
    }
    if ((flags & (IOW_TO_LINK | IOW_MBUF)) && link_may_write(c, b))
    {
        status |= SOCKET_WRITE;
    }
    return status;
}

/* Is a packet of the link at hand, or may one be? */
static bool
link_may_read(const struct context *c, const struct io_batch *b)
{
    const struct udp_batch *l = udp_batch_of(c);

    if (l && l->stream)
    {
        return udp_batch_buffered(l);
    }
    if (!b->link_left || !udp_batch_on_link(c, udp_batch_link(c)))
    {
        return false;
    }
    return !l || udp_batch_buffered(l) || !l->in.drained;
}

/* Without operations a read() tells: the batch ends with EAGAIN. */
static bool
tun_at_hand(const struct io_batch *b)
{
    return b->tun_left && (!b->tun || b->tun->ready(b->tt));
}

static unsigned int
ready_to_read(const struct context *c, struct io_batch *b,
              unsigned int flags)
{
    if (flags & (IOW_TO_TUN | IOW_TO_LINK | IOW_MBUF))
    {
        return 0;
    }
    if ((flags & IOW_READ_LINK) && link_may_read(c, b))
    {
        return SOCKET_READ;
    }
    if ((flags & IOW_FRAG) && TO_LINK_FRAG(c))
    {
        return 0;
    }
    if ((flags & IOW_READ_TUN) && tun_at_hand(b))
    {
        return TUN_READ;
    }
    return 0;
}

bool
udp_batch_io_ready(struct context *c, unsigned int flags)
{
    struct io_batch *b = udp_batch_io_of(c);
    unsigned int status;

    if (!b)
    {
        return false;
    }
    /* As in io_wait_dowork(): the rest of a stream's buffer comes first. */
    if ((flags & IOW_CHECK_RESIDUAL) && udp_batch_residual(c))
    {
        return false;
    }
    status = ready_to_write(c, b, flags);
    if (!status)
    {
        status = ready_to_read(c, b, flags);
    }
    if (!status)
    {
        udp_batch_hand_over(c, b);
        return false;
    }
    c->c2.event_set_status = status;
    return true;
}

unsigned int
udp_batch_link_budget(const struct link_socket *sock, const struct io_batch *b)
{
    return sock && sock->batch ? UDP_BATCH_MAX : b->link_budget;
}

void
udp_batch_tun_read(struct context *c, int len)
{
    struct io_batch *b = udp_batch_io_of(c);

    if (b)
    {
        b->tun_left = b->tun_left && len > 0 ? b->tun_left - 1 : 0;
    }
}

/*
 * An empty socket ends a batch. But if the first read after a wait finds no packet,
 * the socket has an error, which check_status() has to read.
 */
bool
udp_batch_drained(struct context *c, const struct link_socket *sock, int status)
{
    struct io_batch *b = udp_batch_io_of(c);
    unsigned int got;

    if (!b || !b->link_left || !udp_batch_on_link(c, sock))
    {
        return false;
    }
    got = udp_batch_link_budget(sock, b) - b->link_left;
    if (status >= 0)
    {
        if (--b->link_left == 0 && !sock->batch)
        {
            b->link_budget = min_int(2 * b->link_budget,
                                     UDP_BATCH_MAX);
        }
        return false;
    }
    b->link_left = 0;
    if (!sock->batch)
    {
        b->link_budget = got ? got : 1;
    }
    return got && (errno == EAGAIN || errno == EWOULDBLOCK);
}

/* A client's wait for room does not sleep, so this one does. */
static bool
room_comes(const struct link_socket *sock)
{
    struct pollfd pfd = { .fd = sock->sd, .events = POLLOUT };

    return poll(&pfd, 1, LINK_WAIT_MS) == 1;
}

bool
udp_batch_busy(struct context *c, const struct link_socket *sock, int status)
{
    struct io_batch *b = udp_batch_io_of(c);

    if (!b || status >= 0 || udp_batch_fast_io(c) || !udp_batch_on_link(c, sock)
        || sock->socks_proxy || (errno != EAGAIN && errno != EWOULDBLOCK))
    {
        return false;
    }
    if (udp_batch_is_child(c))
    {
        return room_comes(sock);
    }
    b->link_busy = true;
    return true;
}
