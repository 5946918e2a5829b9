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
/* Unit tests of --udp-batch on a stream. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "openvpn.h"
#include "udp_batch_state.h"

#include "mock_stream.h"

#define PACKET 1000

static struct context c;
static struct link_socket sock;
static struct link_socket_addr lsa;
static struct udp_batch *link_batch;
static struct buffer packet;

static int
setup(void **state)
{
    CLEAR(peer);
    CLEAR(c);
    CLEAR(sock);
    sock.info.lsa = &lsa;
    sock.stream_buf.maxlen = PACKET;
    sock.stream_buf.len = -1;
    c.c2.buf = alloc_buf(2 * PACKET);
    packet = alloc_buf(2 * PACKET);
    link_batch = calloc(1, sizeof(*link_batch));
    link_batch->sock = &sock;
    udp_batch_stream_init(link_batch, &c);
    return 0;
}

static int
teardown(void **state)
{
    udp_batch_stream_free(link_batch);
    assert_null(udp_batch_stream_first());
    free(link_batch);
    free_buf(&packet);
    free_buf(&c.c2.buf);
    return 0;
}

/* A packet of @len bytes, each of which is @fill */
static int
write_one(int len, int fill)
{
    assert_true(buf_init(&packet, 16));
    memset(buf_write_alloc(&packet, len), fill, len);
    return udp_batch_stream_write(link_batch, &packet);
}

static void
give(int len, int fill)
{
    peer.given[peer.n_given++] = len >> 8;
    peer.given[peer.n_given++] = len & 255;
    memset(peer.given + peer.n_given, fill, len);
    peer.n_given += len;
}

/* The next packet of the socket has @len bytes, each of which is @fill. */
static void
read_is(int len, int fill)
{
    int i;

    assert_true(buf_init(&c.c2.buf, 16));
    assert_int_equal(udp_batch_stream_read(&c, link_batch), len);
    assert_int_equal(BLEN(&c.c2.buf), max_int(len, 0));
    for (i = 0; i < len; i++)
    {
        assert_int_equal(BPTR(&c.c2.buf)[i], fill);
    }
}

/* Compares what the peer has got with packets of @n lengths, filled 1, 2, 3... */
static void
got_are(const int *len, int n)
{
    int i, j, at = 0;

    for (i = 0; i < n; i++)
    {
        assert_int_equal(peer.got[at] << 8 | peer.got[at + 1], len[i]);
        for (j = 0; j < len[i]; j++)
        {
            assert_int_equal(peer.got[at + 2 + j], i + 1);
        }
        at += 2 + len[i];
    }
    assert_int_equal(peer.n_got, at);
}

static void
one_send(void **state)
{
    const int len[] = { 1, 300, PACKET };
    int i;

    peer.room = sizeof(peer.got);
    for (i = 0; i < 3; i++)
    {
        assert_int_equal(write_one(len[i], i + 1), len[i] + 2);
        assert_int_equal(peer.sends, 0);
    }
    assert_true(udp_batch_unsent(link_batch));
    assert_ptr_equal(udp_batch_stream_first(), link_batch);
    assert_true(udp_batch_stream_flush(link_batch));
    assert_int_equal(peer.sends, 1);
    got_are(len, 3);
    assert_false(udp_batch_unsent(link_batch));
    assert_null(udp_batch_stream_next(link_batch));
    assert_null(udp_batch_stream_first());
}

/* The socket takes a part; further packets go behind the rest. */
static void
part_sent(void **state)
{
    const int len[] = { 500, 600, 700 };

    peer.room = 555;
    write_one(500, 1);
    write_one(600, 2);
    assert_false(udp_batch_stream_flush(link_batch));
    assert_true(link_batch->stream->full);
    assert_int_equal(peer.n_got, 555);
    write_one(700, 3);
    peer.room = sizeof(peer.got);
    assert_true(udp_batch_stream_flush(link_batch));
    assert_false(link_batch->stream->full);
    got_are(len, 3);
}

/* No packet is cut off, and each one that was taken arrives. */
static void
no_room(void **state)
{
    static int len[2 * LINK_STREAM_BYTES / PACKET];
    unsigned int n = 0;

    peer.room = PACKET / 2;
    while (write_one(PACKET, n + 1) > 0)
    {
        len[n++] = PACKET;
        assert_true(n < SIZE(len));
    }
    assert_int_equal(errno, EAGAIN);
    assert_false(udp_batch_stream_room(link_batch));
    assert_true(n >= LINK_STREAM_BYTES / (PACKET + 2));
    peer.room = sizeof(peer.got);
    assert_true(udp_batch_stream_room(link_batch));
    assert_true(udp_batch_stream_flush(link_batch));
    got_are(len, n);
}

static void
send_fails(void **state)
{
    peer.room = -1;
    write_one(PACKET, 1);
    assert_true(udp_batch_stream_flush(link_batch));
    assert_int_equal(peer.errors, 1);
    assert_false(udp_batch_unsent(link_batch));
}

/* One recv() fetches several packets, and the rest of one that comes in two parts. */
static void
one_recv(void **state)
{
    give(10, 1);
    give(PACKET, 2);
    give(1, 3);
    give(PACKET, 4);
    peer.n_given -= 900;
    read_is(10, 1);
    assert_true(udp_batch_buffered(link_batch));
    assert_ptr_equal(udp_batch_stream_first(), link_batch);
    read_is(PACKET, 2);
    read_is(1, 3);
    assert_int_equal(peer.recvs, 1);
    assert_false(udp_batch_buffered(link_batch));
    memset(peer.given, 4, 900);
    peer.n_given = 100;
    read_is(0, 0);
    peer.n_given = 800;
    read_is(PACKET, 4);
    assert_int_equal(peer.recvs, 3);
    assert_int_equal(link_batch->n.received, 4);
}

static void
split_length(void **state)
{
    give(258, 7);
    peer.n_given = 1;
    read_is(0, 0);
    peer.given[0] = 2;
    memset(peer.given + 1, 7, 258);
    peer.n_given = 259;
    read_is(258, 7);
}

static void
bad_length(void **state)
{
    const int len[] = { PACKET + 1, 0 };
    int i;

    for (i = 0; i < 2; i++)
    {
        give(5, 1);
        give(len[i], 2);
        read_is(5, 1);
        assert_false(sock.stream_buf.error);
        assert_true(udp_batch_buffered(link_batch));
        read_is(0, 0);
        assert_true(sock.stream_buf.error);
        assert_false(udp_batch_buffered(link_batch));
        sock.stream_buf.error = false;
    }
}

static void
end_of_stream(void **state)
{
    assert_false(sock.stream_reset);
    read_is(0, 0);
    assert_true(sock.stream_reset);
}

/* Batches begin only between two packets, and not before --port-share has decided. */
static void
starts(void **state)
{
    c.options.udp_batch = UDP_BATCH_YES;
    c.options.ce.proto = PROTO_TCP_CLIENT;
    sock.info.proto = PROTO_TCP_CLIENT;
    assert_true(udp_batch_stream_starts(&c, &sock));
    sock.stream_buf.residual.len = 1;
    assert_false(udp_batch_stream_starts(&c, &sock));
    sock.stream_buf.residual.len = 0;
    sock.stream_buf.len = 100;
    assert_false(udp_batch_stream_starts(&c, &sock));
    sock.stream_buf.len = -1;
#if PORT_SHARE
    sock.stream_buf.port_share_state = PS_ENABLED;
    assert_false(udp_batch_stream_starts(&c, &sock));
    sock.stream_buf.port_share_state = PS_DISABLED;
#endif
    sock.stream_buf.maxlen = LINK_STREAM_BYTES - 1;
    assert_false(udp_batch_stream_starts(&c, &sock));
    sock.stream_buf.maxlen = PACKET;
    c.options.udp_batch = UDP_BATCH_NO;
    assert_false(udp_batch_stream_starts(&c, &sock));
}

#define UNIT(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(one_send),
        UNIT(part_sent),
        UNIT(no_room),
        UNIT(send_fails),
        UNIT(one_recv),
        UNIT(split_length),
        UNIT(bad_length),
        UNIT(end_of_stream),
        UNIT(starts),
    };

    return cmocka_run_group_tests_name("udp_batch stream", tests, NULL, NULL);
}
