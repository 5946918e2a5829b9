// SPDX-License-Identifier: GPL-2.0
#include "thread.h"

#include "../tun.h"
#include "state.h"

/**
 * tun_thread_create - create a thread that works for the caller on rings
 * @ring: the rings, and the argument of @run
 * @run: the function of the thread; the caller must wake the thread
 *
 * Return: the thread, with a reference, or an ERR_PTR().
 */
struct task_struct *tun_thread_create(struct tun_ring *ring, int (*run)(void *))
{
	struct tun_dev *tun = tun_dev_get(ring->q);
	struct task_struct *task;

	if (!tun)
		return ERR_PTR(-EBADFD);
	task = tun_thread_adopt(kthread_create(run, ring, "tun-%d-%s.%u",
					       task_tgid_nr(current),
					       tun->dev->name, ring->q->index));
	tun_dev_put(tun);
	return IS_ERR(task) ? task : get_task_struct(task);
}
