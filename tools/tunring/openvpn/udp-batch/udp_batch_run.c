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
 * --udp-batch: runs of packets for a UDP link.
 *
 * Consecutive packets of one size to one peer (the last may be smaller) are one
 * message, which the kernel cuts up (UDP_SEGMENT).
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include "openvpn.h"
#include "error.h"

#include "udp_batch_link.h"

#include "memdbg.h"

static bool
source_is(const struct link_socket_actual *a, const struct link_socket_actual *b)
{
    if (a->dest.addr.sa.sa_family == AF_INET)
    {
        return a->pi.in4.ipi_ifindex == b->pi.in4.ipi_ifindex
               && a->pi.in4.ipi_spec_dst.s_addr == b->pi.in4.ipi_spec_dst.s_addr;
    }
    return a->pi.in6.ipi6_ifindex == b->pi.in6.ipi6_ifindex
           && IN6_ARE_ADDR_EQUAL(&a->pi.in6.ipi6_addr, &b->pi.in6.ipi6_addr);
}

static bool
run_is_to(const struct link_out *o, const struct link_run *run,
          const struct link_socket_actual *to, socklen_t to_len)
{
    return run->to_len == to_len
           && !memcmp(&run->to.dest.addr, &to->dest.addr, to_len)
           && (!o->multihome || source_is(&run->to, to));
}

static bool
run_takes(const struct link_run *run, unsigned int len)
{
    return run->packets < LINK_RUN_PACKETS && len <= run->segment
           && run->segment <= run->path->cut_max
           && run->len + len <= LINK_RUN_BYTES
           && run->len % run->segment == 0;
}

static struct link_run *
run_begin(struct link_out *o,
          const struct link_socket_actual *to,
          socklen_t to_len, unsigned int segment)
{
    struct link_run *run = &o->runs[o->end++];

    run->to = *to;
    run->to_len = to_len;
    run->path = udp_batch_path(&o->paths, &to->dest, to_len);
    run->offset = o->len;
    run->len = 0;
    run->segment = segment;
    run->packets = 0;
    return run;
}

void
udp_batch_run_add(struct link_out *o, const struct link_socket_actual *to,
                  int tos, const uint8_t *data, unsigned int len)
{
    struct link_run *run = o->end ? &o->runs[o->end - 1] : NULL;
    socklen_t to_len = af_addr_size(to->dest.addr.sa.sa_family);

    if (!run || !run_is_to(o, run, to, to_len) || run->tos != tos
        || !run_takes(run, len))
    {
        run = run_begin(o, to, to_len, len);
        run->tos = tos;
    }
    memcpy(o->data + o->len, data, len);
    o->len += len;
    o->packets++;
    run->len += len;
    run->packets++;
}

void
udp_batch_run_message(const struct link_out *o, struct link_run *run,
                      struct mmsghdr *m, struct iovec *iov, char *control)
{
    memset(m, 0, sizeof(*m));
    iov->iov_base = o->data + run->offset;
    iov->iov_len = run->len;
    m->msg_hdr.msg_name = &run->to.dest.addr;
    m->msg_hdr.msg_namelen = run->to_len;
    m->msg_hdr.msg_iov = iov;
    m->msg_hdr.msg_iovlen = 1;
    udp_batch_control_fill(o, run, &m->msg_hdr, control);
}

void
udp_batch_run_split(struct link_out *o)
{
    struct link_run *run = &o->runs[o->next];
    const struct link_run whole = *run;
    unsigned int i, n = whole.packets;

    memmove(run + n, run + 1, (o->end - o->next - 1) * sizeof(*run));
    o->end += n - 1;
    for (i = 0; i < n; i++)
    {
        run[i] = whole;
        run[i].offset += i * whole.segment;
        run[i].len = min_int(whole.segment,
                             whole.len - i * whole.segment);
        run[i].segment = run[i].len;
        run[i].packets = 1;
    }
}
