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
/* --udp-batch: the event loop of a server of OpenVPN 2.7, which has several sockets. */
#ifndef UDP_BATCH_MULTI_H
#define UDP_BATCH_MULTI_H

#include "udp_batch.h"

struct event_set_return;

#ifdef ENABLE_UDP_BATCH

/**
 * udp_batch_wait_events() - events that io_wait() waits for
 * @flags: IOW_*
 * @socket, @tuntap: set to EVENT_*
 */
void udp_batch_wait_events(const struct context *c, unsigned int flags,
                           unsigned int *socket, unsigned int *tuntap);

/** udp_batch_multi_events() - EVENT_WRITE if the queue of @sock was full */
unsigned int udp_batch_multi_events(const struct link_socket *sock);

/**
 * udp_batch_multi_before() - hand all packets over to the kernel
 *
 * Returns the longest time to wait: c->c2.timeval, or zero if packets are at hand.
 */
const struct timeval *udp_batch_multi_before(const struct context *c);

/**
 * udp_batch_multi_after() - add packets at hand to the list of events
 * @tun_arg: the argument of events of the tun
 *
 * Returns the new number of events.
 */
int udp_batch_multi_after(const struct context *c, struct event_set_return *esr,
                          int n, int max, void *tun_arg);

/**
 * udp_batch_multi_begin() - an event of @sock
 *
 * Returns @rwflags without EVENT_WRITE if only collected packets waited for that.
 */
unsigned int udp_batch_multi_begin(const struct context *c, struct link_socket *sock,
                                   unsigned int rwflags, bool pending);

/** udp_batch_multi_more() - may this pass read another packet of @sock? */
bool udp_batch_multi_more(const struct context *c, const struct link_socket *sock);

/** udp_batch_multi_tun() - may this pass read another packet of the tun? */
bool udp_batch_multi_tun(const struct context *c);

#else  /* ifdef ENABLE_UDP_BATCH */

#define udp_batch_multi_before(c) (&(c)->c2.timeval)

static inline unsigned int
udp_batch_multi_events(const struct link_socket *sock)
{
    return 0;
}

static inline int
udp_batch_multi_after(const struct context *c, struct event_set_return *esr,
                      int n, int max, void *tun_arg)
{
    return n;
}

static inline unsigned int
udp_batch_multi_begin(const struct context *c, struct link_socket *sock,
                      unsigned int rwflags, bool pending)
{
    return rwflags;
}

static inline bool
udp_batch_multi_more(const struct context *c, const struct link_socket *sock)
{
    return false;
}

static inline bool
udp_batch_multi_tun(const struct context *c)
{
    return false;
}

static inline void
udp_batch_wait_events(const struct context *c, unsigned int flags,
                      unsigned int *socket, unsigned int *tuntap)
{
    *socket = 0;
    *tuntap = 0;
}

#endif /* ENABLE_UDP_BATCH */

#endif /* UDP_BATCH_MULTI_H */
