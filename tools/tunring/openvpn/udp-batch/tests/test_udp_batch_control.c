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
/* Unit tests of --udp-batch: control messages beside packets of a UDP link. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <netinet/udp.h>

#include "otime.h"

#include "test_udp_batch.h"

static void
test_message(void **state)
{
    char control[LINK_RUN_CONTROL];
    struct mmsghdr m;
    struct iovec iov;

    add(1, 600);
    udp_batch_run_message(out, &out->runs[0], &m, &iov, control);
    assert_int_equal(m.msg_hdr.msg_controllen, 0);
    assert_int_equal(iov.iov_len, 600);
    add(1, 600);
    udp_batch_run_message(out, &out->runs[0], &m, &iov, control);
    assert_int_equal(m.msg_hdr.msg_controllen, CMSG_SPACE(sizeof(uint16_t)));
    assert_int_equal(iov.iov_len, 1200);
    assert_ptr_equal(iov.iov_base, out->data);
}

/* --passtos: a message has one type of service. */
static void
test_tos(void **state)
{
    struct link_socket_actual to = peer(1);

    udp_batch_run_add(out, &to, 8, payload, 500);
    udp_batch_run_add(out, &to, 8, payload, 500);
    udp_batch_run_add(out, &to, 16, payload, 500);
    add(1, 500);
    run_is(0, 1, 2, 1000);
    run_is(1, 1, 1, 500);
    assert_int_equal(out->runs[1].tos, 16);
    assert_int_equal(out->runs[2].tos, -1);
}

/* --multihome: a message has one source address. */
static void
test_source(void **state)
{
    struct link_socket_actual to = peer(1);

    add(1, 500);
    to.pi.in4.ipi_spec_dst.s_addr = htonl(0x0a000001);
    udp_batch_run_add(out, &to, -1, payload, 500);
    run_is(0, 1, 2, 1000);
    out->multihome = true;
    udp_batch_run_add(out, &to, -1, payload, 500);
    udp_batch_run_add(out, &to, -1, payload, 500);
    to.pi.in4.ipi_ifindex = 2;
    udp_batch_run_add(out, &to, -1, payload, 500);
    run_is(1, 1, 2, 1000);
    run_is(2, 1, 1, 500);
}

/* The messages of a run are complete, and the kernel finds each of them. */
static void
test_all(void **state)
{
    char control[LINK_RUN_CONTROL];
    struct link_socket_actual to = peer(1);
    struct msghdr m = { 0 };
    struct cmsghdr *cmsg;
    struct in_pktinfo info;

    out->multihome = true;
    to.pi.in4.ipi_spec_dst.s_addr = htonl(0x0a000001);
    udp_batch_run_add(out, &to, 8, payload, 500);
    udp_batch_run_add(out, &to, 8, payload, 500);
    udp_batch_control_fill(out, &out->runs[0], &m, control);
    assert_true(m.msg_controllen <= sizeof(control));
    cmsg = CMSG_FIRSTHDR(&m);
    assert_int_equal(cmsg->cmsg_type, UDP_SEGMENT);
    assert_int_equal(*(uint16_t *)CMSG_DATA(cmsg), 500);
    cmsg = CMSG_NXTHDR(&m, cmsg);
    assert_int_equal(cmsg->cmsg_type, IP_PKTINFO);
    memcpy(&info, CMSG_DATA(cmsg), sizeof(info));
    assert_int_equal(info.ipi_spec_dst.s_addr, htonl(0x0a000001));
    cmsg = CMSG_NXTHDR(&m, cmsg);
    assert_int_equal(cmsg->cmsg_type, IP_TOS);
    assert_int_equal(*(int *)CMSG_DATA(cmsg), 8);
    assert_null(CMSG_NXTHDR(&m, cmsg));
}

/* A source of IPv6 takes the most room. */
static void
test_all_ipv6(void **state)
{
    char control[LINK_RUN_CONTROL];
    struct link_socket_actual to = { 0 };
    struct msghdr m = { 0 };

    out->multihome = true;
    to.dest.addr.in6.sin6_family = AF_INET6;
    to.pi.in6.ipi6_addr.s6_addr[15] = 1;
    udp_batch_run_add(out, &to, 8, payload, 500);
    udp_batch_run_add(out, &to, 8, payload, 500);
    udp_batch_control_fill(out, &out->runs[0], &m, control);
    assert_int_equal(m.msg_controllen, sizeof(control));
}

/* A datagram's own address is that of no earlier datagram. */
static void
test_read(void **state)
{
    char control[LINK_IN_CONTROL] __attribute__((aligned(__alignof__(struct cmsghdr))));
    struct mmsghdr m = { .msg_len = 2500 };
    struct link_socket_actual from = peer(1);
    struct cmsghdr *cmsg = (struct cmsghdr *)control;
    struct in_pktinfo info = { .ipi_ifindex = 3 };
    int segment = 1000;

    from.pi.in4.ipi_ifindex = 7;
    assert_int_equal(udp_batch_control_read(&m, &from), 2500);
    assert_int_equal(from.pi.in4.ipi_ifindex, 0);
    m.msg_hdr.msg_control = control;
    m.msg_hdr.msg_controllen = CMSG_SPACE(sizeof(info)) + CMSG_SPACE(sizeof(segment));
    *cmsg = (struct cmsghdr) { CMSG_LEN(sizeof(info)), SOL_IP, IP_PKTINFO };
    memcpy(CMSG_DATA(cmsg), &info, sizeof(info));
    cmsg = CMSG_NXTHDR(&m.msg_hdr, cmsg);
    *cmsg = (struct cmsghdr) { CMSG_LEN(sizeof(segment)), SOL_UDP, UDP_GRO };
    memcpy(CMSG_DATA(cmsg), &segment, sizeof(segment));
    assert_int_equal(udp_batch_control_read(&m, &from), 1000);
    assert_int_equal(from.pi.in4.ipi_ifindex, 3);
    assert_int_equal(from.dest.addr.in4.sin_port, htons(1));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, packets_setup, packets_teardown)

const struct CMUnitTest udp_batch_control_tests[] = {
    TEST(test_message),
    TEST(test_tos),
    TEST(test_source),
    TEST(test_all),
    TEST(test_all_ipv6),
    TEST(test_read),
};

int
main(void)
{
    return cmocka_run_group_tests_name("UDP batches: control messages",
                                       udp_batch_control_tests, NULL, NULL);
}
