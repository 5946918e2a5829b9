// SPDX-License-Identifier: GPL-2.0
/*
 * eventfds that were replaced while packet paths may signal them.
 */
#include "replaced.h"

#include <linux/container_of.h>
#include <linux/eventfd.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

/**
 * struct tun_ring_event_replaced - an eventfd that packet paths may still signal
 * @rcu: puts @ctx after a grace period
 * @ctx: the eventfd, with a reference
 */
struct tun_ring_event_replaced {
	struct rcu_head rcu;
	struct eventfd_ctx *ctx;
};

static void tun_ring_event_put_rcu(struct rcu_head *rcu)
{
	struct tun_ring_event_replaced *old =
		container_of(rcu, struct tun_ring_event_replaced, rcu);

	eventfd_ctx_put(old->ctx);
	kfree(old);
}

/**
 * tun_ring_event_put_later - put an eventfd that was replaced
 * @ctx: the eventfd; packet paths do not find @ctx any more, but may still
 *	signal @ctx
 *
 * The function does not wait: a VMM replaces eventfds as often as its guest
 * masks interrupts. Context: process.
 */
void tun_ring_event_put_later(struct eventfd_ctx *ctx)
{
	struct tun_ring_event_replaced *old =
		kmalloc(sizeof(*old), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);

	if (!old) {
		synchronize_rcu();
		eventfd_ctx_put(ctx);
		return;
	}
	old->ctx = ctx;
	call_rcu(&old->rcu, tun_ring_event_put_rcu);
}

/* Wait for the callbacks of tun_ring_event_put_later(), before module exit. */
void tun_ring_event_drain(void)
{
	rcu_barrier();
}
