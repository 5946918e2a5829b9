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
/* --tun-ring: the option, and the life of the rings. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include "openvpn.h"
#include "error.h"
#include "status.h"
#include "tun.h"

#include "tun_ring_state.h"
#include "udp_batch_state.h"
#include "udp_batch_version.h"

#include "memdbg.h"

#define ENTRIES_MIN 2
#define ENTRIES_MAX 32768

int
tun_ring_parse_entries(const char *arg)
{
    char *end;
    long n;

    if (!arg)
    {
        return TUN_RING_ENTRIES_DEFAULT;
    }
    n = strtol(arg, &end, 10);
    if (end == arg || *end || n < ENTRIES_MIN || n > ENTRIES_MAX
        || (n & (n - 1)))
    {
        return 0;
    }
    return (int)n;
}

/* The buffers of both directions are laid out as OpenVPN's own of this frame. */
static int
rings_adopt(struct tun_rings *r, int fd, const struct frame *frame)
{
    struct tunring_options opt;
    struct tunring_info info;
    int err;

    tunring_options_init(&opt);
    opt.flags = TUNRING_O_NEED_RING;
    opt.rx_entries = r->asked;
    opt.tx_entries = r->asked;
    opt.buf_size = BUF_SIZE(frame);
    opt.headroom = frame->buf.headroom;
    opt.tailroom = frame->buf.tailroom;
    err = tunring_adopt(&r->h, fd, 0, &opt);
    while ((err == -EINVAL || err == -ENOMEM) && opt.rx_entries > ENTRIES_MIN)
    {
        opt.rx_entries /= 2;
        opt.tx_entries /= 2;
        err = tunring_adopt(&r->h, fd, 0, &opt);
    }
    if (err)
    {
        return err;
    }
    r->entries = opt.rx_entries;
    if (r->entries < r->asked)
    {
        msg(M_WARN, "TUN/TAP rings: there is no room for 2 x %u buffers of %u bytes, using 2 x %u",
            r->asked, opt.buf_size, r->entries);
    }
    tunring_get_info(r->h, &info);
    r->buf_size = info.buf_size;
    msg(M_INFO, "TUN/TAP rings: 2 x %u entries of %u bytes in fd %d",
        r->entries, r->buf_size, fd);
    return 0;
}

static bool
rings_fit(const struct tun_rings *r, const struct context *c)
{
    return r->asked == (unsigned int)c->options.tun_ring_entries
           && r->buf_size >= (unsigned int)BUF_SIZE(&c->c2.frame);
}

/* The operations of this kind of tun, for udp_batch_turn.c and udp_batch_wait.c. */
static bool
rings_ready(struct tuntap *tt)
{
    return tun_ring_refill(tt->rings);
}

static bool
rings_prepare_wait(struct tuntap *tt)
{
    return tun_ring_refill(tt->rings)
           || tunring_prepare_wait(tt->rings->h) == 1;
}

static void
rings_release(struct tuntap *tt)
{
    tun_ring_release(tt->rings);
}

static void
rings_kick(struct tuntap *tt)
{
    tun_ring_kick(tt->rings);
}

static const struct batch_tun ring_operations = {
    .ready          = rings_ready,
    .prepare_wait   = rings_prepare_wait,
    .release        = rings_release,
    .kick           = rings_kick,
};

static void
rings_none(struct tun_rings *r, int err)
{
    if (err == -ENOTTY)
    {
        msg(M_WARN, "TUN/TAP rings are not available (%s), falling back to read/write",
            tunring_strerror(err));
    }
    else
    {
        msg(M_WARN, "TUN/TAP rings cannot be set up (%s), falling back to read/write",
            tunring_strerror(err));
    }
    free(r);
}

void
tun_ring_open(struct context *c)
{
    struct tuntap *tt = c->c1.tuntap;
    struct tun_rings *r;
    int err;

    if (tt->rings && rings_fit(tt->rings, c))
    {
        udp_batch_io_start(tt, &ring_operations);
        return;
    }
    tun_ring_close(tt);
    if (!c->options.tun_ring_entries || !udp_batch_has_tun(tt))
    {
        return;
    }

    ALLOC_OBJ_CLEAR(r, struct tun_rings);
    r->asked = c->options.tun_ring_entries;
    err = rings_adopt(r, tt->fd, &c->c2.frame);
    if (err)
    {
        rings_none(r, err);
        return;
    }
    tt->rings = r;
    udp_batch_io_start(tt, &ring_operations);
}

/* Batches that go on without rings use read() and write(). */
void
tun_ring_close(struct tuntap *tt)
{
    struct tun_rings *r = tt->rings;
    struct tunring_stats st;

    if (!r)
    {
        return;
    }
    tun_ring_kick(r);
    if (tunring_get_stats(r->h, &st) == 0)
    {
        msg(M_INFO, "TUN/TAP rings closed: rx %llu packets (%llu copied), tx %llu packets (%llu copied), %llu system calls",
            (unsigned long long)st.rx.packets, r->rx_copied,
            (unsigned long long)st.tx.packets, r->tx_copied,
            (unsigned long long)st.syscalls);
    }
    tunring_close(r->h);
    free(r);
    tt->rings = NULL;
    if (tt->batch)
    {
        tt->batch->tun = NULL;
    }
}

static void
status_rows(const struct tun_rings *r, const struct tunring_stats *st,
            struct status_output *so, const char *table, char sep)
{
    const struct {
        const char              *name;
        unsigned long long n;
    } rows[] = {
        { "entries", r->entries },
        { "packets received", st->rx.packets },
        { "packets received by copy", r->rx_copied },
        { "packets sent", st->tx.packets },
        { "packets sent by copy", r->tx_copied },
        { "system calls", st->syscalls },
    };
    unsigned int i;

    for (i = 0; i < SIZE(rows); i++)
    {
        status_printf(so, "%sTUN/TAP rings: %s%c%llu", table, rows[i].name,
                      sep, rows[i].n);
    }
}

void
tun_ring_status(const struct context *c, struct status_output *so,
                const char *table, char sep)
{
    const struct tun_rings *r = c->c1.tuntap ? c->c1.tuntap->rings : NULL;
    struct tunring_stats st;

    if (r && tunring_get_stats(r->h, &st) == 0)
    {
        status_rows(r, &st, so, table, sep);
    }
}
