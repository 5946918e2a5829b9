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
/* --udp-batch: before and after a wait for events. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include "openvpn.h"
#include "error.h"
#include "forward.h"
#include "tun.h"

#include "udp_batch_state.h"
#include "udp_batch_version.h"

#include "memdbg.h"

/* The batch is over, and OpenVPN may sleep: hand all packets over to the kernel. */
void
udp_batch_hand_over(const struct context *c, struct io_batch *b)
{
    if (udp_batch_unsent(udp_batch_of(c)))
    {
        udp_batch_flush(udp_batch_of(c));
    }
    /* A client of a server never sleeps in its waits. */
    if (b && b->tun && !udp_batch_is_child(c))
    {
        b->tun->release(b->tt);
        b->tun->kick(b->tt);
    }
}

unsigned int
udp_batch_link_events(const struct context *c)
{
    struct udp_batch *l = udp_batch_of(c);

    return udp_batch_unsent(l) && !udp_batch_flush(l) ? EVENT_WRITE : 0;
}

const struct timeval *
udp_batch_before_wait(const struct context *c,
                      unsigned int socket,
                      unsigned int tuntap)
{
    static const struct timeval none;
    struct io_batch *b = udp_batch_io_of(c);
    bool pending = (socket & EVENT_READ)
                   && udp_batch_buffered(udp_batch_of(c));

    udp_batch_hand_over(c, b);
    if (b && b->tun)
    {
        b->tun_pending = (tuntap & EVENT_READ)
                         && b->tun->prepare_wait(b->tt);
        pending |= b->tun_pending;
    }
    return pending ? &none : &c->c2.timeval;
}

/* Add received packets that are at hand, and send packets that were left. */
static unsigned int
link_after_wait(const struct context *c, unsigned int status,
                unsigned int socket)
{
    struct udp_batch *l = udp_batch_of(c);

    if (!l)
    {
        return status;
    }
    if ((socket & EVENT_READ) && udp_batch_buffered(l))
    {
        status = (status & ~ES_TIMEOUT) | SOCKET_READ;
    }
    if (status & SOCKET_READ)
    {
        l->in.drained = false;
    }
    if ((status & SOCKET_WRITE) && !(socket & EVENT_WRITE))
    {
        status &= ~SOCKET_WRITE;
        udp_batch_flush(l);
    }
    return status;
}

void
udp_batch_after_wait(struct context *c, unsigned int socket,
                     unsigned int tuntap)
{
    struct io_batch *b = udp_batch_io_of(c);
    unsigned int status = c->c2.event_set_status;

    if (status & ES_ERROR)
    {
        return;
    }
    status = link_after_wait(c, status, socket);
    c->c2.event_set_status = status;
    if (!b)
    {
        return;
    }
    if (udp_batch_is_child(c))
    {
        /* A client's turn ends with the batch that the server began. */
        if (!b->tun_left)
        {
            status &= ~TUN_READ;
        }
        else if (b->tun_pending && (tuntap & EVENT_READ))
        {
            status = (status & ~ES_TIMEOUT) | TUN_READ;
        }
    }
    else if (tuntap & EVENT_READ)
    {
        if (b->tun_pending)
        {
            status = (status & ~ES_TIMEOUT) | TUN_READ;
        }
        b->tun_left = (status & TUN_READ) ? UDP_BATCH_MAX : 0;
    }
    b->link_busy = false;
    b->link_left = (status & SOCKET_READ) ? udp_batch_link_budget(udp_batch_link(c), b) : 0;
    c->c2.event_set_status = status;
}
