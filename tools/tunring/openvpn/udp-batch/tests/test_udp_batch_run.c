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
 * Unit tests of --udp-batch, of the parts without system calls: packets that are one
 * message, and limits of the way to each peer.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "otime.h"

#include "test_udp_batch.h"

static void
test_runs(void **state)
{
    /* the last packet of a run may be smaller, and ends the run */
    add(1, 1000);
    add(1, 1000);
    add(1, 400);
    add(1, 400);
    /* a larger packet begins another, and so does another peer */
    add(1, 1400);
    add(2, 1400);
    add(2, 1400);
    run_is(0, 1, 3, 2400);
    run_is(1, 1, 1, 400);
    run_is(2, 1, 1, 1400);
    run_is(3, 2, 2, 2800);
    assert_int_equal(out->end, 4);
    assert_int_equal(out->packets, 7);
    assert_int_equal(out->runs[3].offset, 2400 + 400 + 1400);
}

/* A message is no longer than IP allows. */
static void
test_run_bytes(void **state)
{
    int i;

    for (i = 0; i < 8; i++)
    {
        add(1, 9000);
    }
    run_is(0, 1, 7, 63000);
    run_is(1, 1, 1, 9000);
}

static void
test_split(void **state)
{
    add(1, 500);
    add(1, 500);
    add(1, 300);
    add(2, 700);
    udp_batch_run_split(out);
    assert_int_equal(out->end, 4);
    assert_int_equal(out->runs[0].len, 500);
    assert_int_equal(out->runs[1].len, 500);
    assert_int_equal(out->runs[1].offset, 500);
    assert_int_equal(out->runs[2].len, 300);
    assert_int_equal(out->runs[2].segment, 300);
    assert_int_equal(out->runs[2].offset, 1000);
    assert_int_equal(out->runs[2].packets, 1);
    assert_int_equal(out->runs[3].len, 700);
    assert_int_equal(ntohs(out->runs[3].to.dest.addr.in4.sin_port), 2);
}

/* A refusal on the way to one peer is no limit for another peer. */
static void
test_path_of_each(void **state)
{
    udp_batch_path_refused(path_to(1), 1200, EINVAL);
    udp_batch_path_refused(path_to(2), 1200, EIO);
    udp_batch_path_refused(path_to(3), 1200, ECONNREFUSED);
    assert_int_equal(path_to(1)->cut_max, 1199);
    assert_int_equal(path_to(2)->cut_max, 0);
    assert_int_equal(path_to(3)->cut_max, LINK_RUN_BYTES);
    add(1, 1200);
    add(1, 1200);
    add(1, 1100);
    add(1, 1100);
    add(2, 100);
    add(2, 100);
    run_is(0, 1, 1, 1200);
    run_is(1, 1, 1, 1200);
    run_is(2, 1, 2, 2200);
    run_is(3, 2, 1, 100);
    run_is(4, 2, 1, 100);
}

static void
test_path_again(void **state)
{
    udp_batch_path_refused(path_to(1), 1200, EMSGSIZE);
    now += 59;
    assert_int_equal(path_to(1)->cut_max, 1199);
    now += 1;
    assert_int_equal(path_to(1)->cut_max, LINK_RUN_BYTES);
}

/* With more peers than slots the oldest one is forgotten, but none of this batch. */
static void
test_path_slots(void **state)
{
    struct link_paths *ps = &out->paths;
    unsigned int port;

    for (port = 1; port <= 8; port++)
    {
        udp_batch_path_refused(path_to(port), 100 + port, EINVAL);
    }
    assert_ptr_equal(path_to(9), &ps->unknown);
    assert_int_equal(path_to(9)->cut_max, 0);
    ps->batch++;
    for (port = 2; port <= 8; port++)
    {
        assert_int_equal(path_to(port)->cut_max, 99 + port);
    }
    assert_int_equal(path_to(9)->cut_max, LINK_RUN_BYTES);
    ps->batch++;
    assert_int_equal(path_to(1)->cut_max, LINK_RUN_BYTES);
}

/* One IP_MTU_DISCOVER is for all messages of a call. */
static void
test_df(void **state)
{
    enum link_df df;

    add(1, 1000);
    assert_int_equal(udp_batch_df_alike(out, &df), 1);
    assert_int_equal(df, LINK_DF_USER);
    path_to(1)->whole_max = 1000;
    add(1, 1000);
    add(2, 50);
    assert_int_equal(udp_batch_df_alike(out, &df), 1);
    assert_int_equal(df, LINK_DF_DO);
    path_to(2)->whole_max = 50;
    assert_int_equal(udp_batch_df_alike(out, &df), 2);
    assert_int_equal(df, LINK_DF_DO);
    out->df_user = IP_PMTUDISC_DONT;
    assert_int_equal(udp_batch_df_alike(out, &df), 2);
    assert_int_equal(df, LINK_DF_ANY);
}

static void
test_df_ipv6(void **state)
{
    struct link_socket_actual to = { 0 };
    enum link_df df;

    to.dest.addr.in6.sin6_family = AF_INET6;
    to.dest.addr.in6.sin6_addr.s6_addr[15] = 1;
    udp_batch_run_add(out, &to, -1, payload, 1000);
    assert_int_equal(udp_batch_df_alike(out, &df), 1);
    assert_int_equal(df, LINK_DF_ANY);
    /* IPv4 over a socket of IPv6 has DF */
    to.dest.addr.in6.sin6_addr.s6_addr[10] = 0xff;
    to.dest.addr.in6.sin6_addr.s6_addr[11] = 0xff;
    udp_batch_run_add(out, &to, -1, payload, 1000);
    assert_int_equal(udp_batch_df_alike(out, &df), 2);
    assert_int_equal(df, LINK_DF_USER);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, packets_setup, packets_teardown)

const struct CMUnitTest udp_batch_run_tests[] = {
    TEST(test_runs),
    TEST(test_run_bytes),
    TEST(test_split),
    TEST(test_path_of_each),
    TEST(test_path_again),
    TEST(test_path_slots),
    TEST(test_df),
    TEST(test_df_ipv6),
};

int
main(void)
{
    return cmocka_run_group_tests_name("UDP batches: runs", udp_batch_run_tests, NULL, NULL);
}
