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
/* The state of --udp-batch for a link that is a stream (TCP). */
#ifndef UDP_BATCH_STREAM_H
#define UDP_BATCH_STREAM_H

#include <stdbool.h>
#include <stdint.h>

struct buffer;
struct context;
struct link_socket;
struct udp_batch;

/* Bytes of one direction. With larger batches the far end would idle. */
#define LINK_STREAM_BYTES 32768

/**
 * struct link_stream - the packets of a stream, each behind its length
 * @c: whose link it is
 * @next: the next entry in the list of active streams
 * @active: this stream is in that list: it has bytes to send, or a packet at hand
 * @full: the socket took a part of the bytes only
 * @ready: a packet of @in is at hand
 * @out: bytes to send, from @out_start to @out_end
 * @in: received bytes, from @in_start to @in_end
 */
struct link_stream
{
    const struct context *c;
    struct udp_batch *next;
    bool active;
    bool full;
    bool ready;
    uint8_t *out;
    unsigned int out_start;
    unsigned int out_end;
    uint8_t *in;
    unsigned int in_start;
    unsigned int in_end;
};

/*
 * Can batches of a stream begin here? OpenVPN's own buffers must be between two packets,
 * and OpenVPN must know that the peer is no client of --port-share.
 */
bool udp_batch_stream_starts(const struct context *c, const struct link_socket *sock);

void udp_batch_stream_init(struct udp_batch *l, const struct context *c);

void udp_batch_stream_free(struct udp_batch *l);

/* As udp_batch_flush() */
bool udp_batch_stream_flush(struct udp_batch *l);

/* Is there room for another packet? May send what was collected. */
bool udp_batch_stream_room(struct udp_batch *l);

/* As link_socket_write(), and link_socket_read() to c->c2.buf */
int udp_batch_stream_write(struct udp_batch *l, struct buffer *buf);

int udp_batch_stream_read(struct context *c, struct udp_batch *l);

/*
 * The active streams: the first one, and the one after @l, which leaves the list if there
 * is nothing to send and no packet at hand.
 */
struct udp_batch *udp_batch_stream_first(void);

struct udp_batch *udp_batch_stream_next(struct udp_batch *l);

#endif /* UDP_BATCH_STREAM_H */
