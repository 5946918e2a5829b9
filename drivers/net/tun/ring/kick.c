// SPDX-License-Identifier: GPL-2.0
/*
 * eventfds of rings: a write to one runs the NAPI instance of the queue, without
 * a thread, if the kernel can reach the rings; else the worker.
 */
#include "state.h"
#include "worker.h"

#include <linux/file.h>

/*
 * The writer holds the lock of the eventfd, with interrupts off: softirqs do
 * not run when it gives that up, so the NAPI is scheduled from an interrupt.
 */
static void run_napi(struct irq_work *work)
{
	struct tun_ring *ring = container_of(work, struct tun_ring, kicked);

	if (READ_ONCE(ring->life) == TUN_RING_LIVE)
		napi_schedule(&ring->tx.napi);
}

static void rx_kicked(struct tun_ring_kick *kick)
{
	struct tun_ring *ring = container_of(kick, struct tun_ring, rx.kick);

	if (tun_ring_has_worker(ring)) {
		tun_ring_worker_kick_rx(ring);
		return;
	}
	set_bit(TUN_RX_KICKED, &ring->rx_due);
	irq_work_queue(&ring->kicked);
}

static void tx_kicked(struct tun_ring_kick *kick)
{
	struct tun_ring *ring = container_of(kick, struct tun_ring, tx.kick);

	atomic64_inc(&ring->tx.kicks);
	if (tun_ring_has_worker(ring)) {
		tun_ring_worker_wake(ring, TUN_WORKER_TX);
		return;
	}
	irq_work_queue(&ring->kicked);
}

static int kick_init(struct tun_ring_kick *kick, int fd,
		     void (*kicked)(struct tun_ring_kick *kick))
{
	struct file *file;

	if (fd < 0)
		return 0;
	file = eventfd_fget(fd);
	if (IS_ERR(file))
		return PTR_ERR(file);
	tun_ring_kick_init(kick, file, kicked);
	return 0;
}

static int call_init(struct eventfd_ctx __rcu **call, int fd)
{
	struct eventfd_ctx *ctx = tun_ring_call_get(fd);

	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	RCU_INIT_POINTER(*call, ctx);
	return 0;
}

/**
 * tun_ring_events - take the eventfds of an attach
 * @ring: new
 * @a: the attach
 *
 * Return: 0, -EBADF or -EINVAL; the caller frees the ring then.
 */
int tun_ring_events(struct tun_ring *ring, const struct tun_ring_attach *a)
{
	int err;

	err = kick_init(&ring->rx.kick, a->rx.kick, rx_kicked);
	if (!err)
		err = kick_init(&ring->tx.kick, a->tx.kick, tx_kicked);
	if (!err)
		err = call_init(&ring->rx.call, a->rx.call);
	if (!err)
		err = call_init(&ring->tx.call, a->tx.call);
	return err;
}

/**
 * tun_ring_set_kick - listen to another eventfd
 * @ring: in service; the ring_mutex of its queue is held
 * @rx: which of the two rings
 * @file: the eventfd; a reference is taken; or NULL
 */
void tun_ring_set_kick(struct tun_ring *ring, bool rx, struct file *file)
{
	struct tun_ring_kick *kick = rx ? &ring->rx.kick : &ring->tx.kick;

	if (kick->file == file)
		return;
	tun_ring_kick_disarm(kick);
	tun_ring_kick_free(kick);
	if (!file)
		return;
	tun_ring_kick_init(kick, get_file(file), rx ? rx_kicked : tx_kicked);
	tun_ring_kick_arm(kick);
}

/* Before the first kick. */
void tun_ring_events_init(struct tun_ring *ring)
{
	init_irq_work(&ring->kicked, run_napi);
}

/* The rings are in service. */
void tun_ring_events_start(struct tun_ring *ring)
{
	tun_ring_kick_arm(&ring->rx.kick);
	tun_ring_kick_arm(&ring->tx.kick);
}

/* When this returns, no eventfd runs the NAPI any more. */
void tun_ring_events_stop(struct tun_ring *ring)
{
	tun_ring_kick_disarm(&ring->rx.kick);
	tun_ring_kick_disarm(&ring->tx.kick);
	/* an eventfd that is no longer ours may have been the last to run it */
	irq_work_sync(&ring->kicked);
}

static void call_free(struct eventfd_ctx __rcu **call)
{
	struct eventfd_ctx *ctx = rcu_dereference_protected(*call, 1);

	if (ctx)
		eventfd_ctx_put(ctx);
}

void tun_ring_events_free(struct tun_ring *ring)
{
	tun_ring_kick_free(&ring->rx.kick);
	tun_ring_kick_free(&ring->tx.kick);
	call_free(&ring->rx.call);
	call_free(&ring->tx.call);
	call_free(&ring->rx.err);
	call_free(&ring->tx.err);
}
