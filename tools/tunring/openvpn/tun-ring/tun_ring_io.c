// SPDX-License-Identifier: GPL-2.0
/* --tun-ring: packets, in place, in both directions. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include <poll.h>

#include "openvpn.h"
#include "error.h"
#include "sig.h"
#include "tun.h"

#include "tun_ring_state.h"
#include "udp_batch_state.h"

#include "memdbg.h"

/* How long a write may wait for the kernel to free a transmit buffer. */
#define TX_WAIT_MS	100

#define VLAN_TAG_LEN	4
#define MAC_ADDRS_LEN	12

bool tun_ring_used(const struct tuntap *tt)
{
	return tt && tt->rings;
}

void tun_ring_release(struct tun_rings *r)
{
	int err;

	if (r->rx_next > r->rx_free) {
		err = tunring_rx_release(r->h, r->pkts + r->rx_free,
					 r->rx_next - r->rx_free);
		if (err)
			dmsg(D_TUN_RW, "TUN/TAP rings: release: %s",
			     tunring_strerror(err));
	}
	r->rx_free = r->rx_next;
	if (r->rx_next == r->rx_end) {
		r->rx_free = 0;
		r->rx_next = 0;
		r->rx_end = 0;
	}
}

bool tun_ring_refill(struct tun_rings *r)
{
	int n;

	if (r->rx_next < r->rx_end)
		return true;
	tun_ring_release(r);
	n = tunring_rx_burst(r->h, r->pkts, TUN_RING_BURST);
	if (n > 0)
		r->rx_end = n;
	return n > 0;
}

int tun_ring_kick(struct tun_rings *r)
{
	int err;

	if (!r->unkicked)
		return 0;
	err = tunring_tx_kick(r->h);
	r->down = err == -EIO;
	r->unkicked = err && !r->down;
	return err;
}

/*
 * The kernel may have disabled kicks before the device went down. tunring_tx_kick()
 * makes no system call then, while a write() of no bytes always does.
 */
static int kick_always(struct tun_rings *r)
{
	int err = tunring_tx_kick(r->h);

	if (!err && write(tunring_fd(r->h), "", 0) < 0)
		err = -errno;
	r->down = err == -EIO;
	r->unkicked = err && !r->down;
	return err;
}

/* A packet for a device that is down costs one system call and is lost, as write(). */
static bool device_down(struct tun_rings *r)
{
	if (r->down)
		kick_always(r);
	return r->down;
}

/* A broken queue, or one without a device, never recovers: set up a new one. */
static void rings_abort(struct context *c, int err)
{
	msg(M_WARN, "TUN/TAP rings: %s, restarting", tunring_strerror(err));
	register_signal(c->sig, SIGHUP, "tun-abort");
	c->persist.restart_sleep_seconds = 1;
}

/* The kernel passes VLAN tags beside the packet. OpenVPN expects them within it. */
static void vlan_insert(struct tunring_packet *pkt)
{
	struct tunring_meta meta;
	uint16_t tag[2];
	uint8_t *old = pkt->data;

	tunring_meta_get(pkt, &meta);
	if (!(meta.flags & TUNRING_META_VLAN) || pkt->first_len < MAC_ADDRS_LEN ||
	    !tunring_packet_push(pkt, VLAN_TAG_LEN))
		return;
	memmove(pkt->data, old, MAC_ADDRS_LEN);
	tag[0] = htons(meta.vlan_proto);
	tag[1] = htons(meta.vlan_tci);
	memcpy(pkt->data + MAC_ADDRS_LEN, tag, sizeof(tag));
}

/* A packet larger than the frame is truncated, as read() does. */
static void rx_in_place(struct context *c, const struct tunring_packet *pkt)
{
	struct buffer *buf = &c->c2.buf;

	buf->data = pkt->data - pkt->headroom;
	buf->offset = pkt->headroom;
	buf->len = min_int(pkt->len, c->c2.frame.buf.payload_size);
	buf->capacity = pkt->headroom + pkt->len + pkt->tailroom;
}

static void rx_copy(struct context *c, struct tun_rings *r,
		    const struct tunring_packet *pkt)
{
	struct buffer *buf = &c->c2.buf;

	*buf = c->c2.buffers->read_tun_buf;
	ASSERT(buf_init(buf, c->c2.frame.buf.headroom));
	buf->len = tunring_packet_read(r->h, pkt, 0, BPTR(buf),
				       c->c2.frame.buf.payload_size);
	r->rx_copied++;
}

void tun_ring_read(struct context *c)
{
	struct tuntap *tt = c->c1.tuntap;
	struct tun_rings *r = tt->rings;
	struct tunring_packet *pkt;
	bool ready = tun_ring_refill(r);
	int err;

	udp_batch_tun_read(c, ready);
	if (!ready) {
		c->c2.buf = c->c2.buffers->read_tun_buf;
		ASSERT(buf_init(&c->c2.buf, c->c2.frame.buf.headroom));
		err = tunring_check(r->h);
		if (err)
			rings_abort(c, err);
		return;
	}
	pkt = &r->pkts[r->rx_next++];
	if (tt->type == DEV_TYPE_TAP)
		vlan_insert(pkt);
	if (pkt->nsegs == 1)
		rx_in_place(c, pkt);
	else
		rx_copy(c, r, pkt);
}

static bool tx_reserve(struct tun_rings *r, struct tunring_packet *pkt)
{
	if (tunring_tx_reserve(r->h, pkt, 1) == 1)
		return true;
	return tun_ring_kick(r) == 0 && tunring_tx_reserve(r->h, pkt, 1) == 1;
}

/* Stock OpenVPN waits for room by poll(). Here the wait has a limit. */
static bool tx_reserve_wait(struct tun_rings *r, struct tunring_packet *pkt)
{
	struct pollfd pfd = { .fd = tunring_fd(r->h), .events = POLLOUT };
	int err;

	if (tx_reserve(r, pkt))
		return true;
	err = kick_always(r);
	if (!err && !tunring_tx_prepare_wait(r->h))
		poll(&pfd, 1, TX_WAIT_MS);
	if (tunring_tx_reserve(r->h, pkt, 1) == 1)
		return true;
	errno = err && err != -EAGAIN ? -err : ENOBUFS;
	return false;
}

struct buffer tun_ring_decrypt_buf(struct context *c)
{
	struct buffer buf = c->c2.buffers->decrypt_buf;
	struct tun_rings *r = c->c1.tuntap ? c->c1.tuntap->rings : NULL;
	int capacity;

	if (!r)
		return buf;
	if (!r->have_work && !tx_reserve(r, &r->work))
		return buf;
	r->have_work = true;
	capacity = r->work.headroom + r->work.tailroom;
	if (capacity < BUF_SIZE(&c->c2.frame))
		return buf;
	buf.data = r->work.data - r->work.headroom;
	buf.capacity = capacity;
	return buf;
}

static bool tx_is_work(const struct tun_rings *r, const uint8_t *buf, int len)
{
	const uint8_t *start = r->work.data - r->work.headroom;
	const uint8_t *end = r->work.data + r->work.tailroom;

	return r->have_work && buf >= start && buf < end && len <= end - buf;
}

static bool tx_submit(struct tun_rings *r, struct tunring_packet *pkt,
		      uint8_t *data, int len)
{
	pkt->data = data;
	pkt->len = len;
	pkt->first_len = len;
	if (tunring_tx_submit(r->h, pkt, 1) != 1) {
		tunring_tx_cancel(r->h, pkt, 1);
		errno = EINVAL;
		return false;
	}
	r->unkicked = true;
	return true;
}

int tun_ring_write(struct tuntap *tt, uint8_t *buf, int len)
{
	struct tun_rings *r = tt->rings;
	struct tunring_packet pkt;

	if (!r)
		return write_tun(tt, buf, len);
	if (device_down(r)) {
		errno = EIO;
		return -1;
	}
	if (tx_is_work(r, buf, len)) {
		r->have_work = false;
		return tx_submit(r, &r->work, buf, len) ? len : -1;
	}
	if (!tx_reserve_wait(r, &pkt))
		return -1;
	if ((uint32_t)len > pkt.tailroom) {
		tunring_tx_cancel(r->h, &pkt, 1);
		errno = EMSGSIZE;
		return -1;
	}
	memcpy(pkt.data, buf, len);
	r->tx_copied++;
	return tx_submit(r, &pkt, pkt.data, len) ? len : -1;
}
