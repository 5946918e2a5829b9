// SPDX-License-Identifier: GPL-2.0
/*
 * Stack to user space over a vringfd. Packets wait in the tx_ring, as for
 * read(). The user's write, or the ring's thread, copies them to user space.
 */
#include "rx.h"

#include <linux/skbuff.h>

#include "../../ptr.h"
#include "../../read.h"
#include "../../stats.h"
#include "../../tun.h"
#include "../core/calls.h"
#include "../vringfd.h"
#include "end.h"

/*
 * Deliver @end->next to user space. Return: 0 if the packet was delivered or
 * dropped; -ENOSPC if no buffer is available; -EPROTO or -EFAULT, and
 * @end->next keeps the packet.
 */
static int tun_vring_rx_deliver(struct tun_vring_end *end, struct tun_dev *tun)
{
	struct vringfd_iov in = { .iov = end->iov };
	struct iov_iter to;
	ssize_t len;
	u16 head;
	int ret;

	ret = end->calls->get_buffer(end->vr, &in, NULL, &head);
	if (ret <= 0)
		return ret ?: -ENOSPC;
	iov_iter_init(&to, ITER_DEST, in.iov, in.n, in.len);
	len = tun_read_vring(tun, &to, end->next);
	if (len == -EFAULT) {
		end->calls->unget_buffer(end->vr);
		return -EFAULT;
	}
	if (likely(len >= 0)) {
		tun_ptr_consume(end->next);
		ret = end->calls->used_buffer(end->vr, head, len);
	} else {
		/* Drop a packet that does not fit. The next one may fit. */
		tun_stats_tx_dropped(tun);
		tun_ptr_free(end->next);
		end->calls->unget_buffer(end->vr);
		ret = 0;
	}
	end->next = NULL;
	return ret;
}

/*
 * No buffer is available: enable kicks, and check once more. Return: 1 if there
 * is a buffer after all, 0, or a negative errno.
 */
static int tun_vring_rx_wait_for_buffers(struct tun_vring_end *end)
{
	int n;

	WRITE_ONCE(end->starved, true);
	n = end->calls->enable_kick(end->vr);
	if (n <= 0)
		return n;
	WRITE_ONCE(end->starved, false);
	return end->calls->disable_kick(end->vr) ?: 1;
}

static int tun_vring_rx_batch(struct tun_vring_end *end, struct tun_dev *tun)
{
	int n, err = 0;

	for (n = 0; n < TUN_VRING_BATCH; n++) {
		if (!end->next)
			end->next = ptr_ring_consume(&end->q->tx_ring);
		if (!end->next)
			return 0;
		err = tun_vring_rx_deliver(end, tun);
		if (err == -ENOSPC) {
			err = tun_vring_rx_wait_for_buffers(end);
			if (err <= 0)
				return err;
		} else if (err) {
			return err;
		}
	}
	return 1;
}

/**
 * tun_vring_rx_serve - push and pull of a receive ring
 * @end: the receive direction
 *
 * Return: 1 if there is more to do, 0, or a negative errno.
 */
int tun_vring_rx_serve(struct tun_vring_end *end)
{
	struct tun_dev *tun = tun_dev_get(end->q);
	int ret;

	if (!tun)
		return -EBADFD;
	WRITE_ONCE(end->starved, false);
	/* Clear starved before reading the tx_ring, see tun_vrings_wake(). */
	smp_mb();
	ret = end->calls->disable_kick(end->vr);
	if (!ret)
		ret = tun_vring_rx_batch(end, tun);
	end->calls->wake(end->vr);
	tun_dev_put(tun);
	return ret;
}
