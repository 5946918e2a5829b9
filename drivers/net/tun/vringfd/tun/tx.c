// SPDX-License-Identifier: GPL-2.0
/*
 * User space to stack over a vringfd. The headers of a large packet are copied.
 * Its payload stays in user pages until the skb is freed, and the buffer is
 * marked used then. The skb has a zerocopy ubuf, so code that keeps or clones
 * the skb copies the payload first.
 */
#include "tx.h"

#include <linux/sched/signal.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "../../input.h"
#include "../../tun.h"
#include "../core/calls.h"
#include "../vringfd.h"
#include "end.h"

/**
 * struct tun_vring_in_flight - a packet whose payload is in user pages
 * @ubuf: the packet's ubuf; tun_vring_tx_input_zerocopy() holds a second
 *	reference until the packet is handed over
 * @end: the direction that the packet came from, with a reference
 * @head: head of the packet's buffer
 */
struct tun_vring_in_flight {
	struct ubuf_info ubuf;
	struct tun_vring_end *end;
	u16 head;
};

/* Context: any. */
static void tun_vring_tx_in_flight_put(struct tun_vring_in_flight *f)
{
	struct tun_vring_end *end = f->end;

	if (!refcount_dec_and_test(&f->ubuf.refcnt))
		return;
	rcu_read_lock();
	/*
	 * An error means that the vringfd was closed, so no user waits for the
	 * buffer.
	 */
	if (!end->calls->used_buffer_atomic(end->vr, f->head, 0))
		end->calls->wake(end->vr);
	kfree(f);
	tun_vring_end_put(end);
	rcu_read_unlock();
}

static void tun_vring_tx_complete_packet(struct sk_buff *skb,
					 struct ubuf_info *ubuf, bool success)
{
	struct tun_vring_in_flight *f =
		container_of(ubuf, struct tun_vring_in_flight, ubuf);

	tun_vring_tx_in_flight_put(f);
}

static const struct ubuf_info_ops ubuf_ops = {
	.complete = tun_vring_tx_complete_packet,
};

static struct tun_vring_in_flight *
tun_vring_tx_in_flight_new(struct tun_vring_end *end, u16 head)
{
	struct tun_vring_in_flight *f =
		kmalloc(sizeof(*f), GFP_KERNEL | __GFP_NOWARN);

	if (!f)
		return NULL;
	skb_ubuf_set_ops(&f->ubuf, &ubuf_ops);
	f->ubuf.flags = SKBFL_ZEROCOPY_FRAG;
	/* one for the packet, one for tun_vring_tx_input_zerocopy() */
	refcount_set(&f->ubuf.refcnt, 2);
	kref_get(&end->ref);
	f->end = end;
	f->head = head;
	return f;
}

/*
 * Send a packet whose payload may stay in user pages. Return: 0; or -EAGAIN or
 * -EFAULT, and @f is freed and the buffer is not used. After 0 the buffer is
 * marked used when the packet is freed, also for a packet that was dropped.
 */
static int tun_vring_tx_input_zerocopy(struct tun_vring_end *end,
				       struct tun_dev *tun,
				       struct tun_vring_in_flight *f,
				       struct iov_iter *from)
{
	ssize_t len = tun_input_vring(tun, end->q, &f->ubuf, from);

	/* No skb took the ubuf: mark the buffer used here, or leave it. */
	if (len < 0 && refcount_read(&f->ubuf.refcnt) == 2) {
		if (len == -EAGAIN || len == -EFAULT) {
			tun_vring_end_put(end);
			kfree(f);
			return len;
		}
		tun_vring_tx_in_flight_put(f);
	}
	tun_vring_tx_in_flight_put(f);
	return 0;
}

/*
 * Send a packet without a page fault, because the device is held meanwhile, and
 * unregistering must not wait for a page fault. Return: 0 if the packet was
 * sent or dropped; -EAGAIN; -EFAULT; or -EBADFD if the ring was detached or the
 * device is gone. @used: the caller marks the buffer used.
 */
static int tun_vring_tx_input(struct tun_vring_end *end,
			      const struct vringfd_iov *out, u16 head,
			      bool *used)
{
	struct tun_vring_in_flight *f = NULL;
	struct tun_dev *tun;
	struct iov_iter from;
	ssize_t ret = -EBADFD;

	iov_iter_init(&from, ITER_SOURCE, out->iov, out->n, out->len);
	from.nofault = true;
	mutex_lock(&end->lock);
	tun = end->dead ? NULL : tun_dev_get(end->q);
	if (likely(tun)) {
		if (out->len > PAGE_SIZE && end->calls->is_pinned(end->vr))
			f = tun_vring_tx_in_flight_new(end, head);
		pagefault_disable();
		ret = f ? tun_vring_tx_input_zerocopy(end, tun, f, &from)
			: tun_input_vring(tun, end->q, NULL, &from);
		pagefault_enable();
		tun_dev_put(tun);
	}
	mutex_unlock(&end->lock);
	*used = !f;
	if (ret == -EAGAIN || ret == -EFAULT || !tun)
		return ret;
	/* After any other error the packet was counted and dropped. */
	return 0;
}

/*
 * Send a packet. Page faults happen while neither the device nor a lock of the
 * queue is held. Return: as tun_vring_tx_input().
 */
static int tun_vring_tx_send(struct tun_vring_end *end,
			     const struct vringfd_iov *out, u16 head,
			     bool *used)
{
	struct iov_iter from;
	int ret;

	for (;;) {
		ret = tun_vring_tx_input(end, out, head, used);
		if (likely(ret != -EFAULT))
			return ret;
		iov_iter_init(&from, ITER_SOURCE, out->iov, out->n, out->len);
		if (fault_in_iov_iter_readable(&from, out->len) ||
		    fatal_signal_pending(current))
			return -EFAULT;
		cond_resched();
	}
}

/* Return: 1 if a packet was taken; 0 if there is none; or a negative errno. */
static int tun_vring_tx_send_one(struct tun_vring_end *end)
{
	struct vringfd_iov out = { .iov = end->iov };
	bool used;
	u16 head;
	int ret;

	ret = end->calls->get_buffer(end->vr, NULL, &out, &head);
	if (ret <= 0)
		return ret;
	ret = tun_vring_tx_send(end, &out, head, &used);
	if (ret) {
		end->calls->unget_buffer(end->vr);
		return ret;
	}
	if (used)
		ret = end->calls->used_buffer(end->vr, head, 0);
	return ret ?: 1;
}

/*
 * The send buffer is full. Return: 1 if the buffer has room after all; 0 if a
 * wake-up will follow when the buffer has room.
 */
static int tun_vring_tx_wait_for_room(struct tun_vring_end *end)
{
	struct tun_queue *q = end->q;

	set_bit(SOCKWQ_ASYNC_NOSPACE, &q->socket.flags);
	/* Set the bit before reading the free space. The other side frees
	 * packets before it tests the bit in tun_sock_write_space().
	 */
	smp_mb__after_atomic();
	return sock_writeable(&q->sk);
}

static int tun_vring_tx_batch(struct tun_vring_end *end)
{
	int n, ret;

	for (n = 0; n < TUN_VRING_BATCH; n++) {
		ret = tun_vring_tx_send_one(end);
		if (ret == -EAGAIN) {
			ret = tun_vring_tx_wait_for_room(end);
		} else if (!ret) {
			ret = end->calls->enable_kick(end->vr);
			if (ret > 0)
				ret = end->calls->disable_kick(end->vr) ?: 1;
		}
		if (ret <= 0)
			return ret;
		cond_resched();
	}
	return 1;
}

/**
 * tun_vring_tx_serve - push and pull of a transmit ring
 * @end: the transmit direction
 *
 * Return: 1 if there is more to do, 0, or a negative errno.
 */
int tun_vring_tx_serve(struct tun_vring_end *end)
{
	int ret;

	if (!rcu_access_pointer(end->q->tun))
		return -EBADFD;
	ret = end->calls->disable_kick(end->vr);
	if (!ret)
		ret = tun_vring_tx_batch(end);
	end->calls->wake(end->vr);
	return ret;
}
