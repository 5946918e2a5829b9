// SPDX-License-Identifier: GPL-2.0
/*
 * The vhost ioctls: what is said of the whole, and whose they are.
 */
#include "vhost.h"

#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/overflow.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vhost.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>

#include "../tun.h"
#include "guest.h"
#include "ring.h"
#include "state.h"

#define FEATURES	(BIT_ULL(VIRTIO_F_VERSION_1) |			\
			 BIT_ULL(VIRTIO_F_NOTIFY_ON_EMPTY) |		\
			 BIT_ULL(VIRTIO_RING_F_EVENT_IDX) |		\
			 BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC) |		\
			 BIT_ULL(VIRTIO_NET_F_MRG_RXBUF) |		\
			 BIT_ULL(VHOST_F_LOG_ALL) |			\
			 BIT_ULL(VHOST_NET_F_VIRTIO_NET_HDR))

static long get_features(struct tun_vhost *vh, void __user *argp)
{
	u64 features = FEATURES;

	return copy_to_user(argp, &features, sizeof(features)) ? -EFAULT : 0;
}

/* What is negotiated counts from the next start; logging, at once. */
static long set_features(struct tun_vhost *vh, void __user *argp)
{
	u64 features;
	unsigned int i;
	int err;

	if (copy_from_user(&features, argp, sizeof(features)))
		return -EFAULT;
	if (features & ~FEATURES)
		return -EOPNOTSUPP;
	if (features & BIT_ULL(VHOST_F_LOG_ALL) && !vh->log_bitmap)
		return -EFAULT;
	vh->features = features;
	for (i = 0; i < TUN_VHOST_VQS; i++) {
		err = tun_guest_update(vh, i);
		if (err)
			return err;
	}
	return 0;
}

static long get_backend_features(struct tun_vhost *vh, void __user *argp)
{
	u64 features = 0;

	return copy_to_user(argp, &features, sizeof(features)) ? -EFAULT : 0;
}

static long set_backend_features(struct tun_vhost *vh, void __user *argp)
{
	u64 features;

	if (copy_from_user(&features, argp, sizeof(features)))
		return -EFAULT;
	return features ? -EOPNOTSUPP : 0;
}

/* The regions of both ABIs look alike. Return: the table, or an ERR_PTR(). */
static struct tun_regions *read_mem_table(void __user *argp)
{
	struct tun_ring_region *array;
	struct tun_regions *regions;
	struct vhost_memory head;
	u32 i;

	BUILD_BUG_ON(sizeof(struct vhost_memory_region) != sizeof(*array));
	if (copy_from_user(&head, argp, sizeof(head)))
		return ERR_PTR(-EFAULT);
	if (head.padding)
		return ERR_PTR(-EOPNOTSUPP);
	if (head.nregions > TUN_RING_MAX_REGIONS)
		return ERR_PTR(-E2BIG);
	array = memdup_user(argp + sizeof(head),
			    array_size(head.nregions, sizeof(*array)));
	if (IS_ERR(array))
		return ERR_CAST(array);
	for (i = 0; i < head.nregions; i++) {
		struct vhost_memory_region r;

		memcpy(&r, &array[i], sizeof(r));
		array[i].addr = r.guest_phys_addr;
		array[i].len = r.memory_size;
		array[i].user = r.userspace_addr;
		array[i].reserved = 0;
	}
	regions = tun_regions_of_user(array, head.nregions, false);
	kfree(array);
	return regions;
}

/* Waits until nobody is in the old table. */
static long set_mem_table(struct tun_vhost *vh, void __user *argp)
{
	struct tun_regions *regions = read_mem_table(argp);
	int err;

	if (IS_ERR(regions))
		return PTR_ERR(regions);
	err = tun_guest_set_regions(vh, regions);
	if (err) {
		tun_regions_put(regions);
		return err;
	}
	tun_regions_put(vh->regions);
	vh->regions = regions;
	return 0;
}

static long set_log_base(struct tun_vhost *vh, void __user *argp)
{
	u64 base;
	int err;

	if (copy_from_user(&base, argp, sizeof(base)))
		return -EFAULT;
	if (base > ULONG_MAX || !access_ok(u64_to_user_ptr(base), 1))
		return -EFAULT;
	vh->log_bitmap = u64_to_user_ptr(base);
	err = tun_guest_update(vh, TUN_VHOST_RX);
	return err ?: tun_guest_update(vh, TUN_VHOST_TX);
}

static long set_log_fd(struct tun_vhost *vh, void __user *argp)
{
	struct file *file = NULL, *old = vh->log_call;
	int fd, err;

	if (copy_from_user(&fd, argp, sizeof(fd)))
		return -EFAULT;
	if (fd >= 0)
		file = eventfd_fget(fd);
	if (IS_ERR(file))
		return PTR_ERR(file);
	vh->log_call = file;
	err = tun_guest_update(vh, TUN_VHOST_RX);
	if (!err)
		err = tun_guest_update(vh, TUN_VHOST_TX);
	if (old)
		fput(old);
	return err;
}

/* @now: see tun_guest_stop() */
static void forget(struct tun_vhost *vh, bool now)
{
	unsigned int i;

	for (i = 0; i < TUN_VHOST_VQS; i++) {
		struct tun_vhost_vq *vq = &vh->vq[i];

		tun_guest_stop(vh, i, now);
		if (vq->kick)
			fput(vq->kick);
		if (vq->call)
			fput(vq->call);
		if (vq->err)
			fput(vq->err);
	}
	if (vh->log_call)
		fput(vh->log_call);
	tun_regions_put(vh->regions);
	if (vh->mm)
		mmdrop(vh->mm);
	vh->mm = NULL;
	vh->features = 0;
	vh->regions = NULL;
	vh->log_bitmap = NULL;
	vh->log_call = NULL;
	memset(vh->vq, 0, sizeof(vh->vq));
}

static bool owner_lives(const struct tun_vhost *vh)
{
	return vh->mm && atomic_read(&vh->mm->mm_users);
}

/* Of an owner that has died, nothing is left to be careful with. */
static long set_owner(struct tun_vhost *vh, void __user *argp)
{
	if (owner_lives(vh))
		return -EBUSY;
	forget(vh, true);
	vh->mm = current->mm;
	mmgrab(vh->mm);
	return 0;
}

static long reset_owner(struct tun_vhost *vh, void __user *argp)
{
	forget(vh, false);
	return 0;
}

/**
 * struct vhost_op - one ioctl
 * @cmd: its number
 * @anybody: needs no owner
 * @fn: serves it, under tun_vhost.lock
 */
struct vhost_op {
	unsigned int cmd;
	bool anybody;
	long (*fn)(struct tun_vhost *vh, void __user *argp);
};

static const struct vhost_op vhost_ops[] = {
	{ VHOST_SET_OWNER,		true,	set_owner },
	{ VHOST_GET_FEATURES,		true,	get_features },
	{ VHOST_GET_BACKEND_FEATURES,	true,	get_backend_features },
	{ VHOST_RESET_OWNER,		false,	reset_owner },
	{ VHOST_SET_FEATURES,		false,	set_features },
	{ VHOST_SET_BACKEND_FEATURES,	false,	set_backend_features },
	{ VHOST_SET_MEM_TABLE,		false,	set_mem_table },
	{ VHOST_SET_LOG_BASE,		false,	set_log_base },
	{ VHOST_SET_LOG_FD,		false,	set_log_fd },
	{ VHOST_SET_VRING_NUM,		false,	tun_vhost_set_num },
	{ VHOST_SET_VRING_BASE,		false,	tun_vhost_set_base },
	{ VHOST_GET_VRING_BASE,		false,	tun_vhost_get_base },
	{ VHOST_SET_VRING_ADDR,		false,	tun_vhost_set_addr },
	{ VHOST_SET_VRING_KICK,		false,	tun_vhost_set_kick },
	{ VHOST_SET_VRING_CALL,		false,	tun_vhost_set_call },
	{ VHOST_SET_VRING_ERR,		false,	tun_vhost_set_err },
	{ VHOST_SET_VRING_ENDIAN,	false,	tun_vhost_set_endian },
	{ VHOST_GET_VRING_ENDIAN,	false,	tun_vhost_get_endian },
	{ VHOST_SET_VRING_BUSYLOOP_TIMEOUT, false, tun_vhost_set_busyloop },
	{ VHOST_GET_VRING_BUSYLOOP_TIMEOUT, false, tun_vhost_get_busyloop },
	{ VHOST_NET_SET_BACKEND,	false,	tun_vhost_set_backend },
};

static struct tun_vhost *vhost_of(struct tun_queue *q)
{
	struct tun_vhost *vh = READ_ONCE(q->vhost), *old;

	if (vh)
		return vh;
	vh = kzalloc(sizeof(*vh), GFP_KERNEL_ACCOUNT);
	if (!vh)
		return NULL;
	mutex_init(&vh->lock);
	old = cmpxchg(&q->vhost, NULL, vh);
	if (old)
		kfree(vh);
	return old ?: vh;
}

static long call(struct tun_vhost *vh, const struct vhost_op *op,
		 void __user *argp)
{
	long ret;

	if (mutex_lock_interruptible(&vh->lock))
		return -EINTR;
	if (!op->anybody && vh->mm != current->mm)
		ret = -EPERM;
	else
		ret = op->fn(vh, argp);
	mutex_unlock(&vh->lock);
	return ret;
}

/* Is it for tun_vhost_ioctl()? */
bool tun_ring_is_vhost_cmd(unsigned int cmd)
{
	return _IOC_TYPE(cmd) == VHOST_VIRTIO;
}

/**
 * tun_vhost_ioctl - the vhost ioctls
 * @q: the open file; it need not have a device
 * @cmd: one of type VHOST_VIRTIO
 * @argp: the user's argument
 *
 * Return: as on /dev/vhost-net; -ENOIOCTLCMD for what is not known.
 */
long tun_vhost_ioctl(struct tun_queue *q, unsigned int cmd, void __user *argp)
{
	struct tun_vhost *vh;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vhost_ops); i++) {
		if (vhost_ops[i].cmd != cmd)
			continue;
		vh = vhost_of(q);
		return vh ? call(vh, &vhost_ops[i], argp) : -ENOMEM;
	}
	return -ENOIOCTLCMD;
}

/* The file has gone. */
void tun_vhost_close(struct tun_queue *q)
{
	struct tun_vhost *vh = q->vhost;

	if (!vh)
		return;
	mutex_lock(&vh->lock);
	forget(vh, true);
	mutex_unlock(&vh->lock);
	q->vhost = NULL;
	kfree(vh);
}
