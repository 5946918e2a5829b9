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
/* A libtunring for unit tests of --tun-ring, and other functions that the files under test call. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include "openvpn.h"
#include "status.h"
#include "tun.h"

#include "tun_ring_state.h"
#include "udp_batch_state.h"
#include "udp_batch_version.h"

#include "mock_libtunring.h"

struct mock_library lib;

void
tunring_options_init(struct tunring_options *opt)
{
    CLEAR(*opt);
}

int
tunring_adopt(struct tunring **h, int fd, unsigned int flags, const struct tunring_options *opt)
{
    if (opt->rx_entries > lib.most)
    {
        return lib.err;
    }
    *h = (struct tunring *)&lib;
    lib.adopted = opt->rx_entries;
    lib.buf_size = opt->buf_size;
    return 0;
}

void
tunring_get_info(const struct tunring *h, struct tunring_info *info)
{
    CLEAR(*info);
    info->buf_size = lib.buf_size;
}

int
tunring_get_stats(struct tunring *h, struct tunring_stats *st)
{
    return -ENOTCONN;
}

void
tunring_close(struct tunring *h)
{
    lib.closed++;
}

const char *
tunring_strerror(int err)
{
    return "an error";
}

int
tunring_prepare_wait(struct tunring *h)
{
    return 0;
}

int
tunring_tx_prepare_wait(struct tunring *h)
{
    return 0;
}

int
tunring_fd(const struct tunring *h)
{
    return -1;
}

int
tunring_tx_kick(struct tunring *h)
{
    lib.kicks++;
    return 0;
}

int
tunring_tx_reserve(struct tunring *h, struct tunring_packet *pkt, unsigned int n)
{
    lib.reserved++;
    CLEAR(*pkt);
    pkt->data = lib.slot + 100;
    pkt->headroom = 100;
    pkt->tailroom = sizeof(lib.slot) - 100;
    return 1;
}

int
tunring_tx_submit(struct tunring *h, const struct tunring_packet *pkt, unsigned int n)
{
    lib.sent = *pkt;
    return 1;
}

int
tunring_tx_cancel(struct tunring *h, const struct tunring_packet *pkt, unsigned int n)
{
    return 0;
}

struct io_batch *
udp_batch_io_start(struct tuntap *tt, const struct batch_tun *tun)
{
    return NULL;
}

void
tun_ring_release(struct tun_rings *r)
{
}

bool
tun_ring_refill(struct tun_rings *r)
{
    return false;
}

void
status_printf(struct status_output *so, const char *format, ...)
{
}

udp_batch_tun_size
write_tun(struct tuntap *tt, uint8_t *buf, int len)
{
    lib.written++;
    return len;
}
