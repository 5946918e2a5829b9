// SPDX-License-Identifier: GPL-2.0
/*
 * Attaches vringfds to a queue, and detaches them.
 *
 * The tun file and the vringfd may be closed in any order, at any time. Under
 * the ring_mutex, one path takes the ring from the queue and puts the queue's
 * reference. vringfd_detach() decides if its caller or tun_vrings_release()
 * puts the ring's reference. Packets in user pages keep the struct
 * tun_vring_end and both modules.
 */
#include "vrings.h"

#include <linux/file.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "../../tun.h"
#include "../../wake.h"
#include "../core/calls.h"
#include "../vringfd.h"
#include "end.h"
#include "rx.h"
#include "tx.h"

/*
 * Called when the wait queue is woken: the stack queued packets, or written
 * packets were freed. A starved ring waits for user space, so it is not
 * scheduled. The transmitter puts its packet into the tx_ring before it reads
 * starved here (full barrier in wq_has_sleeper()). tun_vring_rx_serve() clears
 * starved before it reads the tx_ring. So the packet is not missed.
 */
static int tun_vrings_wake(wait_queue_entry_t *wait, unsigned int mode,
			   int flags, void *key)
{
	struct tun_vring_end *end = container_of(wait, struct tun_vring_end,
						 wait);
	__poll_t events = key_to_poll(key);
	__poll_t mine = end->dir == TUN_VRINGS_RX ? EPOLLIN : EPOLLOUT;

	if ((!events || events & mine) && !READ_ONCE(end->starved))
		end->calls->schedule(end->vr);
	return 0;
}

static int tun_vrings_serve(void *ctx)
{
	struct tun_vring_end *end = ctx;

	return end->dir == TUN_VRINGS_RX ? tun_vring_rx_serve(end)
					 : tun_vring_tx_serve(end);
}

/* Take the ring from the queue. */
static void tun_vrings_leave_queue(struct tun_queue *q,
				   struct tun_vring_end *end)
{
	lockdep_assert_held(&q->ring_mutex);

	remove_wait_queue(&q->socket.wq.wait, &end->wait);
	WRITE_ONCE(q->vrings[end->dir], NULL);
	if (end->next)
		ptr_ring_unconsume(&q->tx_ring, &end->next, 1, tun_ptr_free);
	end->next = NULL;
	/* read() takes the packets that wait. */
	rcu_read_lock();
	if (end->dir == TUN_VRINGS_RX)
		tun_queue_notify_readers(q);
	rcu_read_unlock();
	tun_vring_end_put(end);
}

/* Put the references of the ring: vringfd.ko makes no more calls with @end. */
static void tun_vrings_leave_ring(struct tun_queue *q,
				  struct tun_vring_end *end)
{
	tun_vring_end_put(end);
	sock_put(&q->sk);
}

/* The vringfd was closed. */
static void tun_vrings_release(void *ctx)
{
	struct tun_vring_end *end = ctx;
	struct tun_queue *q = end->q;

	mutex_lock(&q->ring_mutex);
	if (q->vrings[end->dir] == end)
		tun_vrings_leave_queue(q, end);
	mutex_unlock(&q->ring_mutex);
	tun_vrings_leave_ring(q, end);
}

static const struct vringfd_ops rx_ops = {
	.owner	= THIS_MODULE,
	.push	= tun_vrings_serve,
	.pull	= tun_vrings_serve,
	.gone	= tun_vrings_release,
};

/* The ring is pinned, so that a packet's buffer can be marked used in the
 * context in which the packet is freed.
 */
static const struct vringfd_ops tx_ops = {
	.owner	= THIS_MODULE,
	.pin	= true,
	.push	= tun_vrings_serve,
	.pull	= tun_vrings_serve,
	.gone	= tun_vrings_release,
};

static void tun_vrings_detach(struct tun_queue *q,
			      enum tun_vrings_direction dir)
{
	struct tun_vring_end *end = q->vrings[dir];
	bool was;

	lockdep_assert_held(&q->ring_mutex);

	if (!end)
		return;
	was = end->calls->detach(end->vr, end);
	tun_vrings_leave_queue(q, end);
	if (was)
		tun_vrings_leave_ring(q, end);
}

static int tun_vrings_attach(struct tun_queue *q, enum tun_vrings_direction dir,
			     int fd)
{
	struct tun_vring_end *end =
		tun_vring_end_new(q, dir, fd, tun_vrings_wake);
	int err;

	if (IS_ERR(end))
		return PTR_ERR(end);
	kref_get(&end->ref);
	sock_hold(&q->sk);
	err = end->calls->attach(end->vr, dir == TUN_VRINGS_RX ? &rx_ops :
								&tx_ops, end);
	if (err) {
		tun_vrings_leave_ring(q, end);
		tun_vring_end_put(end);
		return err;
	}
	/* If the vringfd was closed since, its release waits for the
	 * ring_mutex.
	 */
	WRITE_ONCE(q->vrings[dir], end);
	add_wait_queue(&q->socket.wq.wait, &end->wait);
	/* Packets between the first pull and add_wait_queue() woke nothing. */
	end->calls->schedule(end->vr);
	if (dir == TUN_VRINGS_RX) {
		/* A sleeping read() must return -EBUSY now. */
		rcu_read_lock();
		tun_queue_notify_readers(q);
		rcu_read_unlock();
	}
	return 0;
}

static int tun_vrings_is_open(int fd)
{
	struct file *file = fget(fd);

	if (!file)
		return -EBADF;
	fput(file);
	return 0;
}

static long tun_vrings_set_locked(struct tun_queue *q,
				  enum tun_vrings_direction dir, int fd)
{
	int err;

	if (fd == -1) {
		if (!q->vrings[dir])
			return -ENXIO;
		tun_vrings_detach(q, dir);
		return 0;
	}
	err = tun_vrings_is_open(fd);
	if (err)
		return err;
	if (!rcu_access_pointer(q->tun))
		return -EBADFD;
	if (rcu_access_pointer(q->ring) || q->vrings[dir])
		return -EBUSY;
	return tun_vrings_attach(q, dir, fd);
}

/**
 * tun_vrings_set - TUNSETRECVVRING, TUNSETXMITVRING
 * @q: the queue
 * @dir: direction of packets
 * @fd: a vringfd, or -1 to detach the attached one
 *
 * Return: 0 or a negative errno, see the UAPI header.
 */
long tun_vrings_set(struct tun_queue *q, enum tun_vrings_direction dir, int fd)
{
	long err;

	if (mutex_lock_interruptible(&q->ring_mutex))
		return -EINTR;
	err = tun_vrings_set_locked(q, dir, fd);
	mutex_unlock(&q->ring_mutex);
	return err;
}

/* Before TUNSETIFF: detach vringfds that were attached on a deleted device. */
void tun_vrings_release_dead(struct tun_queue *q)
{
	mutex_lock(&q->ring_mutex);
	if (!rcu_access_pointer(q->tun)) {
		tun_vrings_detach(q, TUN_VRINGS_RX);
		tun_vrings_detach(q, TUN_VRINGS_TX);
	}
	mutex_unlock(&q->ring_mutex);
}

/* The queue's file was closed. */
void tun_vrings_close(struct tun_queue *q)
{
	mutex_lock(&q->ring_mutex);
	tun_vrings_detach(q, TUN_VRINGS_RX);
	tun_vrings_detach(q, TUN_VRINGS_TX);
	mutex_unlock(&q->ring_mutex);
}
