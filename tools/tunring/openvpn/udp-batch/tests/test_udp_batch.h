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
/* Packets and peers of the unit tests of --udp-batch. */
#ifndef TEST_UDP_BATCH_H
#define TEST_UDP_BATCH_H

#include "udp_batch_link.h"

/* The packets under test: set by the program's set-up. */
static struct link_out *out;

static uint8_t payload[LINK_RUN_BYTES];

static inline struct link_socket_actual
peer(unsigned int port)
{
    struct link_socket_actual to = { 0 };

    to.dest.addr.in4.sin_family = AF_INET;
    to.dest.addr.in4.sin_port = htons(port);
    return to;
}

static inline void
add(unsigned int port, unsigned int len)
{
    struct link_socket_actual to = peer(port);

    udp_batch_run_add(out, &to, -1, payload, len);
}

static inline struct link_path *
path_to(unsigned int port)
{
    struct link_socket_actual to = peer(port);

    return udp_batch_path(&out->paths, &to.dest, sizeof(to.dest.addr.in4));
}

/* Compares runs[at]. */
static inline void
run_is(unsigned int at, unsigned int port, unsigned int packets, unsigned int len)
{
    assert_true(at < out->end);
    assert_int_equal(ntohs(out->runs[at].to.dest.addr.in4.sin_port), port);
    assert_int_equal(out->runs[at].packets, packets);
    assert_int_equal(out->runs[at].len, len);
}

/* Packets without a socket. */
static inline int
packets_setup(void **state)
{
    static struct link_out packets;

    out = &packets;
    CLEAR(*out);
    now = 1000;
    out->data = calloc(1, LINK_OUT_BYTES);
    out->df_user = IP_PMTUDISC_WANT;
    udp_batch_paths_init(&out->paths, 3, true);
    return 0;
}

static inline int
packets_teardown(void **state)
{
    udp_batch_paths_free(&out->paths);
    free(out->data);
    return 0;
}

#endif /* ifndef TEST_UDP_BATCH_H */
