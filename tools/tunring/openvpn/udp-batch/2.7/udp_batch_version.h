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
/* Differences between releases of OpenVPN: this file is for 2.7. */
#ifndef UDP_BATCH_VERSION_H
#define UDP_BATCH_VERSION_H

#include "forward.h"
#include "tun.h"

/* Returned by write_tun() */
typedef ssize_t udp_batch_tun_size;

/* The socket of @c, or NULL. */
static inline struct link_socket *
udp_batch_link(const struct context *c)
{
    return c->c2.link_sockets ? c->c2.link_sockets[0] : NULL;
}

/* Has the stream of @c received more than the last packet? */
static inline bool
udp_batch_residual(const struct context *c)
{
    return sockets_read_residual(c);
}

/* Is @c a client of a server, whose waits do not sleep? */
static inline bool
udp_batch_is_child(const struct context *c)
{
    return c->mode == CM_CHILD_TCP || c->mode == CM_CHILD_UDP;
}

/* Has the tun a file of the tun driver? That of --dev unix: is a socket. */
static inline bool
udp_batch_has_tun(const struct tuntap *tt)
{
    return tt->fd >= 0 && tt->backend_driver != DRIVER_AFUNIX
           && tt->backend_driver != DRIVER_NULL && tt->backend_driver != DRIVER_DCO;
}

/* Is there a UDP socket? */
static inline bool
udp_batch_has_udp(const struct options *o)
{
    return o->mode == MODE_SERVER ? has_udp_in_local_list(o) : proto_is_udp(o->ce.proto);
}

/* Is there a TCP socket that can have batches? */
static inline bool
udp_batch_has_streams(const struct options *o)
{
    return o->mode != MODE_SERVER && proto_is_tcp(o->ce.proto);
}

/* Note for the server's event loop that a packet of a client's stream is at hand. */
static inline void
udp_batch_set_residual(const struct context *c, struct link_socket *sock, bool residual)
{
}

/* --fast-io */
static inline bool
udp_batch_fast_io(const struct context *c)
{
    return false;
}

#endif /* UDP_BATCH_VERSION_H */
