// SPDX-License-Identifier: GPL-2.0
#include "eventfd.h"

#include <linux/file.h>
#include <linux/rcupdate.h>

#include "../state.h"

static int tun_ring_eventfd_wake(wait_queue_entry_t *wait, unsigned int mode,
				 int sync, void *key)
{
	struct tun_ring_kickfd *kick =
		container_of(wait, struct tun_ring_kickfd, wait);

	if (key_to_poll(key) & EPOLLIN)
		kick->kicked(kick);
	return 0;
}

static void tun_ring_eventfd_queue(struct file *file, wait_queue_head_t *head,
				   poll_table *table)
{
	struct tun_ring_kickfd *kick =
		container_of(table, struct tun_ring_kickfd, table);

	kick->head = head;
	add_wait_queue(head, &kick->wait);
}

/**
 * tun_ring_eventfd_init - prepare to listen to an eventfd
 * @kick: to be filled in
 * @file: the eventfd; the caller's reference becomes the kick's
 * @kicked: called for each write to the eventfd, with interrupts off
 *
 * The driver never reads the eventfd, which may have other writers and other
 * listeners.
 */
void tun_ring_eventfd_init(struct tun_ring_kickfd *kick, struct file *file,
			   void (*kicked)(struct tun_ring_kickfd *kick))
{
	kick->file = file;
	kick->kicked = kicked;
	init_poll_funcptr(&kick->table, tun_ring_eventfd_queue);
	init_waitqueue_func_entry(&kick->wait, tun_ring_eventfd_wake);
}

/* Listen to the eventfd. An earlier write counts as a kick. */
void tun_ring_eventfd_arm(struct tun_ring_kickfd *kick)
{
	if (!kick->file || kick->head)
		return;
	if (vfs_poll(kick->file, &kick->table) & EPOLLIN) {
		local_irq_disable();
		kick->kicked(kick);
		local_irq_enable();
	}
}

/* After the return, kicked() does not run until the kick is armed again. */
void tun_ring_eventfd_disarm(struct tun_ring_kickfd *kick)
{
	if (!kick->head)
		return;
	remove_wait_queue(kick->head, &kick->wait);
	kick->head = NULL;
}

/* The caller has disarmed the kick. */
void tun_ring_eventfd_free(struct tun_ring_kickfd *kick)
{
	if (kick->file)
		fput(kick->file);
	kick->file = NULL;
}

/* Return: eventfd @fd with a reference, NULL for @fd < 0, or an ERR_PTR(). */
struct eventfd_ctx *tun_ring_eventfd_get(int fd)
{
	return fd < 0 ? NULL : eventfd_ctx_fdget(fd);
}

/**
 * tun_ring_eventfd_signal - signal an eventfd
 * @call: the eventfd, or NULL; the caller is inside rcu_read_lock()
 */
void tun_ring_eventfd_signal(struct eventfd_ctx __rcu **call)
{
	struct eventfd_ctx *ctx = rcu_dereference(*call);

	if (ctx)
		eventfd_signal(ctx);
}
