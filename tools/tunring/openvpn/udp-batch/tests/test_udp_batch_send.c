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
 * Unit tests of --udp-batch: packets that the kernel sends, refuses or has no room
 * for. The tests stand in for the system calls.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "openvpn.h"
#include "otime.h"
#include "udp_batch_state.h"

#include "mock_sendmmsg.h"
#include "test_udp_batch.h"

static struct udp_batch *link_batch;

/* Compares messages; the last one has no bytes. */
static void
sent_are(const struct sent *want)
{
    unsigned int i;

    for (i = 0; want[i].len; i++)
    {
        assert_true(i < kernel.n_sent);
        assert_int_equal(kernel.sent[i].port, want[i].port);
        assert_int_equal(kernel.sent[i].len, want[i].len);
        assert_int_equal(kernel.sent[i].segment, want[i].segment);
        assert_int_equal(kernel.sent[i].df, want[i].df);
    }
    assert_int_equal(kernel.n_sent, i);
}

static int
setup(void **state)
{
    static struct link_socket sock;

    CLEAR(kernel);
    kernel.df = IP_PMTUDISC_WANT;
    now = 1000;
    link_batch = calloc(1, sizeof(*link_batch));
    out = &link_batch->out;
    link_batch->sock = &sock;
    link_batch->out.data = calloc(1, LINK_OUT_BYTES);
    udp_batch_paths_init(&link_batch->out.paths, 3, true);
    udp_batch_df_init(link_batch);
    return 0;
}

static int
teardown(void **state)
{
    udp_batch_paths_free(&link_batch->out.paths);
    free(link_batch->out.data);
    free(link_batch);
    return 0;
}

#define WANT IP_PMTUDISC_WANT
#define DO IP_PMTUDISC_DO

/* Messages for several peers go by one call. */
static void
test_sent(void **state)
{
    const struct sent want[] = {
        { 1, 2400, 1000, DO },
        { 2, 2800, 1400, DO },
        { 0 }
    };

    add(1, 1000);
    add(1, 1000);
    add(1, 400);
    add(2, 1400);
    add(2, 1400);
    assert_true(udp_batch_out_flush(link_batch));
    sent_are(want);
    assert_int_equal(kernel.calls, 1);
    assert_int_equal(link_batch->n.sent, 5);
    assert_int_equal(link_batch->n.sent_messages, 2);
    assert_int_equal(link_batch->out.packets, 0);
    assert_int_equal(path_to(1)->whole_max, 1000);
}

/* The kernel cannot cut the first message. Its packets go alone, in their order. */
static void
test_refused_cut(void **state)
{
    const struct sent want[] = {
        { 1, 1300, 0, WANT },
        { 1, 1300, 0, WANT },
        { 1, 200, 0, WANT },
        { 2, 2600, 1300, DO },
        { 0 }
    };

    kernel.sends[0] = -EINVAL;
    kernel.sends[1] = -EINVAL;
    add(1, 1300);
    add(1, 1300);
    add(1, 200);
    add(2, 1300);
    add(2, 1300);
    assert_true(udp_batch_out_flush(link_batch));
    sent_are(want);
    assert_int_equal(path_to(1)->cut_max, 1299);
    assert_int_equal(path_to(2)->cut_max, LINK_RUN_BYTES);
    assert_int_equal(kernel.n_errors, 0);
    assert_int_equal(kernel.looks, 1);
}

/* An error of another peer, which the first call returns, costs no packet. */
static void
test_pending_error(void **state)
{
    const struct sent want[] = {
        { 1, 2000, 1000, DO },
        { 0 }
    };

    kernel.sends[0] = -ECONNREFUSED;
    add(1, 1000);
    add(1, 1000);
    assert_true(udp_batch_out_flush(link_batch));
    sent_are(want);
    assert_int_equal(kernel.n_errors, 1);
    assert_int_equal(kernel.errors[0], ECONNREFUSED);
    assert_int_equal(path_to(1)->cut_max, LINK_RUN_BYTES);
}

/* A packet that is refused twice is lost, the others are not. */
static void
test_packet_lost(void **state)
{
    const struct sent want[] = {
        { 2, 900, 0, WANT },
        { 0 }
    };

    kernel.sends[0] = -EPERM;
    kernel.sends[1] = -EPERM;
    add(1, 1000);
    add(2, 900);
    assert_true(udp_batch_out_flush(link_batch));
    sent_are(want);
    assert_int_equal(kernel.n_errors, 1);
    assert_int_equal(kernel.errors[0], EPERM);
}

/* A packet that went whole before is too large now, and may be fragmented. */
static void
test_too_large_now(void **state)
{
    const struct sent want[] = {
        { 1, 1400, 0, WANT },
        { 0 }
    };

    path_to(1)->whole_max = 1400;
    link_batch->out.df_now = DO;
    kernel.df = DO;
    kernel.sends[0] = -EMSGSIZE;
    add(1, 1400);
    assert_true(udp_batch_out_flush(link_batch));
    sent_are(want);
    assert_int_equal(path_to(1)->whole_max, 1399);
}

static void
test_full(void **state)
{
    const struct sent want[] = {
        { 1, 1000, 0, DO },
        { 2, 2000, 1000, DO },
        { 0 }
    };

    kernel.sends[0] = 1;
    kernel.sends[1] = -EAGAIN;
    add(1, 1000);
    add(2, 1000);
    add(2, 1000);
    path_to(1)->whole_max = 1000;
    assert_false(udp_batch_out_flush(link_batch));
    assert_int_equal(link_batch->n.full, 1);
    assert_true(udp_batch_unsent(link_batch));
    /* fewer messages went than were asked for: is there an error? */
    assert_int_equal(kernel.looks, 1);
    assert_true(udp_batch_out_flush(link_batch));
    sent_are(want);
    assert_false(udp_batch_unsent(link_batch));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

const struct CMUnitTest udp_batch_send_tests[] = {
    TEST(test_sent),
    TEST(test_refused_cut),
    TEST(test_pending_error),
    TEST(test_packet_lost),
    TEST(test_too_large_now),
    TEST(test_full),
};

int
main(void)
{
    return cmocka_run_group_tests_name("UDP batches: sending", udp_batch_send_tests, NULL, NULL);
}
