// SPDX-License-Identifier: GPL-2.0
/*
 * Kicks from the user, waiting, poll, and what is told of a broken ring.
 */
#include "ring.h"
#include "state.h"

#include <linux/hrtimer.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "../queue.h"
#include "../tun.h"

#define ENTER_FLAGS	(TUN_RING_ENTER_TX | TUN_RING_ENTER_RX | \
			 TUN_RING_ENTER_WAIT)

/**
 * tun_ring_break - stop both rings of a queue
 * @ring: the ring
 * @vr: the one that broke the rules
 *
 * The rest of the device is not touched. Context: any that uses a ring.
 */
void tun_ring_break(struct tun_ring *ring, const struct tun_vring *vr)
{
	if (cmpxchg(&ring->broken, 0, EPROTO))
		return;
	if (net_ratelimit()) {
		struct tun_dev *tun;

		rcu_read_lock();
		tun = rcu_dereference(ring->q->tun);
		if (tun)
			netdev_err(tun->dev, "queue %u: %s ring stopped: %s\n",
				   ring->q->index,
				   vr == &ring->rx.m.vr ? "rx" : "tx",
				   vr->broken);
		rcu_read_unlock();
	}
	tun_queue_notify_readers(ring->q);
}

static u16 rx_untaken(const struct tun_ring *ring)
{
	return tun_vring_untaken(&ring->rx.m.vr, &tun_mapped);
}

static bool tx_has_room(const struct tun_ring *ring)
{
	const struct tun_vring *vr = &ring->tx.m.vr;
	u16 avail;

	tun_mapped_load16(vr, &vr->avail->idx, &avail);
	return (u16)(avail - READ_ONCE(vr->published)) < vr->num ||
	       tun_vring_untaken(vr, &tun_mapped);
}

/**
 * tun_ring_poll - poll(2) of a queue with rings
 * @ring: under RCU
 *
 * Looks at indices and nothing else. Pairs with barrier D: the caller is on
 * the wait queue before it looks, the kernel publishes before it looks for
 * waiters.
 */
__poll_t tun_ring_poll(struct tun_ring *ring)
{
	__poll_t mask = 0;

	smp_mb();
	if (READ_ONCE(ring->broken) ||
	    READ_ONCE(ring->life) == TUN_RING_GONE)
		mask |= EPOLLERR;
	if (rx_untaken(ring))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (tx_has_room(ring))
		mask |= EPOLLOUT | EPOLLWRNORM;
	return mask;
}

/* Why the rings of this queue cannot move packets now, or 0. */
static int ring_error(struct tun_ring *ring, struct tun_queue *q)
{
	struct tun_dev *tun;

	if (rcu_access_pointer(q->ring) != ring)
		return -ENXIO;
	tun = rcu_dereference(q->tun);
	/* poll says EPOLLERR from the beginning of its end */
	if (!tun || READ_ONCE(ring->life) == TUN_RING_GONE ||
	    tun->dev->reg_state != NETREG_REGISTERED)
		return -EBADFD;
	if (READ_ONCE(ring->broken))
		return -READ_ONCE(ring->broken);
	if (READ_ONCE(ring->life) != TUN_RING_LIVE ||
	    !(tun->dev->flags & IFF_UP))
		return -EIO;
	return 0;
}

static int ring_kick(struct tun_ring *ring, struct tun_queue *q, u32 flags)
{
	int err;

	rcu_read_lock();
	err = ring_error(ring, q);
	if (flags & TUN_RING_ENTER_RX && (!err || err == -EIO))
		tun_ring_rx_kick(ring);
	if (flags & TUN_RING_ENTER_TX) {
		atomic64_inc(&ring->tx.kicks);
		if (!err) {
			local_bh_disable();
			napi_schedule(&ring->tx.napi);
			/* runs the poll here, unless it runs elsewhere */
			local_bh_enable();
			err = -READ_ONCE(ring->broken);
		}
	} else if (err == -EIO) {
		err = 0;
	}
	rcu_read_unlock();
	return err;
}

/**
 * tun_ring_kick - write(2) of no bytes: look at both rings
 * @q: the queue
 *
 * Return: 0 or a negative errno.
 */
int tun_ring_kick(struct tun_queue *q)
{
	struct tun_ring *ring = tun_ring_get(q);
	int err;

	if (!ring)
		return -ENXIO;
	err = ring_kick(ring, q, TUN_RING_ENTER_TX | TUN_RING_ENTER_RX);
	tun_ring_put(ring);
	return err;
}

/* Nothing to wait for any more: an entry, or a state in which none will come. */
static bool wait_over(struct tun_ring *ring, struct tun_queue *q)
{
	return rx_untaken(ring) || READ_ONCE(ring->broken) ||
	       READ_ONCE(ring->life) == TUN_RING_GONE ||
	       rcu_access_pointer(q->ring) != ring;
}

static int ring_wait(struct tun_ring *ring, struct tun_queue *q,
		     s64 timeout_ns)
{
	ktime_t timeout = timeout_ns < 0 ? KTIME_MAX : ns_to_ktime(timeout_ns);
	int err;

	err = wait_event_interruptible_hrtimeout(q->socket.wq.wait,
						 wait_over(ring, q), timeout);
	if (err == -ETIME)
		return 0;
	if (err)
		return -EINTR;

	rcu_read_lock();
	err = ring_error(ring, q);
	rcu_read_unlock();
	return err == -EIO ? 0 : err;
}

/*
 * As ppoll(2): the mask is in force while waiting. After an interruption it
 * stays until the handler of the signal has run, for which the old one is left
 * in saved_sigmask.
 */
static int ring_wait_masked(struct tun_ring *ring, struct tun_queue *q,
			    s64 timeout_ns, const sigset_t *mask)
{
	sigset_t set = *mask;
	int err;

	sigdelsetmask(&set, sigmask(SIGKILL) | sigmask(SIGSTOP));
	current->saved_sigmask = current->blocked;
	set_restore_sigmask();
	sigprocmask(SIG_SETMASK, &set, NULL);

	err = ring_wait(ring, q, timeout_ns);

	if (err != -EINTR && test_and_clear_restore_sigmask())
		sigprocmask(SIG_SETMASK, &current->saved_sigmask, NULL);
	return err;
}

static int enter_check(const struct tun_ring_enter *e)
{
	if (!e->flags || e->flags & ~ENTER_FLAGS ||
	    e->reserved[0] || e->reserved[1])
		return -EINVAL;
	if (e->flags & TUN_RING_ENTER_WAIT) {
		if (e->timeout_ns < -1)
			return -EINVAL;
		if (e->sigmask ? e->sigsetsize != sizeof(sigset_t) :
				 e->sigsetsize)
			return -EINVAL;
	} else if (e->timeout_ns || e->sigmask || e->sigsetsize) {
		return -EINVAL;
	}
	return 0;
}

/**
 * tun_ring_enter - TUNRINGENTER
 * @q: the queue
 * @argp: struct tun_ring_enter of the user
 *
 * Return: receive entries that the user has not taken, or a negative errno.
 */
long tun_ring_enter(struct tun_queue *q, void __user *argp)
{
	struct tun_ring_enter e;
	struct tun_ring *ring;
	sigset_t mask;
	long err;

	if (copy_from_user(&e, argp, sizeof(e)))
		return -EFAULT;
	err = enter_check(&e);
	if (err)
		return err;
	if (e.sigmask && copy_from_user(&mask, u64_to_user_ptr(e.sigmask),
					sizeof(mask)))
		return -EFAULT;

	ring = tun_ring_get(q);
	if (!ring)
		return -ENXIO;
	err = ring_kick(ring, q, e.flags);
	if (!err && e.flags & TUN_RING_ENTER_WAIT) {
		if (e.sigmask)
			err = ring_wait_masked(ring, q, e.timeout_ns, &mask);
		else
			err = ring_wait(ring, q, e.timeout_ns);
	}
	if (!err)
		err = rx_untaken(ring);
	tun_ring_put(ring);
	return err;
}
