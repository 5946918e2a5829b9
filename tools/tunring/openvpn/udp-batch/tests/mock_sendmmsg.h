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
/* A kernel for unit tests of --udp-batch: sendmmsg(), and IP_MTU_DISCOVER. */
#ifndef MOCK_SENDMMSG_H
#define MOCK_SENDMMSG_H

/* A message that sendmmsg() was called with. */
struct sent
{
    unsigned int port;
    unsigned int len;
    unsigned int segment; /* 0: the message is not to be cut */
    int df;
};

/* The behaviour of the kernel: results of calls in their order, and a record of messages. */
struct mock_kernel
{
    int sends[8]; /* messages taken, or a negative errno */
    unsigned int calls;
    struct sent sent[64];
    unsigned int n_sent;
    int df;
    int errors[8];
    unsigned int n_errors;
    unsigned int looks;
};

extern struct mock_kernel kernel;

#endif /* MOCK_SENDMMSG_H */
