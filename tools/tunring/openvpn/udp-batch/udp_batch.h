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
 * Several packets between two waits, and batches of packets on a UDP link
 * (--udp-batch).
 *
 * OpenVPN's own files include this header. Without the option each function does
 * nothing, or calls the function of stock OpenVPN that it stands in for.
 */
#ifndef UDP_BATCH_H
#define UDP_BATCH_H

#include <stdbool.h>
#include <stdint.h>

struct context;
struct link_socket;
struct link_socket_actual;
struct status_output;
struct tuntap;

/* options.udp_batch */
enum udp_batch_option
{
    UDP_BATCH_UNSET,
    UDP_BATCH_NO,
    UDP_BATCH_YES,
    UDP_BATCH_INVALID,
};

#ifdef ENABLE_UDP_BATCH

#include <sys/time.h>

/* ------------------------------------------ option, set-up (udp_batch.c) */

/** udp_batch_parse() - the argument of --udp-batch, or NULL without one */
enum udp_batch_option udp_batch_parse(const char *arg);

/** udp_batch_open() - let OpenVPN process packets in batches, if its options ask */
void udp_batch_open(struct context *c);

/** udp_batch_close() - the opposite of udp_batch_open(), before the tun is closed */
void udp_batch_close(struct tuntap *tt);

/** udp_batch_socket_close() - send collected packets, before the socket is closed */
void udp_batch_socket_close(struct link_socket *sock);

/**
 * udp_batch_before_script() - hand over all packets before OpenVPN blocks
 *
 * OpenVPN calls this before a script or a plugin runs, maybe within a batch.
 */
void udp_batch_before_script(void);

/**
 * udp_batch_status() - add the counters of the socket's batches to a status file
 * @table: start of each line
 * @sep: separator of name and number
 */
void udp_batch_status(const struct context *c, struct status_output *so,
                      const char *table, char sep);

/* ------------------------------- packets of the link (udp_batch_{out,in}.c) */

/**
 * udp_batch_write() - stands in for link_socket_write() of c->c2.to_link
 *
 * A packet that was collected counts as written. Returns -1 with EAGAIN if the
 * batch and the socket's queue are full.
 */
int udp_batch_write(struct context *c, struct link_socket *sock, struct link_socket_actual *to);

/**
 * udp_batch_set_tos() - stands in for link_socket_set_tos()
 *
 * Messages of batches have the type of service beside them.
 */
void udp_batch_set_tos(struct link_socket *sock);

/**
 * udp_batch_read() - stands in for link_socket_read() to c->c2.buf and from
 *
 * c->c2.buf points to the packet, which stays valid until the next call.
 */
int udp_batch_read(struct context *c, struct link_socket *sock);

/* ---------------------------------------------- waiting (udp_batch_{turn,wait}.c) */

/** udp_batch_active() - may OpenVPN process several packets between two waits? */
bool udp_batch_active(const struct context *c);

/**
 * udp_batch_io_ready() - is a packet at hand, or may one be, without a wait?
 *
 * If so, the function sets c->c2.event_set_status as io_wait() does.
 */
bool udp_batch_io_ready(struct context *c, unsigned int flags);

/** udp_batch_link_events() - EVENT_WRITE if the socket's queue was full */
unsigned int udp_batch_link_events(const struct context *c);

/**
 * udp_batch_before_wait() - hand all packets over to the kernel
 * @socket, @tuntap: EVENT_* to wait for
 *
 * Returns the longest time to wait: c->c2.timeval, or zero if packets are at hand.
 */
const struct timeval *udp_batch_before_wait(const struct context *c,
                                            unsigned int socket,
                                            unsigned int tuntap);

/** udp_batch_after_wait() - add packets at hand to event_set_status */
void udp_batch_after_wait(struct context *c, unsigned int socket,
                          unsigned int tuntap);

/** udp_batch_tun_read() - account a read() of the tun, which returned @len */
void udp_batch_tun_read(struct context *c, int len);

/**
 * udp_batch_drained() - account a read from the link
 *
 * Returns true if the read found an empty socket and so ended a batch, which is no
 * error.
 */
bool udp_batch_drained(struct context *c, const struct link_socket *sock, int status);

/**
 * udp_batch_busy() - did a write to the link find the socket's queue full?
 *
 * If so, the packet stays in c->c2.to_link until the socket can be written.
 */
bool udp_batch_busy(struct context *c, const struct link_socket *sock, int status);

/* ----------------------------- the TCP server of OpenVPN 2.6 (udp_batch_mtcp.c) */

struct multi_tcp;

/**
 * udp_batch_mtcp_before() - send what was collected for each client
 *
 * Returns the longest time to wait: c->c2.timeval, or zero if packets are at hand.
 */
const struct timeval *udp_batch_mtcp_before(const struct context *c, struct multi_tcp *mtcp);

/**
 * udp_batch_mtcp_after() - add packets at hand to the list of @n events
 * @tun_arg: the argument of events of the tun
 *
 * Returns the new number of events.
 */
int udp_batch_mtcp_after(const struct context *c, struct multi_tcp *mtcp, int n, void *tun_arg);

/** udp_batch_mtcp_tun() - may this pass read another packet of the tun? */
bool udp_batch_mtcp_tun(const struct context *c);

/** udp_batch_mtcp_full() - did the client's socket take only a part of the packets? */
bool udp_batch_mtcp_full(const struct context *c);

/** udp_batch_mtcp_resume() - send the rest; false if the socket is full again */
bool udp_batch_mtcp_resume(const struct context *c);

#else /* ENABLE_UDP_BATCH */

#define udp_batch_read(c, sock) \
    link_socket_read((sock), &(c)->c2.buf, &(c)->c2.from)
#define udp_batch_write(c, sock, to) \
    link_socket_write((sock), &(c)->c2.to_link, (to))
#define udp_batch_set_tos(sock) link_socket_set_tos(sock)
#define udp_batch_before_wait(c, socket, tuntap) (&(c)->c2.timeval)
#define udp_batch_mtcp_before(c, mtcp) (&(c)->c2.timeval)
#define udp_batch_mtcp_after(c, mtcp, n, tun_arg) (n)
#define udp_batch_mtcp_tun(c) false
#define udp_batch_mtcp_full(c) false
#define udp_batch_mtcp_resume(c) true

static inline void
udp_batch_open(struct context *c)
{
}
static inline void
udp_batch_close(struct tuntap *tt)
{
}
static inline void
udp_batch_socket_close(struct link_socket *sock)
{
}
static inline void
udp_batch_before_script(void)
{
}

static inline void
udp_batch_status(const struct context *c,
                 struct status_output *so,
                 const char *table, char sep)
{
}

static inline bool
udp_batch_active(const struct context *c)
{
    return false;
}

static inline bool
udp_batch_io_ready(struct context *c, unsigned int flags)
{
    return false;
}

static inline unsigned int
udp_batch_link_events(const struct context *c)
{
    return 0;
}

static inline void
udp_batch_after_wait(struct context *c, unsigned int socket,
                     unsigned int tuntap)
{
}
static inline void
udp_batch_tun_read(struct context *c, int len)
{
}

static inline bool
udp_batch_drained(struct context *c, const struct link_socket *sock, int status)
{
    return false;
}

static inline bool
udp_batch_busy(struct context *c, const struct link_socket *sock, int status)
{
    return false;
}

#endif /* ENABLE_UDP_BATCH */

#endif /* UDP_BATCH_H */
