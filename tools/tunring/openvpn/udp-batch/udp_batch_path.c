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
 * --udp-batch: the ways to the peers of a UDP link.
 *
 * Peers differ in their path MTU, and in the device that leads to them. So the limits
 * of the kernel's segmentation are kept per address.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include "openvpn.h"
#include "error.h"
#include "list.h"

#include "udp_batch_link.h"

#include "memdbg.h"

/* How long a refusal holds. The path MTU may grow again. */
#define CUT_RETRY_S 60

/* The number of slots that an address may use. */
#define PROBES 8

/* With the most peers, half of the slots are empty. */
void
udp_batch_paths_init(struct link_paths *ps, unsigned int peers,
                     bool can_cut)
{
    unsigned int n = PROBES;

    while (n < 2 * peers)
    {
        n *= 2;
    }
    ps->slots = calloc(n, sizeof(*ps->slots));
    check_malloc_return(ps->slots);
    ps->mask = n - 1;
    ps->cut_max = can_cut ? LINK_RUN_BYTES : 0;
    ps->batch = 1;
}

void
udp_batch_paths_free(struct link_paths *ps)
{
    free(ps->slots);
    ps->slots = NULL;
}

static bool
path_is(const struct link_path *p, const struct openvpn_sockaddr *to,
        socklen_t to_len)
{
    return p->to_len == to_len && !memcmp(&p->to.addr, &to->addr, to_len);
}

static void
path_reset(const struct link_paths *ps, struct link_path *p)
{
    p->cut_max = ps->cut_max;
    p->cut_retry = 0;
    p->whole_max = 0;
}

/* A slot in use by the current batch keeps its address. */
static struct link_path *
path_find(struct link_paths *ps,
          const struct openvpn_sockaddr *to,
          socklen_t to_len)
{
    uint32_t hash = hash_func((const uint8_t *)&to->addr, to_len, 0);
    struct link_path *p, *oldest = NULL;
    unsigned int i;

    for (i = 0; i < PROBES; i++)
    {
        p = &ps->slots[(hash + i) & ps->mask];
        if (path_is(p, to, to_len))
        {
            return p;
        }
        if (p->batch != ps->batch
            && (!oldest || ps->batch - p->batch > ps->batch - oldest->batch))
        {
            oldest = p;
        }
    }
    if (!oldest)
    {
        return NULL;
    }
    memcpy(&oldest->to.addr, &to->addr, to_len);
    oldest->to_len = to_len;
    path_reset(ps, oldest);
    return oldest;
}

struct link_path *
udp_batch_path(struct link_paths *ps,
               const struct openvpn_sockaddr *to,
               socklen_t to_len)
{
    struct link_path *p = path_find(ps, to, to_len);

    if (!p)
    {
        /* Without a slot, packets go one by one. */
        p = &ps->unknown;
        p->cut_max = 0;
        p->whole_max = 0;
        return p;
    }
    p->batch = ps->batch;
    if (p->cut_retry && now >= p->cut_retry)
    {
        p->cut_max = ps->cut_max;
        p->cut_retry = 0;
    }
    return p;
}

void
udp_batch_path_refused(struct link_path *p, unsigned int segment,
                       int err)
{
    if (p->whole_max >= segment)
    {
        p->whole_max = segment - 1;
    }
    switch (err)
    {
        case EINVAL:    /* the segment is larger than the path MTU */
        case EMSGSIZE:
            p->cut_max = segment - 1;
            break;

        case EIO:       /* the device computes no checksums */
        case EOPNOTSUPP:
            p->cut_max = 0;
            break;

        default:        /* the error concerns any packet */
            return;
    }
    p->cut_retry = now + CUT_RETRY_S;
}
