// SPDX-License-Identifier: GPL-2.0
/*
 * Locked memory (RLIMIT_MEMLOCK) of a user whose pages are pinned.
 *
 * The count belongs to the mm, under its mmap_lock. The owner of the memory can
 * hold that lock for as long as a file system leaves a page fault unanswered. So
 * nobody but the owner waits for the lock: others try, and a work item tries
 * again later.
 */
#include "locked.h"

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rwsem.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#define RETRY	(HZ / 20)

/**
 * struct tun_ring_locked - pages that are still counted
 * @work: tries to uncharge them
 * @mm: mm to which they were charged, one reference
 * @pages: number of pages
 */
struct tun_ring_locked {
	struct delayed_work work;
	struct mm_struct *mm;
	unsigned long pages;
};

static struct workqueue_struct *retries;

/* Bytes of the memory that tun_ring_locked_uncharge() needs. */
size_t tun_ring_locked_bytes(void)
{
	return sizeof(struct tun_ring_locked);
}

/* New kernels have no mmap_write_trylock(). No VMA changes here. */
static bool tun_ring_locked_try(struct mm_struct *mm, unsigned long pages)
{
	if (!down_write_trylock(&mm->mmap_lock))
		return false;
	__account_locked_vm(mm, pages, false, current, true);
	up_write(&mm->mmap_lock);
	return true;
}

static void tun_ring_locked_retry(struct work_struct *work)
{
	struct tun_ring_locked *l = container_of(to_delayed_work(work),
						 struct tun_ring_locked, work);

	if (!tun_ring_locked_try(l->mm, l->pages)) {
		queue_delayed_work(retries, &l->work, RETRY);
		return;
	}
	mmdrop(l->mm);
	kvfree(l);
	/* tun_ring_locked_exit() waits for the rest of this function */
	module_put(THIS_MODULE);
}

/**
 * tun_ring_locked_uncharge - pages are not pinned any more
 * @mm: mm to which account_locked_vm() charged them; its reference is put
 * @pages: number of pages
 * @mem: tun_ring_locked_bytes() or more, of kvmalloc(); freed. May be NULL if the
 *	caller is the owner
 *
 * Context: process, may sleep; mmap_lock is not held.
 */
void tun_ring_locked_uncharge(struct mm_struct *mm, unsigned long pages,
			      void *mem)
{
	struct tun_ring_locked *l = mem;

	if (current->mm == mm) {
		account_locked_vm(mm, pages, false);
	} else if (!tun_ring_locked_try(mm, pages)) {
		__module_get(THIS_MODULE);
		INIT_DELAYED_WORK(&l->work, tun_ring_locked_retry);
		l->mm = mm;
		l->pages = pages;
		queue_delayed_work(retries, &l->work, RETRY);
		return;
	}
	mmdrop(mm);
	kvfree(mem);
}

static int __init tun_ring_locked_init(void)
{
	retries = alloc_workqueue("vring_locked", WQ_UNBOUND, 0);
	return retries ? 0 : -ENOMEM;
}

/* No pages are counted: each work item holds the module. */
static void __exit tun_ring_locked_exit(void)
{
	destroy_workqueue(retries);
}

module_init(tun_ring_locked_init);
module_exit(tun_ring_locked_exit);
