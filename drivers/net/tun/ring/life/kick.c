// SPDX-License-Identifier: GPL-2.0
/*
 * eventfds of rings: a write to a kick eventfd runs the server of the rings.
 */
#include "kick.h"

#include <linux/file.h>

#include "../event/eventfd.h"
#include "../state.h"
#include "../tx/sndbuf.h"

/* Context: hard interrupt, see tun_ring_kick_init(). */
static void tun_ring_kick_run_napi(struct irq_work *work)
{
	struct tun_ring *ring = container_of(work, struct tun_ring, kicked);

	/* this has no effect on a disabled NAPI instance */
	napi_schedule(&ring->tx.napi);
}

static void tun_ring_kick_rx(struct tun_ring_kickfd *kick)
{
	struct tun_ring *ring = container_of(kick, struct tun_ring, rx.kick);

	READ_ONCE(ring->server)->kickfd_rx(ring);
}

static void tun_ring_kick_tx(struct tun_ring_kickfd *kick)
{
	struct tun_ring *ring = container_of(kick, struct tun_ring, tx.kick);

	atomic64_inc(&ring->tx.count.kicks);
	READ_ONCE(ring->server)->kickfd_tx(ring);
}

/**
 * tun_ring_kick_space - run a server that waits for TUNSETSNDBUF's limit
 * @q: the queue; the stack has freed packets, or the limit has changed
 *
 * Context: any.
 */
void tun_ring_kick_space(struct tun_queue *q)
{
	struct tun_ring *ring;

	rcu_read_lock();
	ring = rcu_dereference(q->ring);
	if (ring) {
		/*
		 * I: lower sk_wmem_alloc before the load of the flag; matches H
		 */
		smp_mb();
		if (READ_ONCE(ring->tx.wait_space) &&
		    tun_ring_tx_has_space(ring) &&
		    xchg(&ring->tx.wait_space, false))
			READ_ONCE(ring->server)->kickfd_tx(ring);
	}
	rcu_read_unlock();
}

static int tun_ring_kick_get(struct tun_ring_kickfd *kick, int fd,
			     void (*kicked)(struct tun_ring_kickfd *kick))
{
	struct file *file;

	if (fd < 0)
		return 0;
	file = eventfd_fget(fd);
	if (IS_ERR(file))
		return PTR_ERR(file);
	tun_ring_eventfd_init(kick, file, kicked);
	return 0;
}

static int tun_ring_kick_call_init(struct eventfd_ctx __rcu **call, int fd)
{
	struct eventfd_ctx *ctx = tun_ring_eventfd_get(fd);

	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	RCU_INIT_POINTER(*call, ctx);
	return 0;
}

/**
 * tun_ring_kick_attach - get the eventfds of TUNRINGATTACH
 * @ring: new rings
 * @a: argument of TUNRINGATTACH
 *
 * Return: 0, -EBADF or -EINVAL. After an error the caller frees the rings.
 */
int tun_ring_kick_attach(struct tun_ring *ring, const struct tun_ring_attach *a)
{
	int err;

	err = tun_ring_kick_get(&ring->rx.kick, a->rx.kick, tun_ring_kick_rx);
	if (!err)
		err = tun_ring_kick_get(&ring->tx.kick, a->tx.kick,
					tun_ring_kick_tx);
	if (!err)
		err = tun_ring_kick_call_init(&ring->rx.call, a->rx.call);
	if (!err)
		err = tun_ring_kick_call_init(&ring->tx.call, a->tx.call);
	return err;
}

/**
 * tun_ring_kick_set - replace the kick eventfd of one ring
 * @ring: rings in service; the ring_mutex of their queue is held
 * @rx: true for the receive ring, false for the transmit ring
 * @file: the eventfd, or NULL for none; a reference is taken
 */
void tun_ring_kick_set(struct tun_ring *ring, bool rx, struct file *file)
{
	struct tun_ring_kickfd *kick = rx ? &ring->rx.kick : &ring->tx.kick;

	lockdep_assert_held(&ring->q->ring_mutex);

	if (kick->file == file)
		return;
	tun_ring_eventfd_disarm(kick);
	tun_ring_eventfd_free(kick);
	if (!file)
		return;
	tun_ring_eventfd_init(kick, get_file(file),
			      rx ? tun_ring_kick_rx : tun_ring_kick_tx);
	tun_ring_eventfd_arm(kick);
}

/*
 * Call this before the first kick. By default PREEMPT_RT runs an irq_work in a
 * thread. There a softirq that napi_schedule() raises may wait for the next
 * tick, so this irq_work runs in the interrupt.
 */
void tun_ring_kick_init(struct tun_ring *ring)
{
	ring->kicked = IRQ_WORK_INIT_HARD(tun_ring_kick_run_napi);
}

/* Arm the kick eventfds of rings that are in service. */
void tun_ring_kick_start(struct tun_ring *ring)
{
	tun_ring_eventfd_arm(&ring->rx.kick);
	tun_ring_eventfd_arm(&ring->tx.kick);
}

/*
 * Process the entries of new rings: the user need not kick for entries that are
 * available already.
 */
void tun_ring_kick_new(struct tun_ring *ring)
{
	rcu_read_lock();
	ring->server->kick_tx(ring);
	rcu_read_unlock();
}

/* After the return, no eventfd runs the server any more. */
void tun_ring_kick_stop(struct tun_ring *ring)
{
	tun_ring_eventfd_disarm(&ring->rx.kick);
	tun_ring_eventfd_disarm(&ring->tx.kick);
	/* an eventfd that was replaced before may have queued the irq_work */
	irq_work_sync(&ring->kicked);
}

static void tun_ring_kick_call_free(struct eventfd_ctx __rcu **call)
{
	struct eventfd_ctx *ctx = rcu_access_pointer(*call);

	if (ctx)
		eventfd_ctx_put(ctx);
}

void tun_ring_kick_free(struct tun_ring *ring)
{
	/* tun_ring_switch_attach() may have queued the irq_work last */
	irq_work_sync(&ring->kicked);
	tun_ring_eventfd_free(&ring->rx.kick);
	tun_ring_eventfd_free(&ring->tx.kick);
	tun_ring_kick_call_free(&ring->rx.call);
	tun_ring_kick_call_free(&ring->tx.call);
	tun_ring_kick_call_free(&ring->rx.err);
	tun_ring_kick_call_free(&ring->tx.err);
}
