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
 * --udp-batch: control messages beside the packets of a UDP link: the size of segments,
 * the own address (--multihome), the type of service (--passtos).
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include <netinet/udp.h>

#include "openvpn.h"

#include "udp_batch_link.h"

#include "memdbg.h"

/* Appends a control message. */
static void
control_add(struct msghdr *m, int level, int type, const void *data, size_t len)
{
    struct cmsghdr *cmsg = (void *)((char *)m->msg_control + m->msg_controllen);

    cmsg->cmsg_level = level;
    cmsg->cmsg_type = type;
    cmsg->cmsg_len = CMSG_LEN(len);
    memcpy(CMSG_DATA(cmsg), data, len);
    m->msg_controllen += CMSG_SPACE(len);
}

/* As link_socket_write_udp_posix_sendmsg() does, if the own address is known. */
static void
source_add(const struct link_socket_actual *to, struct msghdr *m)
{
    struct in_pktinfo in4 = { 0 };
    struct in6_pktinfo in6 = { 0 };

    if (!addr_defined_ipi(to))
    {
        return;
    }
    if (to->dest.addr.sa.sa_family == AF_INET)
    {
        in4.ipi_ifindex = to->pi.in4.ipi_ifindex;
        in4.ipi_spec_dst = to->pi.in4.ipi_spec_dst;
        control_add(m, SOL_IP, IP_PKTINFO, &in4, sizeof(in4));
    }
    else
    {
        in6.ipi6_ifindex = to->pi.in6.ipi6_ifindex;
        in6.ipi6_addr = to->pi.in6.ipi6_addr;
        control_add(m, IPPROTO_IPV6, IPV6_PKTINFO, &in6, sizeof(in6));
    }
}

void
udp_batch_control_fill(const struct link_out *o, const struct link_run *run,
                       struct msghdr *m, char *control)
{
    uint16_t segment = (uint16_t)run->segment;

    m->msg_control = control;
    m->msg_controllen = 0;
    if (run->packets > 1)
    {
        control_add(m, SOL_UDP, UDP_SEGMENT, &segment, sizeof(segment));
    }
    if (o->multihome)
    {
        source_add(&run->to, m);
    }
    if (run->tos >= 0)
    {
        control_add(m, SOL_IP, IP_TOS, &run->tos, sizeof(run->tos));
    }
}

static bool
control_is(const struct cmsghdr *cmsg, int level, int type, size_t len)
{
    return cmsg->cmsg_level == level && cmsg->cmsg_type == type
           && cmsg->cmsg_len >= CMSG_LEN(len);
}

static void
source_read(const struct cmsghdr *cmsg, struct link_socket_actual *from)
{
    struct in_pktinfo in4;
    struct in6_pktinfo in6;

    if (control_is(cmsg, SOL_IP, IP_PKTINFO, sizeof(in4)))
    {
        memcpy(&in4, CMSG_DATA(cmsg), sizeof(in4));
        from->pi.in4.ipi_ifindex = in4.ipi_ifindex;
        from->pi.in4.ipi_spec_dst = in4.ipi_spec_dst;
    }
    else if (control_is(cmsg, IPPROTO_IPV6, IPV6_PKTINFO, sizeof(in6)))
    {
        memcpy(&in6, CMSG_DATA(cmsg), sizeof(in6));
        from->pi.in6 = in6;
    }
}

unsigned int
udp_batch_control_read(const struct mmsghdr *m, struct link_socket_actual *from)
{
    struct msghdr *hdr = (struct msghdr *)&m->msg_hdr;
    struct cmsghdr *cmsg;
    int segment = 0;

    CLEAR(from->pi);
    for (cmsg = CMSG_FIRSTHDR(hdr); cmsg; cmsg = CMSG_NXTHDR(hdr, cmsg))
    {
        if (control_is(cmsg, SOL_UDP, UDP_GRO, sizeof(segment)))
        {
            memcpy(&segment, CMSG_DATA(cmsg), sizeof(segment));
        }
        else
        {
            source_read(cmsg, from);
        }
    }
    return segment > 0 ? segment : (int)m->msg_len;
}
