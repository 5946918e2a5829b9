// SPDX-License-Identifier: GPL-2.0
/*
 * Creates a vringfd, counts its references, and frees it.
 */
#include "life.h"

#include <linux/export.h>
#include <linux/file.h>
#include <linux/log2.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "../ring/mem/pinned.h"
#include "../ring/mem/regions.h"
#include "file.h"
#include "state.h"
#include "vringfd.h"

static struct workqueue_struct *frees;

static void vringfd_free(struct work_struct *work)
{
	struct vringfd *vr = container_of(work, struct vringfd, free);

	tun_pin_release(&vr->pin_ring);
	tun_pin_release(&vr->pin_idx);
	tun_pin_release(&vr->pin_last);
	tun_regions_put((struct tun_regions *)
			rcu_access_pointer(vr->vq.regions));
	mmdrop(vr->mm);
	kfree(vr);
}

/*
 * A packet may put the last reference in a context that cannot sleep. Unpinning
 * sleeps, so a work item unpins the memory.
 */
static void vringfd_release(struct kref *ref)
{
	struct vringfd *vr = container_of(ref, struct vringfd, ref);

	INIT_WORK(&vr->free, vringfd_free);
	vringfd_life_queue(&vr->free);
}

/* Run a work item that vringfd_life_exit() waits for. Context: any. */
void vringfd_life_queue(struct work_struct *work)
{
	queue_work(frees, work);
}

/**
 * vringfd_put - put a reference
 * @vr: the ring
 *
 * Context: any.
 */
void vringfd_put(struct vringfd *vr)
{
	kref_put(&vr->ref, vringfd_release);
}
EXPORT_SYMBOL_GPL(vringfd_put);

/**
 * vringfd_get - the ring of a file descriptor of the caller
 * @fd: the descriptor
 *
 * The file may be closed before the reference is put.
 *
 * Return: the ring, with a reference; -EBADF; or -EINVAL for another kind of
 * file.
 */
struct vringfd *vringfd_get(int fd)
{
	struct vringfd *vr = ERR_PTR(-EINVAL);
	struct file *file = fget(fd);

	if (!file)
		return ERR_PTR(-EBADF);
	if (file->f_op == &vringfd_fops) {
		vr = file->private_data;
		kref_get(&vr->ref);
	}
	fput(file);
	return vr;
}
EXPORT_SYMBOL_GPL(vringfd_get);

/**
 * vringfd_set_region - set the memory in which buffers lie
 * @vr: the ring
 * @base: user address of a descriptor with address 0
 * @limit: each byte of a buffer must have an address below this one, as the
 *	descriptor has it
 *
 * All readers of the region hold @vr->lock.
 */
void vringfd_set_region(struct vringfd *vr, unsigned long base,
			unsigned long limit)
{
	struct tun_regions *regions;
	struct tun_region *r;

	lockdep_assert_held(&vr->lock);

	regions = (struct tun_regions *)
		  rcu_dereference_protected(vr->vq.regions,
					    lockdep_is_held(&vr->lock));
	r = &regions->region[0];
	vr->base = base;
	vr->limit = limit;
	r->base = (void *)base;
	/*
	 * No address overflows. Each access checks that the address belongs to
	 * user space.
	 */
	r->len = min(limit, ULONG_MAX - base);
}

static int vringfd_regions_new(struct vringfd *vr)
{
	struct tun_regions *regions;

	regions = tun_regions_alloc(1);
	if (!regions)
		return -ENOMEM;
	RCU_INIT_POINTER(vr->vq.regions, regions);
	mutex_lock(&vr->lock);
	vringfd_set_region(vr, 0, ULONG_MAX);
	mutex_unlock(&vr->lock);
	return 0;
}

/* Pin the words that poll reads, and set the addresses of the ring. */
static int vringfd_set_memory(struct vringfd *vr,
			      const struct vringfd_create *args)
{
	struct vring ring;
	void *p;
	int err;

	if (args->addr > ULONG_MAX ||
	    !access_ok((void __user *)(unsigned long)args->addr,
		       vring_size(args->num, PAGE_SIZE) + PAGE_SIZE))
		return -EFAULT;
	vring_init(&ring, args->num, (void *)vr->addr, PAGE_SIZE);
	vr->vq.vr.desc = ring.desc;
	vr->vq.vr.avail = ring.avail;
	vr->vq.vr.used = ring.used;
	err = tun_pin_user(&vr->pin_last, args->last_used, sizeof(u16), &p);
	if (err)
		return err;
	vr->last_used = p;
	err = tun_pin_user(&vr->pin_idx, (unsigned long)&ring.used->idx,
			   sizeof(__virtio16), &p);
	if (err)
		return err;
	vr->used_idx = p;
	return 0;
}

static int vringfd_check_args(const struct vringfd_create *args)
{
	if (!is_power_of_2(args->num) || args->num > VRINGFD_MAX_ENTRIES)
		return -EINVAL;
	if (args->addr % VRING_DESC_ALIGN_SIZE ||
	    args->last_used % sizeof(u16))
		return -EINVAL;
	return args->flags || args->reserved ? -EINVAL : 0;
}

/**
 * vringfd_new - create a ring in the caller's memory
 * @args: argument of VRINGFDCREATE
 *
 * Return: the ring, with one reference, or an ERR_PTR().
 */
struct vringfd *vringfd_new(const struct vringfd_create *args)
{
	struct vringfd *vr;
	int err = vringfd_check_args(args);

	if (err)
		return ERR_PTR(err);
	vr = kzalloc(sizeof(*vr), GFP_KERNEL_ACCOUNT);
	if (!vr)
		return ERR_PTR(-ENOMEM);
	kref_init(&vr->ref);
	mutex_init(&vr->lock);
	mutex_init(&vr->attach_lock);
	spin_lock_init(&vr->used_lock);
	init_waitqueue_head(&vr->wait);
	mmgrab(current->mm);
	vr->mm = current->mm;
	vr->vq.lock = &vr->lock;
	vr->addr = args->addr;
	tun_vring_init(&vr->vq.vr, args->num, false, false);
	err = vringfd_regions_new(vr);
	if (!err)
		err = vringfd_set_memory(vr, args);
	if (err) {
		vringfd_put(vr);
		return ERR_PTR(err);
	}
	return vr;
}

int vringfd_life_init(void)
{
	frees = alloc_workqueue("vringfd", WQ_UNBOUND, 0);
	return frees ? 0 : -ENOMEM;
}

/* On return, all rings without a reference are freed. */
void vringfd_life_exit(void)
{
	destroy_workqueue(frees);
}
