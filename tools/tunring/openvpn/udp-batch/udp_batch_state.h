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
 * The types of --udp-batch: one call sends several collected packets, and one call
 * fetches several received packets.
 *
 * OpenVPN sends the collected packets before it does anything that may sleep, so
 * that no packet waits for a later packet.
 */
#ifndef UDP_BATCH_STATE_H
#define UDP_BATCH_STATE_H

#include "udp_batch.h"

#include <sys/socket.h>

#include "socket.h"
#include "udp_batch_link.h"
#include "udp_batch_stream.h"

/* The most packets per direction between two waits. */
#define UDP_BATCH_MAX 64

/* Datagrams fetched by one call. With UDP_GRO a datagram may hold many packets. */
#define LINK_IN_SLOTS 16
#define LINK_IN_HEADROOM 512
#define LINK_IN_SLOT (LINK_IN_HEADROOM + 65536)

/**
 * struct batch_tun - a tun that OpenVPN exchanges packets with in other ways than
 *      by read() and write()
 * @ready: is a received packet at hand, without a system call?
 * @prepare_wait: the same, just before a wait: poll() reports later packets
 * @release: give back the buffers of received packets
 * @kick: have the kernel take all packets written
 */
struct batch_tun
{
    bool (*ready)(struct tuntap *tt);
    bool (*prepare_wait)(struct tuntap *tt);
    void (*release)(struct tuntap *tt);
    void (*kick)(struct tuntap *tt);
};

/**
 * struct io_batch - packets between two waits
 * @next: next entry in the list of all
 * @tt: the tun
 * @tun: operations of the tun, or NULL for read() and write()
 * @tun_left: packets that OpenVPN may take from the tun before the next wait
 * @tun_pending: packets were at hand when the wait began
 * @link_left: packets that OpenVPN may read from the link before the next wait
 * @link_budget: initial value of @link_left; adapts to the length of batches
 * @link_busy: the socket's queue is full
 */
struct io_batch
{
    struct io_batch *next;
    struct tuntap *tt;
    const struct batch_tun *tun;
    unsigned int tun_left;
    bool tun_pending;
    unsigned int link_left;
    unsigned int link_budget;
    bool link_busy;
};

/**
 * struct link_in - packets from the link
 * @data: LINK_IN_SLOTS buffers of LINK_IN_SLOT bytes
 * @msgs, @iov, @from, @control: arguments of recvmmsg()
 * @slot: index of the current datagram
 * @slots: number of datagrams of the last call
 * @offset: offset of the next packet in the current datagram
 * @segment: bytes of each packet in the current datagram; the last may have fewer
 * @drained: the last call found fewer than LINK_IN_SLOTS datagrams
 */
struct link_in
{
    uint8_t *data;
    struct mmsghdr msgs[LINK_IN_SLOTS];
    struct iovec iov[LINK_IN_SLOTS];
    struct link_socket_actual from[LINK_IN_SLOTS];
    char control[LINK_IN_SLOTS][LINK_IN_CONTROL]
    __attribute__((aligned(__alignof__(struct cmsghdr))));
    unsigned int slot;
    unsigned int slots;
    unsigned int offset;
    unsigned int segment;
    bool drained;
};

/**
 * struct link_counts - what a link has carried
 * @sent: packets sent
 * @sent_messages: messages sent, each with one or more packets; of a stream: calls
 * @received: packets received
 * @received_messages: datagrams received, each with one or more packets; of a stream:
 *      calls
 * @full: how often the socket's queue was full
 * @calls: system calls, in both directions
 */
struct link_counts
{
    unsigned long long sent;
    unsigned long long sent_messages;
    unsigned long long received;
    unsigned long long received_messages;
    unsigned long long full;
    unsigned long long calls;
};

/**
 * struct udp_batch - batches of one socket
 * @next: next entry in the list of all batches
 * @sock: the socket
 * @out: packets for the socket
 * @in: packets from the socket
 * @stream: the same of a TCP socket, which has neither @out nor @in; else NULL
 * @n: counters
 */
struct udp_batch
{
    struct udp_batch *next;
    struct link_socket *sock;
    struct link_out out;
    struct link_in in;
    struct link_stream *stream;
    struct link_counts n;
};

/* Several packets between two waits for @tt. @tun: operations, or NULL */
struct io_batch *udp_batch_io_start(struct tuntap *tt,
                                    const struct batch_tun *tun);

/* The batches of the socket of @c, or NULL if OpenVPN reads and writes by itself. */
struct udp_batch *udp_batch_of(const struct context *c);

/* The same of @sock; sets batches up on a link that can have them. */
struct udp_batch *udp_batch_get(const struct context *c, struct link_socket *sock);

/* The first entry in the list of all batches. */
const struct udp_batch *udp_batch_first(void);

/* Log and keep the counters of batches that end. */
void udp_batch_closed(const struct udp_batch *l);

/* Does the packet belong to the data channel? */
bool udp_batch_is_data(const struct context *c, const struct buffer *buf);

/* Batches of the tun of @c, or NULL. */
struct io_batch *udp_batch_io_of(const struct context *c);

/* May the link be read and written without a wait? */
bool udp_batch_on_link(const struct context *c, const struct link_socket *sock);

/* The most packets of the link between two waits. */
unsigned int udp_batch_link_budget(const struct link_socket *sock, const struct io_batch *b);

/* The batch is over, and OpenVPN may sleep: hand all packets over to the kernel. */
void udp_batch_hand_over(const struct context *c, struct io_batch *b);

/* Set one direction up. @peers: the most peers that the socket may have */
void udp_batch_out_init(struct udp_batch *l, unsigned int peers);

void udp_batch_in_init(struct udp_batch *l);

void udp_batch_df_init(struct udp_batch *l);
void udp_batch_df_set(struct udp_batch *l, enum link_df df);

/* Report an error of the socket to OpenVPN as a write that failed with @err. */
void udp_batch_error(struct udp_batch *l, int err);

/* Report errors that the socket still holds because no system call returned them. */
void udp_batch_errors(struct udp_batch *l);

/* Send the collected packets. False: the socket's queue is full; packets are left. */
bool udp_batch_flush(struct udp_batch *l);

/* The same of a UDP socket. */
bool udp_batch_out_flush(struct udp_batch *l);

/* The same for the batches of all sockets. */
void udp_batch_flush_all(void);

static inline bool
udp_batch_unsent(const struct udp_batch *l)
{
    if (l && l->stream)
    {
        return l->stream->out_start < l->stream->out_end;
    }
    return l && l->out.next < l->out.end;
}

/* Are received packets at hand? */
static inline bool
udp_batch_buffered(const struct udp_batch *l)
{
    if (l && l->stream)
    {
        return l->stream->ready;
    }
    return l && l->in.slot < l->in.slots;
}

#endif /* UDP_BATCH_STATE_H */
