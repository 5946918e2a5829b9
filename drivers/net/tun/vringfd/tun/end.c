// SPDX-License-Identifier: GPL-2.0
#include "end.h"

#include <linux/module.h>
#include <linux/slab.h>

#include "../../tun.h"
#include "../core/calls.h"
#include "../vringfd.h"

static void tun_vring_end_free_rcu(struct rcu_head *rcu)
{
	struct tun_vring_end *end = container_of(rcu, struct tun_vring_end, rcu);

	end->calls->put(end->vr);
	vringfd_calls_put(end->calls);
	kfree(end);
	module_put(THIS_MODULE);
}

static void tun_vring_end_release(struct kref *ref)
{
	struct tun_vring_end *end = container_of(ref, struct tun_vring_end, ref);

	/* The caller may run code of tun.ko in an RCU section. The module must
	 * stay until the caller has left.
	 */
	call_rcu(&end->rcu, tun_vring_end_free_rcu);
}

/* Context: any, inside rcu_read_lock() if nothing else holds the module. */
void tun_vring_end_put(struct tun_vring_end *end)
{
	kref_put(&end->ref, tun_vring_end_release);
}

/* Wait until RCU has called all tun_vring_end_free_rcu(). */
void tun_vrings_exit(void)
{
	rcu_barrier();
}

/* The struct holds vringfd.ko until tun_vring_end_free_rcu(). Return: the
 * struct, or an ERR_PTR().
 */
struct tun_vring_end *tun_vring_end_new(struct tun_queue *q,
					enum tun_vrings_direction dir, int fd,
					wait_queue_func_t wake)
{
	const struct vringfd_calls *calls = vringfd_calls_get();
	struct tun_vring_end *end;
	struct vringfd *vr;

	/* Without vringfd.ko no file is a vringfd. */
	if (!calls)
		return ERR_PTR(-EINVAL);
	vr = calls->get(fd);
	if (IS_ERR(vr)) {
		vringfd_calls_put(calls);
		return ERR_CAST(vr);
	}
	end = kzalloc(sizeof(*end), GFP_KERNEL_ACCOUNT);
	if (!end) {
		calls->put(vr);
		vringfd_calls_put(calls);
		return ERR_PTR(-ENOMEM);
	}
	__module_get(THIS_MODULE);
	kref_init(&end->ref);
	mutex_init(&end->lock);
	end->calls = calls;
	end->vr = vr;
	end->q = q;
	end->dir = dir;
	init_waitqueue_func_entry(&end->wait, wake);
	return end;
}
