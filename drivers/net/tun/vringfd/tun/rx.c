// SPDX-License-Identifier: GPL-2.0
/*
 * Stack to user space over a vringfd. Packets wait in the tx_ring, as for
 * read(). The packets are copied to user space in the user's write() or in the
 * ring's thread.
 */
#include "rx.h"

#include <linux/sched/signal.h>
#include <linux/skbuff.h>
#include <linux/uaccess.h>

#include "../../ptr.h"
#include "../../read.h"
#include "../../backpressure/backpressure.h"
#include "../../stats.h"
#include "../../tun.h"
#include "../core/calls.h"
#include "../vringfd.h"
#include "end.h"

static void *tun_vring_rx_take(struct tun_queue *q)
{
	void *ptr = ptr_ring_consume(&q->tx_ring);

	if (ptr)
		tun_backpressure_consumed(q, 1);
	return ptr;
}

/* Take a packet from the queue. Return: false if there is none. */
static bool tun_vring_rx_has_packet(struct tun_vring_end *end)
{
	bool has;

	mutex_lock(&end->lock);
	if (!end->dead && !end->next)
		end->next = tun_vring_rx_take(end->q);
	has = end->next;
	mutex_unlock(&end->lock);
	return has;
}

/* The packet was copied, or does not fit. The next packet may fit. */
static void tun_vring_rx_consume(struct tun_vring_end *end, struct tun_dev *tun,
				 bool copied)
{
	lockdep_assert_held(&end->lock);

	if (likely(copied)) {
		tun_ptr_consume(end->next);
	} else {
		tun_stats_tx_dropped(tun);
		tun_ptr_free(end->next);
	}
	end->next = NULL;
}

/*
 * Copy @end->next without a page fault, because the device is held meanwhile,
 * and unregistering must not wait for a page fault. Return: bytes copied;
 * -EFAULT, with @need the bytes that must be in memory; -EBADFD if the ring was
 * detached or the device is gone; or another errno, and the packet was dropped.
 */
static ssize_t tun_vring_rx_copy(struct tun_vring_end *end, struct iov_iter *to,
				 size_t *need)
{
	struct tun_dev *tun;
	ssize_t len = -EBADFD;

	mutex_lock(&end->lock);
	tun = end->next ? tun_dev_get(end->q) : NULL;
	if (likely(tun)) {
		*need = READ_ONCE(tun->vnet_hdr_sz) +
			tun_read_packet_len(end->next);
		pagefault_disable();
		len = tun_read_vring(tun, to, end->next);
		pagefault_enable();
		if (len != -EFAULT)
			tun_vring_rx_consume(end, tun, len >= 0);
		tun_dev_put(tun);
	}
	mutex_unlock(&end->lock);
	return len;
}

/*
 * Copy @end->next to a buffer. Page faults happen while neither the device nor
 * a lock of the queue is held. Return: as tun_vring_rx_copy().
 */
static ssize_t tun_vring_rx_fill(struct tun_vring_end *end,
				 const struct vringfd_iov *in)
{
	struct iov_iter to;
	size_t need = 0;
	ssize_t len;

	for (;;) {
		iov_iter_init(&to, ITER_DEST, in->iov, in->n, in->len);
		len = tun_vring_rx_copy(end, &to, &need);
		if (likely(len != -EFAULT))
			return len;
		iov_iter_init(&to, ITER_DEST, in->iov, in->n, in->len);
		if (fault_in_iov_iter_writeable(&to, need) ||
		    fatal_signal_pending(current))
			return -EFAULT;
		cond_resched();
	}
}

/*
 * Deliver @end->next to user space. Return: 0 if the packet was delivered or
 * dropped; -ENOSPC if no buffer is available; -EPROTO or -EFAULT, and
 * @end->next keeps the packet; -EBADFD if the ring was detached or the device
 * is gone.
 */
static int tun_vring_rx_deliver(struct tun_vring_end *end)
{
	struct vringfd_iov in = { .iov = end->iov };
	ssize_t len;
	u16 head;
	int ret;

	ret = end->calls->get_buffer(end->vr, &in, NULL, &head);
	if (ret <= 0)
		return ret ?: -ENOSPC;
	len = tun_vring_rx_fill(end, &in);
	if (likely(len >= 0))
		return end->calls->used_buffer(end->vr, head, len);
	end->calls->unget_buffer(end->vr);
	return len == -EFAULT || len == -EBADFD ? len : 0;
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

static int tun_vring_rx_batch(struct tun_vring_end *end)
{
	int n, err = 0;

	for (n = 0; n < TUN_VRING_BATCH; n++) {
		if (!tun_vring_rx_has_packet(end))
			return 0;
		err = tun_vring_rx_deliver(end);
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
	int ret;

	if (!rcu_access_pointer(end->q->tun))
		return -EBADFD;
	WRITE_ONCE(end->starved, false);
	/* Clear starved before reading the tx_ring, see tun_vrings_wake(). */
	smp_mb();
	ret = end->calls->disable_kick(end->vr);
	if (!ret)
		ret = tun_vring_rx_batch(end);
	end->calls->wake(end->vr);
	return ret;
}
