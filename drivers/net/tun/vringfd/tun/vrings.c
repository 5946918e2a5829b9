// SPDX-License-Identifier: GPL-2.0
/*
 * Attaches vringfds to a queue, and detaches them.
 *
 * The tun file and the vringfd may be closed in any order, at any time. Under
 * vrings_lock, one path takes the ring from the queue and puts the queue's
 * reference. vringfd.ko calls tun_vrings_release() when no push or pull runs
 * any more, which may be later: the owner of the ring's memory can delay a page
 * fault, and no other thread waits for the fault. Packets in user pages keep
 * the struct tun_vring_end and both modules.
 */
#include "vrings.h"

#include <linux/file.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "../../rings.h"
#include "../../tun.h"
#include "../../wake.h"
#include "../core/calls.h"
#include "../vringfd.h"
#include "end.h"
#include "rx.h"
#include "tx.h"

/* Protects q->vrings of all queues. Never held over a page fault. */
static DEFINE_MUTEX(vrings_lock);

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

/*
 * Take the ring from the queue. push and pull may still run, but do not use the
 * queue any more. A packet that waits goes back into the tx_ring.
 */
static void tun_vrings_leave_queue(struct tun_vring_end *end)
{
	struct tun_queue *q = end->q;

	lockdep_assert_held(&vrings_lock);

	remove_wait_queue(&q->socket.wq.wait, &end->wait);
	WRITE_ONCE(q->vrings[end->dir], NULL);
	mutex_lock(&end->lock);
	end->dead = true;
	if (end->next)
		ptr_ring_unconsume(&q->tx_ring, &end->next, 1, tun_ptr_free);
	end->next = NULL;
	mutex_unlock(&end->lock);
	/* read() takes the packets that wait. */
	rcu_read_lock();
	if (end->dir == TUN_VRINGS_RX)
		tun_queue_notify_readers(q);
	rcu_read_unlock();
	tun_vring_end_put(end);
}

/* The vringfd was closed. */
static void tun_vrings_gone(void *ctx)
{
	struct tun_vring_end *end = ctx;

	mutex_lock(&vrings_lock);
	if (end->q->vrings[end->dir] == end)
		tun_vrings_leave_queue(end);
	mutex_unlock(&vrings_lock);
}

/* Put the references of the ring. vringfd.ko makes no more calls with @ctx. */
static void tun_vrings_release(void *ctx)
{
	struct tun_vring_end *end = ctx;
	struct tun_queue *q = end->q;

	tun_vring_end_put(end);
	sock_put(&q->sk);
}

static const struct vringfd_ops rx_ops = {
	.owner	= THIS_MODULE,
	.push	= tun_vrings_serve,
	.pull	= tun_vrings_serve,
	.gone	= tun_vrings_gone,
	.release = tun_vrings_release,
};

/* The ring is pinned, so that a packet's buffer can be marked used in the
 * context in which the packet is freed.
 */
static const struct vringfd_ops tx_ops = {
	.owner	= THIS_MODULE,
	.pin	= true,
	.push	= tun_vrings_serve,
	.pull	= tun_vrings_serve,
	.gone	= tun_vrings_gone,
	.release = tun_vrings_release,
};

/* Does not wait for a page fault of the user. */
static void tun_vrings_detach(struct tun_queue *q,
			      enum tun_vrings_direction dir)
{
	struct tun_vring_end *end;

	mutex_lock(&vrings_lock);
	end = q->vrings[dir];
	if (end) {
		kref_get(&end->ref);
		tun_vrings_leave_queue(end);
	}
	mutex_unlock(&vrings_lock);
	if (!end)
		return;
	end->calls->detach(end->vr, end);
	tun_vring_end_put(end);
}

/* The queue uses the ring from now on. */
static void tun_vrings_enter_queue(struct tun_vring_end *end)
{
	struct tun_queue *q = end->q;

	mutex_lock(&vrings_lock);
	kref_get(&end->ref);
	WRITE_ONCE(q->vrings[end->dir], end);
	add_wait_queue(&q->socket.wq.wait, &end->wait);
	mutex_unlock(&vrings_lock);
}

static int tun_vrings_attach(struct tun_queue *q, enum tun_vrings_direction dir,
			     int fd)
{
	struct tun_vring_end *end =
		tun_vring_end_new(q, dir, fd, tun_vrings_wake);
	int err;

	if (IS_ERR(end))
		return PTR_ERR(end);
	/*
	 * enter first: the vringfd may be closed as soon as the driver is
	 * attached
	 */
	tun_vrings_enter_queue(end);
	kref_get(&end->ref);
	sock_hold(&q->sk);
	err = end->calls->attach(end->vr, dir == TUN_VRINGS_RX ? &rx_ops :
								&tx_ops, end);
	if (err) {
		mutex_lock(&vrings_lock);
		tun_vrings_leave_queue(end);
		mutex_unlock(&vrings_lock);
		tun_vrings_release(end);
	} else if (dir == TUN_VRINGS_RX) {
		/* A sleeping read() must return -EBUSY now. */
		rcu_read_lock();
		tun_queue_notify_readers(q);
		rcu_read_unlock();
	}
	tun_vring_end_put(end);
	return err;
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
	if (tun_ring_limit_refuses())
		return -EPERM;
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

/*
 * Before TUNSETIFF: detach vringfds that were attached on a deleted device.
 * Return: 0, or -EINTR if the caller is killed.
 */
int tun_vrings_release_dead(struct tun_queue *q)
{
	if (!tun_queue_has_vrings(q))
		return 0;
	if (mutex_lock_killable(&q->ring_mutex))
		return -EINTR;
	if (!rcu_access_pointer(q->tun)) {
		tun_vrings_detach(q, TUN_VRINGS_RX);
		tun_vrings_detach(q, TUN_VRINGS_TX);
	}
	mutex_unlock(&q->ring_mutex);
	return 0;
}

/* The queue's file was closed. */
void tun_vrings_close(struct tun_queue *q)
{
	tun_vrings_detach(q, TUN_VRINGS_RX);
	tun_vrings_detach(q, TUN_VRINGS_TX);
}
