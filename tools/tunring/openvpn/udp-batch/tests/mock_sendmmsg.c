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
/* A kernel for unit tests of --udp-batch. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <netinet/udp.h>

#include "openvpn.h"
#include "udp_batch_state.h"

#include "mock_sendmmsg.h"

struct mock_kernel kernel;

void
udp_batch_error(struct udp_batch *l, int err)
{
    assert_true(kernel.n_errors < SIZE(kernel.errors));
    kernel.errors[kernel.n_errors++] = err;
}

void
udp_batch_errors(struct udp_batch *l)
{
    kernel.looks++;
}

int
__wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *len)
{
    *(int *)value = name == IP_MTU_DISCOVER ? kernel.df : 0;
    return 0;
}

int
__wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
    assert_int_equal(name, IP_MTU_DISCOVER);
    kernel.df = *(const int *)value;
    return 0;
}

static unsigned int
segment_wanted(const struct msghdr *m)
{
    struct cmsghdr *cmsg = CMSG_FIRSTHDR(m);
    uint16_t segment;

    if (!cmsg)
    {
        return 0;
    }
    assert_int_equal(cmsg->cmsg_level, SOL_UDP);
    assert_int_equal(cmsg->cmsg_type, UDP_SEGMENT);
    memcpy(&segment, CMSG_DATA(cmsg), sizeof(segment));
    return segment;
}

int
__wrap_sendmmsg(int fd, struct mmsghdr *m, unsigned int n, int flags)
{
    int take = kernel.calls < SIZE(kernel.sends) ? kernel.sends[kernel.calls] : 0;
    unsigned int i;

    kernel.calls++;
    if (take < 0)
    {
        errno = -take;
        return -1;
    }
    take = take ? min_int(take, n) : (int)n;
    for (i = 0; (int)i < take; i++)
    {
        const struct sockaddr_in *to = m[i].msg_hdr.msg_name;

        assert_true(kernel.n_sent < SIZE(kernel.sent));
        kernel.sent[kernel.n_sent++] = (struct sent) {
            ntohs(to->sin_port), m[i].msg_hdr.msg_iov->iov_len,
            segment_wanted(&m[i].msg_hdr), kernel.df
        };
    }
    return take;
}
