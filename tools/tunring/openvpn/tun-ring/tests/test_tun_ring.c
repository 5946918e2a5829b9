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
/* Unit tests of --tun-ring: sizes of rings, and where packets for the tun are written. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "openvpn.h"
#include "tun.h"

#include "tun_ring_state.h"
#include "udp_batch_state.h"

#include "mock_libtunring.h"

static struct tuntap tuntap;
static struct context ctx;

static int
setup(void **state)
{
    CLEAR(lib);
    CLEAR(tuntap);
    CLEAR(ctx);
    lib.most = 32768;
    lib.err = -ENOMEM;
    tuntap.fd = 7;
    ctx.c1.tuntap = &tuntap;
    ctx.options.tun_ring_entries = 512;
    ctx.c2.frame.buf.headroom = 100;
    ctx.c2.frame.buf.payload_size = 1700;
    ctx.c2.frame.buf.tailroom = 200;
    return 0;
}

static int
teardown(void **state)
{
    tun_ring_close(&tuntap);
    return 0;
}

static void
test_entries(void **state)
{
    assert_int_equal(tun_ring_parse_entries(NULL), 512);
    assert_int_equal(tun_ring_parse_entries("2"), 2);
    assert_int_equal(tun_ring_parse_entries("4096"), 4096);
    assert_int_equal(tun_ring_parse_entries("32768"), 32768);
    /* no power of two, out of range, no number */
    assert_int_equal(tun_ring_parse_entries("3"), 0);
    assert_int_equal(tun_ring_parse_entries("1000"), 0);
    assert_int_equal(tun_ring_parse_entries("0"), 0);
    assert_int_equal(tun_ring_parse_entries("1"), 0);
    assert_int_equal(tun_ring_parse_entries("65536"), 0);
    assert_int_equal(tun_ring_parse_entries("-8"), 0);
    assert_int_equal(tun_ring_parse_entries("18446744073709551618"), 0);
    assert_int_equal(tun_ring_parse_entries(""), 0);
    assert_int_equal(tun_ring_parse_entries("many"), 0);
    assert_int_equal(tun_ring_parse_entries("8x"), 0);
}

static void
test_open(void **state)
{
    tun_ring_open(&ctx);
    assert_int_equal(lib.adopted, 512);
    assert_int_equal(lib.buf_size, 2000);
    assert_non_null(tuntap.rings);
}

/* The largest power of two for which there is room. */
static void
test_open_fewer(void **state)
{
    ctx.options.tun_ring_entries = 32768;
    lib.most = 5000;
    tun_ring_open(&ctx);
    assert_int_equal(lib.adopted, 4096);
    assert_non_null(tuntap.rings);
    assert_int_equal(tuntap.rings->asked, 32768);
    assert_int_equal(tuntap.rings->entries, 4096);
}

/* Fewer entries help against no other error. */
static void
test_open_none(void **state)
{
    lib.most = 256;
    lib.err = -ENOTTY;
    tun_ring_open(&ctx);
    assert_null(tuntap.rings);
    lib.most = 1;
    lib.err = -EINVAL;
    tun_ring_open(&ctx);
    assert_null(tuntap.rings);
    lib.most = 32768;
    ctx.options.tun_ring_entries = 0;
    tun_ring_open(&ctx);
    assert_null(tuntap.rings);
    assert_int_equal(lib.adopted, 0);
}

/* --persist-tun: rings stay if the buffers are large enough for the new frame. */
static void
test_reopen(void **state)
{
    tun_ring_open(&ctx);
    ctx.c2.frame.buf.payload_size = 1500;
    tun_ring_open(&ctx);
    assert_int_equal(lib.closed, 0);
    assert_int_equal(lib.buf_size, 2000);
    ctx.c2.frame.buf.payload_size = 3000;
    tun_ring_open(&ctx);
    assert_int_equal(lib.closed, 1);
    assert_int_equal(lib.buf_size, 3300);
}

/* A packet that was decrypted to the ring's buffer stays there. */
static void
test_write_in_place(void **state)
{
    struct context_buffers buffers = { 0 };
    struct buffer buf;

    ctx.c2.buffers = &buffers;
    tun_ring_open(&ctx);
    buf = tun_ring_decrypt_buf(&ctx);
    assert_ptr_equal(buf.data, lib.slot);
    /* the same buffer, until a packet is sent from it */
    buf = tun_ring_decrypt_buf(&ctx);
    assert_int_equal(lib.reserved, 1);
    assert_int_equal(tun_ring_write(&tuntap, buf.data + 130, 900), 900);
    assert_ptr_equal(lib.sent.data, lib.slot + 130);
    assert_int_equal(lib.sent.len, 900);
    assert_int_equal(tuntap.rings->tx_copied, 0);
    assert_true(tuntap.rings->unkicked);
    tun_ring_decrypt_buf(&ctx);
    assert_int_equal(lib.reserved, 2);
}

static void
test_write_copy(void **state)
{
    uint8_t other[4096] = { 1, 2, 3 };

    tun_ring_open(&ctx);
    assert_int_equal(tun_ring_write(&tuntap, other, 900), 900);
    assert_ptr_equal(lib.sent.data, lib.slot + 100);
    assert_memory_equal(lib.sent.data, other, 900);
    assert_int_equal(tuntap.rings->tx_copied, 1);
    /* the buffer ends 3996 bytes behind the packet's start */
    assert_int_equal(tun_ring_write(&tuntap, other, 3997), -1);
    assert_int_equal(errno, EMSGSIZE);
    assert_int_equal(lib.written, 0);
}

static void
test_write_no_ring(void **state)
{
    uint8_t other[100];

    assert_int_equal(tun_ring_write(&tuntap, other, 100), 100);
    assert_int_equal(lib.written, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

const struct CMUnitTest tun_ring_tests[] = {
    TEST(test_entries),
    TEST(test_open),
    TEST(test_open_fewer),
    TEST(test_open_none),
    TEST(test_reopen),
    TEST(test_write_in_place),
    TEST(test_write_copy),
    TEST(test_write_no_ring),
};

int
main(void)
{
    return cmocka_run_group_tests_name("TUN/TAP rings", tun_ring_tests, NULL, NULL);
}
