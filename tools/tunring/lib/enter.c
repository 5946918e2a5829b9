// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* TUNRINGENTER, and the calls that sleep. */
#include "internal.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "barrier.h"

/* Does the kernel want to be told of what was made available on this side? */
bool tr_ring_kick_needed(const struct tunring *h, struct tr_side *s)
{
	uint16_t old = s->kick_idx;

	if (s->avail_idx == old)
		return s->kick_due;
	s->kick_idx = s->avail_idx;
	tr_fence();	/* b */
	if (h->event_idx)
		s->kick_due |= vring_need_event(tr_load16(s->vq.avail_event),
						s->avail_idx, old);
	else
		s->kick_due |= !(tr_load16(&s->vq.used->flags) &
				 VRING_USED_F_NO_NOTIFY);
	return s->kick_due;
}

int tr_ring_enter(struct tunring *h, struct tr_side *side, unsigned int flags,
		  int64_t timeout_ns, const sigset_t *mask)
{
	struct tun_ring_enter e;
	int ret;

	memset(&e, 0, sizeof(e));
	e.flags = flags;
	if (flags & TUN_RING_ENTER_WAIT) {
		e.timeout_ns = timeout_ns;
		if (mask) {
			e.sigmask = (uint64_t)(uintptr_t)mask;
			/* The kernel's sigset_t, which is shorter than libc's. */
			e.sigsetsize = (_NSIG - 1) / 8;
		}
	}
	side->syscalls++;
	ret = h->ops->ioctl(h->fd, TUNRINGENTER, &e);
	/*
	 * While the device is down a kick moves nothing: it stays due, so that
	 * tunring_tx_kick() goes on to say so. After any other answer the kernel
	 * has looked.
	 */
	if (flags & TUN_RING_ENTER_TX)
		h->tx.kick_due = ret == -EIO;
	if (flags & TUN_RING_ENTER_RX)
		h->rx.kick_due = ret == -EIO;
	return ret;
}

static int ring_wait(struct tunring *h, int64_t timeout_ns,
		     const sigset_t *mask, unsigned int flags)
{
	unsigned int enter = 0, there;
	int ret = 0;

	if ((flags & TUNRING_WAIT_TX) && tr_ring_kick_needed(h, &h->tx))
		enter |= TUN_RING_ENTER_TX;
	if (tr_ring_kick_needed(h, &h->rx))
		enter |= TUN_RING_ENTER_RX;
	there = tr_ring_rx_arm(h);
	if (!there && timeout_ns)
		enter |= TUN_RING_ENTER_WAIT;
	if (enter)
		ret = tr_ring_enter(h, &h->rx, enter, timeout_ns, mask);
	/*
	 * The kernel does not sleep after a kick that failed. Sleep without it:
	 * what was submitted moves by itself when the device comes up.
	 */
	if (ret == -EIO && (enter & TUN_RING_ENTER_WAIT))
		ret = tr_ring_enter(h, &h->rx, TUN_RING_ENTER_WAIT, timeout_ns,
				    mask);
	if (ret == -EIO)
		ret = 0;
	if (flags & TUNRING_WAIT_TX)
		tr_ring_tx_reclaim(h);
	if (ret < 0 && !there)
		return ret;
	return there > (unsigned int)ret ? (int)there : ret;
}

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

/* What is behind POLLERR: asks the fd. */
static int poll_error(struct tunring *h)
{
	int ret = tunring_check(h);

	return ret < 0 ? ret : -EIO;
}

static int plain_wait(struct tunring *h, int64_t timeout_ns,
		      const sigset_t *mask, unsigned int flags)
{
	int64_t end = timeout_ns > 0 ? now_ns() + timeout_ns : 0;
	struct pollfd p = { .fd = h->fd };
	struct timespec ts;
	int ret;

	for (;;) {
		if (flags & TUNRING_WAIT_TX) {
			ret = tr_plain_tx_flush(h);
			if (ret < 0 && ret != -EAGAIN && ret != -EIO)
				return ret;
		}
		if (tr_plain_rx_ready(h))
			return 1;
		p.events = POLLIN;
		if ((flags & TUNRING_WAIT_TX) && h->fifo.count)
			p.events |= POLLOUT;
		if (timeout_ns > 0) {
			int64_t left = end - now_ns();

			left = left > 0 ? left : 0;
			ts.tv_sec = (time_t)(left / 1000000000);
			ts.tv_nsec = (long)(left % 1000000000);
		} else {
			memset(&ts, 0, sizeof(ts));
		}
		h->rx.syscalls++;
		ret = h->ops->ppoll(&p, 1, timeout_ns < 0 ? NULL : &ts, mask);
		if (ret <= 0)
			return ret;
		if (p.revents & POLLIN)
			return 1;
		if (p.revents & ~POLLOUT)
			return poll_error(h);
	}
}

int tunring_wait(struct tunring *h, int64_t timeout_ns, const sigset_t *mask,
		 unsigned int flags)
{
	if (flags & ~TUNRING_WAIT_TX || timeout_ns < -1)
		return -EINVAL;
	if (h->mode == TUNRING_MODE_RING)
		return ring_wait(h, timeout_ns, mask, flags);
	return plain_wait(h, timeout_ns, mask, flags);
}

int tunring_prepare_wait(struct tunring *h)
{
	if (h->mode == TUNRING_MODE_RING)
		return tr_ring_rx_arm(h) != 0;
	return tr_plain_rx_ready(h);
}

int tunring_tx_prepare_wait(struct tunring *h)
{
	if (h->mode == TUNRING_MODE_RING) {
		tr_ring_tx_reclaim(h);
		if (!h->tx.nfree) {
			tr_ring_tx_arm(h);
			tr_ring_tx_reclaim(h);
		}
	}
	return h->tx.nfree != 0;
}
