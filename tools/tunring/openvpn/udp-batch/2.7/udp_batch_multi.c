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
 * --udp-batch: the event loop of a server of OpenVPN 2.7.
 *
 * The loop gets a list of events of all its sockets and of the tun. A packet at hand is
 * an event, too. The loop reads each socket, and the tun, until no packet is at hand.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include "openvpn.h"
#include "event.h"
#include "forward.h"
#include "tun.h"

#include "udp_batch_multi.h"
#include "udp_batch_state.h"

#include "memdbg.h"

void
udp_batch_wait_events(const struct context *c, unsigned int flags,
                      unsigned int *socket, unsigned int *tuntap)
{
    bool fragments = (flags & IOW_FRAG) && TO_LINK_FRAG(c);

    *socket = 0;
    *tuntap = 0;
    if (flags & (IOW_TO_LINK | IOW_MBUF))
    {
        *socket |= EVENT_WRITE;
    }
    if (!(flags & IOW_TO_TUN) && (flags & IOW_READ_LINK))
    {
        *socket |= EVENT_READ;
    }
    if (!(flags & IOW_TO_LINK) && !fragments && (flags & IOW_READ_TUN))
    {
        *tuntap |= EVENT_READ;
    }
    if (flags & IOW_READ_TUN_FORCE)
    {
        *tuntap |= EVENT_READ;
    }
}

unsigned int
udp_batch_multi_events(const struct link_socket *sock)
{
    struct udp_batch *l = sock->batch;

    return udp_batch_unsent(l) && !udp_batch_flush(l) ? EVENT_WRITE : 0;
}

/* Is a received packet of any socket at hand? */
static bool
any_buffered(const struct context *c)
{
    int i;

    for (i = 0; i < c->c1.link_sockets_num; i++)
    {
        if (udp_batch_buffered(c->c2.link_sockets[i]->batch))
        {
            return true;
        }
    }
    return false;
}

const struct timeval *
udp_batch_multi_before(const struct context *c)
{
    static const struct timeval none;
    struct io_batch *b = udp_batch_io_of(c);
    bool pending = any_buffered(c);

    udp_batch_flush_all();
    if (b && b->tun)
    {
        b->tun->release(b->tt);
        b->tun->kick(b->tt);
        b->tun_pending = b->tun->prepare_wait(b->tt);
        pending |= b->tun_pending;
    }
    return pending ? &none : &c->c2.timeval;
}

/* Adds an event to the list, unless the list has it. */
static int
event_add(struct event_set_return *esr, int n, int max, void *arg)
{
    int i;

    for (i = 0; i < n; i++)
    {
        if (esr[i].arg == arg)
        {
            esr[i].rwflags |= EVENT_READ;
            return n;
        }
    }
    if (n == max)
    {
        return n;
    }
    esr[n].arg = arg;
    esr[n].rwflags = EVENT_READ;
    return n + 1;
}

int
udp_batch_multi_after(const struct context *c, struct event_set_return *esr,
                      int n, int max, void *tun_arg)
{
    struct io_batch *b = udp_batch_io_of(c);
    int i;

    if (!b || n < 0)
    {
        return n;
    }
    b->tun_left = UDP_BATCH_MAX;
    b->link_busy = false;
    if (b->tun && b->tun_pending)
    {
        n = event_add(esr, n, max, tun_arg);
    }
    for (i = 0; i < c->c1.link_sockets_num; i++)
    {
        struct link_socket *sock = c->c2.link_sockets[i];

        if (udp_batch_buffered(sock->batch))
        {
            n = event_add(esr, n, max, &sock->ev_arg);
        }
    }
    return n;
}

unsigned int
udp_batch_multi_begin(const struct context *c, struct link_socket *sock,
                      unsigned int rwflags, bool pending)
{
    struct io_batch *b = udp_batch_io_of(c);
    struct udp_batch *l = sock->batch;

    if (b)
    {
        b->link_left = udp_batch_link_budget(sock, b);
    }
    if (l)
    {
        l->in.drained = false;
    }
    if (l && (rwflags & EVENT_WRITE) && !pending)
    {
        udp_batch_flush(l);
        rwflags &= ~EVENT_WRITE;
    }
    return rwflags;
}

bool
udp_batch_multi_more(const struct context *c, const struct link_socket *sock)
{
    const struct io_batch *b = udp_batch_io_of(c);
    const struct udp_batch *l = sock->batch;

    if (!b || !b->link_left || !udp_batch_on_link(c, sock))
    {
        return false;
    }
    return !l || udp_batch_buffered(l) || !l->in.drained;
}

bool
udp_batch_multi_tun(const struct context *c)
{
    const struct io_batch *b = udp_batch_io_of(c);

    return b && b->tun_left && (!b->tun || b->tun->ready(b->tt));
}
