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
 * --udp-batch: the link is a stream (TCP).
 *
 * Collected packets lie one after the other, each behind its length, and leave by one
 * send(). One recv() fetches many packets, which OpenVPN gets one after the other.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include "openvpn.h"
#include "error.h"

#include "udp_batch_state.h"
#include "udp_batch_version.h"

#include "memdbg.h"

/* Streams with bytes to send, or with a packet at hand. */
static struct udp_batch *active;

bool
udp_batch_stream_starts(const struct context *c, const struct link_socket *sock)
{
    const struct stream_buf *sb = &sock->stream_buf;

    return c->options.udp_batch == UDP_BATCH_YES && udp_batch_has_streams(&c->options)
           && proto_is_tcp(sock->info.proto) && sock->sd >= 0 && !c->options.shaper
#if PORT_SHARE
           && sb->port_share_state == PS_DISABLED
#endif
           && sb->maxlen + sizeof(packet_size_type) <= LINK_STREAM_BYTES
           && sb->len < 0 && !sb->buf.len && !sb->residual.len && !sb->residual_fully_formed;
}

void
udp_batch_stream_init(struct udp_batch *l, const struct context *c)
{
    struct link_stream *s;

    ALLOC_OBJ_CLEAR(s, struct link_stream);
    s->c = c;
    s->out = malloc(LINK_STREAM_BYTES);
    check_malloc_return(s->out);
    s->in = malloc(LINK_STREAM_BYTES);
    check_malloc_return(s->in);
    l->stream = s;
}

static void
active_remove(struct udp_batch *l)
{
    struct udp_batch **at = &active;

    while (*at && *at != l)
    {
        at = &(*at)->stream->next;
    }
    if (*at)
    {
        *at = l->stream->next;
    }
    l->stream->active = false;
}

static void
active_add(struct udp_batch *l)
{
    if (!l->stream->active)
    {
        l->stream->active = true;
        l->stream->next = active;
        active = l;
    }
}

struct udp_batch *
udp_batch_stream_first(void)
{
    return active;
}

struct udp_batch *
udp_batch_stream_next(struct udp_batch *l)
{
    struct udp_batch *next = l->stream->next;

    if (!udp_batch_unsent(l) && !udp_batch_buffered(l))
    {
        active_remove(l);
    }
    return next;
}

void
udp_batch_stream_free(struct udp_batch *l)
{
    active_remove(l);
    free(l->stream->out);
    free(l->stream->in);
    free(l->stream);
    l->stream = NULL;
}

/* An error of the connection shows in the next recv(), too, and ends the connection. */
bool
udp_batch_stream_flush(struct udp_batch *l)
{
    struct link_stream *s = l->stream;
    ssize_t n;

    while (s->out_start < s->out_end)
    {
        n = send(l->sock->sd, s->out + s->out_start, s->out_end - s->out_start,
                 MSG_NOSIGNAL | MSG_DONTWAIT);
        l->n.calls++;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        {
            l->n.full++;
            s->full = true;
            return false;
        }
        if (n < 0 && errno != EINTR)
        {
            udp_batch_error(l, errno);
            break;
        }
        if (n > 0)
        {
            l->n.sent_messages++;
            s->out_start += (unsigned int)n;
        }
    }
    s->out_start = 0;
    s->out_end = 0;
    s->full = false;
    return true;
}

/* The bytes that were sent are at the front. */
static unsigned int
room(struct link_stream *s)
{
    if (s->out_start)
    {
        s->out_end -= s->out_start;
        memmove(s->out, s->out + s->out_start, s->out_end);
        s->out_start = 0;
    }
    return LINK_STREAM_BYTES - s->out_end;
}

bool
udp_batch_stream_room(struct udp_batch *l)
{
    unsigned int packet = l->sock->stream_buf.maxlen + (unsigned int)sizeof(packet_size_type);

    return LINK_STREAM_BYTES - l->stream->out_end >= packet
           || room(l->stream) >= packet || udp_batch_stream_flush(l)
           || room(l->stream) >= packet;
}

int
udp_batch_stream_write(struct udp_batch *l, struct buffer *buf)
{
    struct link_stream *s = l->stream;
    packet_size_type len = (packet_size_type)BLEN(buf);

    if (!udp_batch_stream_room(l))
    {
        errno = EAGAIN;
        return -1;
    }
    ASSERT(len <= l->sock->stream_buf.maxlen);
    len = htonps(len);
    ASSERT(buf_write_prepend(buf, &len, sizeof(len)));
    memcpy(s->out + s->out_end, BPTR(buf), BLEN(buf));
    s->out_end += BLEN(buf);
    l->n.sent++;
    active_add(l);
    return BLEN(buf);
}

/* The length of the next packet, or -1 if not yet known. */
static int
next_len(const struct link_stream *s)
{
    packet_size_type len;

    if (s->in_end - s->in_start < sizeof(len))
    {
        return -1;
    }
    memcpy(&len, s->in + s->in_start, sizeof(len));
    return ntohps(len);
}

/* Is there a whole packet, or an error for the next read to report? */
static bool
at_hand(const struct udp_batch *l)
{
    const struct link_stream *s = l->stream;
    int len = next_len(s);

    return len == 0 || len > l->sock->stream_buf.maxlen
           || (len > 0 && s->in_end - s->in_start >= len + sizeof(packet_size_type));
}

static ssize_t
fetch(struct udp_batch *l)
{
    struct link_stream *s = l->stream;
    ssize_t n;

    s->in_end -= s->in_start;
    memmove(s->in, s->in + s->in_start, s->in_end);
    s->in_start = 0;
    n = recv(l->sock->sd, s->in + s->in_end, LINK_STREAM_BYTES - s->in_end, MSG_NOSIGNAL);
    l->n.calls++;
    if (n > 0)
    {
        l->n.received_messages++;
        s->in_end += (unsigned int)n;
    }
    return n;
}

static void
take(struct udp_batch *l, struct buffer *buf)
{
    struct link_stream *s = l->stream;
    int len = next_len(s);

    if (len < 1 || len > l->sock->stream_buf.maxlen)
    {
        msg(M_WARN, "TCP batches: the peer sent a packet of %d bytes, of at most %d -- is --tun-mtu equal on both peers? [Attempting restart...]",
            len, l->sock->stream_buf.maxlen);
        l->sock->stream_buf.error = true;
        s->in_start = 0;
        s->in_end = 0;
        return;
    }
    s->in_start += sizeof(packet_size_type);
    ASSERT(buf_write(buf, s->in + s->in_start, len));
    s->in_start += len;
    l->n.received++;
}

int
udp_batch_stream_read(struct context *c, struct udp_batch *l)
{
    struct buffer *buf = &c->c2.buf;
    ssize_t n = 1;

    c->c2.from.dest = l->sock->info.lsa->actual.dest;
    if (!at_hand(l))
    {
        n = fetch(l);
    }
    if (n == 0)
    {
        l->sock->stream_reset = true;
    }
    if (n <= 0)
    {
        return buf->len = (int)n;
    }
    buf->len = 0;
    if (at_hand(l))
    {
        take(l, buf);
    }
    l->stream->ready = at_hand(l);
    if (l->stream->ready)
    {
        active_add(l);
    }
    udp_batch_set_residual(c, l->sock, l->stream->ready);
    return BLEN(buf);
}
