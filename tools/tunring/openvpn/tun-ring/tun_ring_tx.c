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
/* --tun-ring: packets for the tun, decrypted in place. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include <poll.h>

#include "openvpn.h"
#include "error.h"
#include "tun.h"

#include "tun_ring_state.h"

#include "memdbg.h"

/* How long a write may wait for the kernel to free a transmit buffer. */
#define TX_WAIT_MS 100

int
tun_ring_kick(struct tun_rings *r)
{
    int err;

    if (!r->unkicked)
    {
        return 0;
    }
    err = tunring_tx_kick(r->h);
    r->down = err == -EIO;
    r->unkicked = err && !r->down;
    return err;
}

/*
 * The kernel may have disabled kicks before the device went down. tunring_tx_kick()
 * makes no system call then, while a write() of no bytes always does.
 */
static int
kick_always(struct tun_rings *r)
{
    int err = tunring_tx_kick(r->h);

    if (!err && write(tunring_fd(r->h), "", 0) < 0)
    {
        err = -errno;
    }
    r->down = err == -EIO;
    r->unkicked = err && !r->down;
    return err;
}

/* A packet for a device that is down costs one system call and is lost, as write(). */
static bool
device_down(struct tun_rings *r)
{
    if (r->down)
    {
        kick_always(r);
    }
    return r->down;
}

static bool
tx_reserve(struct tun_rings *r, struct tunring_packet *pkt)
{
    if (tunring_tx_reserve(r->h, pkt, 1) == 1)
    {
        return true;
    }
    return tun_ring_kick(r) == 0 && tunring_tx_reserve(r->h, pkt, 1) == 1;
}

/* Stock OpenVPN waits for room by poll(). Here the wait has a limit. */
static bool
tx_reserve_wait(struct tun_rings *r, struct tunring_packet *pkt)
{
    struct pollfd pfd = { .fd = tunring_fd(r->h), .events = POLLOUT };
    int err;

    if (tx_reserve(r, pkt))
    {
        return true;
    }
    err = kick_always(r);
    if (!err && !tunring_tx_prepare_wait(r->h))
    {
        poll(&pfd, 1, TX_WAIT_MS);
    }
    if (tunring_tx_reserve(r->h, pkt, 1) == 1)
    {
        return true;
    }
    errno = err && err != -EAGAIN ? -err : ENOBUFS;
    return false;
}

struct buffer
tun_ring_decrypt_buf(struct context *c)
{
    struct buffer buf = c->c2.buffers->decrypt_buf;
    struct tun_rings *r = c->c1.tuntap ? c->c1.tuntap->rings : NULL;
    int capacity;

    if (!r)
    {
        return buf;
    }
    if (!r->have_work && !tx_reserve(r, &r->work))
    {
        return buf;
    }
    r->have_work = true;
    capacity = r->work.headroom + r->work.tailroom;
    if (capacity < BUF_SIZE(&c->c2.frame))
    {
        return buf;
    }
    buf.data = r->work.data - r->work.headroom;
    buf.capacity = capacity;
    return buf;
}

static bool
tx_is_work(const struct tun_rings *r, const uint8_t *buf, int len)
{
    const uint8_t *start = r->work.data - r->work.headroom;
    const uint8_t *end = r->work.data + r->work.tailroom;

    return r->have_work && buf >= start && buf < end && len <= end - buf;
}

static bool
tx_submit(struct tun_rings *r, struct tunring_packet *pkt,
          uint8_t *data, int len)
{
    pkt->data = data;
    pkt->len = len;
    pkt->first_len = len;
    if (tunring_tx_submit(r->h, pkt, 1) != 1)
    {
        tunring_tx_cancel(r->h, pkt, 1);
        errno = EINVAL;
        return false;
    }
    r->unkicked = true;
    return true;
}

int
tun_ring_write(struct tuntap *tt, uint8_t *buf, int len)
{
    struct tun_rings *r = tt->rings;
    struct tunring_packet pkt;

    if (!r)
    {
        return (int)write_tun(tt, buf, len);
    }
    if (device_down(r))
    {
        errno = EIO;
        return -1;
    }
    if (tx_is_work(r, buf, len))
    {
        r->have_work = false;
        return tx_submit(r, &r->work, buf, len) ? len : -1;
    }
    if (!tx_reserve_wait(r, &pkt))
    {
        return -1;
    }
    if ((uint32_t)len > pkt.tailroom)
    {
        tunring_tx_cancel(r->h, &pkt, 1);
        errno = EMSGSIZE;
        return -1;
    }
    memcpy(pkt.data, buf, len);
    r->tx_copied++;
    return tx_submit(r, &pkt, pkt.data, len) ? len : -1;
}
