// SPDX-License-Identifier: GPL-2.0
/*
 * Kicks from the user, and waiting.
 */
#include "enter.h"

#include <linux/hrtimer.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "../../tun.h"
#include "../event/poll.h"
#include "../life/ref.h"
#include "../state.h"

#define ENTER_FLAGS	(TUN_RING_ENTER_TX | TUN_RING_ENTER_RX | \
			 TUN_RING_ENTER_WAIT)

/* Return: 0, or a negative errno: the rings cannot move packets now. */
static int tun_ring_enter_error(struct tun_ring *ring, struct tun_queue *q)
{
	struct tun_dev *tun;

	if (rcu_access_pointer(q->ring) != ring)
		return -ENXIO;
	tun = rcu_dereference(q->tun);
	/* the device is being unregistered, and poll() reports EPOLLERR */
	if (!tun || READ_ONCE(ring->state) == TUN_RING_DEAD ||
	    tun->dev->reg_state != NETREG_REGISTERED)
		return -EBADFD;
	if (READ_ONCE(ring->broken))
		return -READ_ONCE(ring->broken);
	if (READ_ONCE(ring->state) != TUN_RING_RUNNING ||
	    !tun_dev_is_up(tun))
		return -EIO;
	return 0;
}

/*
 * The server drops the packets if the device is down or the queue is detached.
 * Return: @err, or -errno of broken rings, which this kick may have broken.
 */
static int tun_ring_enter_kick_tx(struct tun_ring *ring, int err)
{
	READ_ONCE(ring->server)->kick_tx(ring);
	return -READ_ONCE(ring->broken) ?: err;
}

static void tun_ring_enter_kick_rx(struct tun_ring *ring, bool kicked)
{
	const struct tun_ring_server *server = READ_ONCE(ring->server);

	if (kicked)
		server->kick_rx(ring);
	else
		server->poll_rx(ring);
}

static int tun_ring_enter_kick(struct tun_ring *ring, struct tun_queue *q,
			       u32 flags)
{
	int err;

	rcu_read_lock();
	err = tun_ring_enter_error(ring, q);
	if (!err || err == -EIO)
		tun_ring_enter_kick_rx(ring, flags & TUN_RING_ENTER_RX);
	if (flags & TUN_RING_ENTER_TX) {
		atomic64_inc(&ring->tx.count.kicks);
		if (!err || err == -EIO)
			err = tun_ring_enter_kick_tx(ring, err);
	} else if (err == -EIO) {
		err = 0;
	}
	rcu_read_unlock();
	return err;
}

/**
 * tun_ring_enter_write - write(2) of no bytes: kick both rings
 * @q: the queue
 *
 * Return: 0 or a negative errno.
 */
int tun_ring_enter_write(struct tun_queue *q)
{
	struct tun_ring *ring = tun_ring_ref_get(q);
	int err;

	if (!ring)
		return -ENXIO;
	err = tun_ring_enter_kick(ring, q,
				  TUN_RING_ENTER_TX | TUN_RING_ENTER_RX);
	tun_ring_ref_put(ring);
	return err;
}

/*
 * Used receive entries that the user has not consumed. The user may load the
 * used index before the engine sets vr->published, so used_event may be ahead
 * of vr->published.
 */
static u16 tun_ring_enter_entries(const struct tun_ring *ring)
{
	u16 n = tun_ring_poll_unconsumed(ring);

	return n > ring->rx.vq.vr.num ? 0 : n;
}

/* True if an entry is used, or if the state of the rings allows none. */
static bool tun_ring_enter_wait_over(struct tun_ring *ring, struct tun_queue *q)
{
	return tun_ring_enter_entries(ring) || READ_ONCE(ring->broken) ||
	       READ_ONCE(ring->state) == TUN_RING_DEAD ||
	       rcu_access_pointer(q->ring) != ring;
}

static int tun_ring_enter_wait(struct tun_ring *ring, struct tun_queue *q,
			       s64 timeout_ns)
{
	ktime_t timeout = timeout_ns < 0 ? KTIME_MAX : ns_to_ktime(timeout_ns);
	int err;

	err = wait_event_interruptible_hrtimeout(q->socket.wq.wait,
						 tun_ring_enter_wait_over(ring, q),
						 timeout);
	if (err == -ETIME)
		return 0;
	if (err)
		return -EINTR;

	rcu_read_lock();
	err = tun_ring_enter_error(ring, q);
	rcu_read_unlock();
	return err == -EIO ? 0 : err;
}

/*
 * As ppoll(2): the mask is in force while the caller waits. After an
 * interruption the mask stays until the signal handler has run. The kernel then
 * restores the old mask from saved_sigmask.
 */
static int tun_ring_enter_wait_masked(struct tun_ring *ring,
				      struct tun_queue *q, s64 timeout_ns,
				      const sigset_t *mask)
{
	sigset_t set = *mask;
	int err;

	sigdelsetmask(&set, sigmask(SIGKILL) | sigmask(SIGSTOP));
	current->saved_sigmask = current->blocked;
	set_restore_sigmask();
	sigprocmask(SIG_SETMASK, &set, NULL);

	err = tun_ring_enter_wait(ring, q, timeout_ns);

	if (err != -EINTR && test_and_clear_restore_sigmask())
		sigprocmask(SIG_SETMASK, &current->saved_sigmask, NULL);
	return err;
}

static int tun_ring_enter_check(const struct tun_ring_enter *e)
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
 * tun_ring_ioctl_enter - TUNRINGENTER
 * @q: the queue
 * @argp: struct tun_ring_enter of the user
 *
 * Return: number of receive entries that the user has not consumed, or a
 * negative errno.
 */
long tun_ring_ioctl_enter(struct tun_queue *q, void __user *argp)
{
	struct tun_ring_enter e;
	struct tun_ring *ring;
	sigset_t mask;
	long err;

	if (copy_from_user(&e, argp, sizeof(e)))
		return -EFAULT;
	err = tun_ring_enter_check(&e);
	if (err)
		return err;
	if (e.sigmask && copy_from_user(&mask, u64_to_user_ptr(e.sigmask),
					sizeof(mask)))
		return -EFAULT;

	ring = tun_ring_ref_get(q);
	if (!ring)
		return -ENXIO;
	/* a guest's virtqueues open and close one by one, with their memory */
	if (ring->mode == TUN_RING_MODE_GUEST) {
		tun_ring_ref_put(ring);
		return -EBUSY;
	}
	err = tun_ring_enter_kick(ring, q, e.flags);
	if (!err && e.flags & TUN_RING_ENTER_WAIT) {
		if (e.sigmask)
			err = tun_ring_enter_wait_masked(ring, q, e.timeout_ns,
							 &mask);
		else
			err = tun_ring_enter_wait(ring, q, e.timeout_ns);
	}
	if (!err)
		err = tun_ring_enter_entries(ring);
	tun_ring_ref_put(ring);
	return err;
}
