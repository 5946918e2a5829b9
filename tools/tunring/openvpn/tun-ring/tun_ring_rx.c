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
/* --tun-ring: packets from the tun, in place. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include "openvpn.h"
#include "error.h"
#include "sig.h"
#include "tun.h"

#include "tun_ring_state.h"
#include "udp_batch_state.h"

#include "memdbg.h"

#define VLAN_TAG_LEN 4
#define MAC_ADDRS_LEN 12

bool
tun_ring_used(const struct tuntap *tt)
{
    return tt && tt->rings;
}

void
tun_ring_release(struct tun_rings *r)
{
    int err;

    if (r->rx_next > r->rx_free)
    {
        err = tunring_rx_release(r->h, r->pkts + r->rx_free,
                                 r->rx_next - r->rx_free);
        if (err)
        {
            dmsg(D_TUN_RW, "TUN/TAP rings: release: %s",
                 tunring_strerror(err));
        }
    }
    r->rx_free = r->rx_next;
    if (r->rx_next == r->rx_end)
    {
        r->rx_free = 0;
        r->rx_next = 0;
        r->rx_end = 0;
    }
}

bool
tun_ring_refill(struct tun_rings *r)
{
    int n;

    if (r->rx_next < r->rx_end)
    {
        return true;
    }
    tun_ring_release(r);
    n = tunring_rx_burst(r->h, r->pkts, TUN_RING_BURST);
    if (n > 0)
    {
        r->rx_end = n;
    }
    return n > 0;
}

/* A broken queue, or one without a device, never recovers: set up a new one. */
static void
rings_abort(struct context *c, int err)
{
    msg(M_WARN, "TUN/TAP rings: %s, restarting", tunring_strerror(err));
    register_signal(c->sig, SIGHUP, "tun-abort");
    c->persist.restart_sleep_seconds = 1;
}

/* The kernel passes VLAN tags beside the packet. OpenVPN expects them within it. */
static void
vlan_insert(struct tunring_packet *pkt)
{
    struct tunring_meta meta;
    uint16_t tag[2];
    uint8_t *old = pkt->data;

    tunring_meta_get(pkt, &meta);
    if (!(meta.flags & TUNRING_META_VLAN) || pkt->first_len < MAC_ADDRS_LEN
        || !tunring_packet_push(pkt, VLAN_TAG_LEN))
    {
        return;
    }
    memmove(pkt->data, old, MAC_ADDRS_LEN);
    tag[0] = htons(meta.vlan_proto);
    tag[1] = htons(meta.vlan_tci);
    memcpy(pkt->data + MAC_ADDRS_LEN, tag, sizeof(tag));
}

/* A packet larger than the frame is truncated, as read() does. */
static void
rx_in_place(struct context *c, const struct tunring_packet *pkt)
{
    struct buffer *buf = &c->c2.buf;

    buf->data = pkt->data - pkt->headroom;
    buf->offset = pkt->headroom;
    buf->len = min_int(pkt->len, c->c2.frame.buf.payload_size);
    buf->capacity = pkt->headroom + pkt->len + pkt->tailroom;
}

static void
rx_copy(struct context *c, struct tun_rings *r,
        const struct tunring_packet *pkt)
{
    struct buffer *buf = &c->c2.buf;

    *buf = c->c2.buffers->read_tun_buf;
    ASSERT(buf_init(buf, c->c2.frame.buf.headroom));
    buf->len = (int)tunring_packet_read(r->h, pkt, 0, BPTR(buf),
                                        c->c2.frame.buf.payload_size);
    r->rx_copied++;
}

void
tun_ring_read(struct context *c)
{
    struct tuntap *tt = c->c1.tuntap;
    struct tun_rings *r = tt->rings;
    struct tunring_packet *pkt;
    bool ready = tun_ring_refill(r);
    int err;

    udp_batch_tun_read(c, ready);
    if (!ready)
    {
        c->c2.buf = c->c2.buffers->read_tun_buf;
        ASSERT(buf_init(&c->c2.buf, c->c2.frame.buf.headroom));
        err = tunring_check(r->h);
        if (err)
        {
            rings_abort(c, err);
        }
        return;
    }
    pkt = &r->pkts[r->rx_next++];
    if (tt->type == DEV_TYPE_TAP)
    {
        vlan_insert(pkt);
    }
    if (pkt->nsegs == 1)
    {
        rx_in_place(c, pkt);
    }
    else
    {
        rx_copy(c, r, pkt);
    }
}
