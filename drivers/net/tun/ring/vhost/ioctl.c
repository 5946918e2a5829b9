// SPDX-License-Identifier: GPL-2.0
/*
 * The vhost ioctls: owner and dispatch.
 */
#include "ioctl.h"

#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/nospec.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vhost.h>
#include <linux/if_tun_ring.h>

#include "../../tun.h"
#include "../mem/regions.h"
#include "backend.h"
#include "features.h"
#include "mem.h"
#include "virtqueue.h"
#include "vring.h"

/* @now: see tun_vhost_stop() */
static void tun_vhost_reset(struct tun_vhost *vh, bool now)
{
	unsigned int i;

	for (i = 0; i < TUN_VHOST_VQS; i++) {
		struct tun_vhost_vq *vq = &vh->vq[i];

		tun_vhost_stop(vh, i, now);
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
	tun_regions_put(vh->pinned);
	if (vh->mm)
		mmdrop(vh->mm);
	vh->mm = NULL;
	memset(vh->features, 0, sizeof(vh->features));
	vh->regions = NULL;
	vh->pinned = NULL;
	vh->log_bitmap = NULL;
	vh->log_call = NULL;
	memset(vh->vq, 0, sizeof(vh->vq));
}

static bool tun_vhost_owner_lives(const struct tun_vhost *vh)
{
	return vh->mm && atomic_read(&vh->mm->mm_users);
}

/*
 * A new owner may replace an owner that has died. The reset does not wait for
 * page faults, because a dead owner answers none.
 */
static long tun_vhost_set_owner(struct tun_vhost *vh, void __user *argp)
{
	if (tun_vhost_owner_lives(vh))
		return -EBUSY;
	tun_vhost_reset(vh, true);
	vh->mm = current->mm;
	mmgrab(vh->mm);
	return 0;
}

static long tun_vhost_reset_owner(struct tun_vhost *vh, void __user *argp)
{
	tun_vhost_reset(vh, false);
	return 0;
}

/**
 * struct tun_vhost_op - one ioctl, called under tun_vhost.lock
 * @cmd: number of the ioctl
 * @anybody: the caller need not be the owner
 * @fn: handler of an ioctl for the whole device
 * @vring: handler of an ioctl for one virtqueue
 * @answers: @vring changes its argument for the user
 */
struct tun_vhost_op {
	unsigned int cmd;
	bool anybody;
	long (*fn)(struct tun_vhost *vh, void __user *argp);
	int (*vring)(struct tun_vhost *vh, union tun_vhost_arg *arg);
	bool answers;
};

static_assert(offsetof(struct vhost_vring_state, index) == 0);
static_assert(offsetof(struct vhost_vring_file, index) == 0);
static_assert(offsetof(struct vhost_vring_addr, index) == 0);

#define VRING_OP(name, fn_)	{ .cmd = name, .vring = fn_ }
#define VRING_ANSWER(name, fn_)	{ .cmd = name, .vring = fn_, .answers = true }

static const struct tun_vhost_op vhost_ops[] = {
	{VHOST_SET_OWNER, true, tun_vhost_set_owner},
	{VHOST_GET_FEATURES, true, tun_vhost_get_features},
	{VHOST_GET_BACKEND_FEATURES, true, tun_vhost_get_backend_features},
	{VHOST_RESET_OWNER, false, tun_vhost_reset_owner},
	{VHOST_SET_FEATURES, false, tun_vhost_set_features},
	{VHOST_SET_BACKEND_FEATURES, false, tun_vhost_set_backend_features},
	{VHOST_SET_MEM_TABLE, false, tun_vhost_set_mem_table},
	{VHOST_SET_LOG_BASE, false, tun_vhost_set_log_base},
	{VHOST_SET_LOG_FD, false, tun_vhost_set_log_fd},
#ifdef VHOST_GET_FEATURES_ARRAY
	{VHOST_GET_FEATURES_ARRAY, true, tun_vhost_get_features_array},
	{VHOST_SET_FEATURES_ARRAY, false, tun_vhost_set_features_array},
#endif
	VRING_OP(VHOST_SET_VRING_NUM, tun_vhost_set_num),
	VRING_OP(VHOST_SET_VRING_BASE, tun_vhost_set_base),
	VRING_ANSWER(VHOST_GET_VRING_BASE, tun_vhost_get_base),
	VRING_OP(VHOST_SET_VRING_ADDR, tun_vhost_set_addr),
	VRING_OP(VHOST_SET_VRING_KICK, tun_vhost_set_kick),
	VRING_OP(VHOST_SET_VRING_CALL, tun_vhost_set_call),
	VRING_OP(VHOST_SET_VRING_ERR, tun_vhost_set_err),
	VRING_OP(VHOST_SET_VRING_ENDIAN, tun_vhost_set_endian),
	VRING_ANSWER(VHOST_GET_VRING_ENDIAN, tun_vhost_get_endian),
	VRING_OP(VHOST_SET_VRING_BUSYLOOP_TIMEOUT, tun_vhost_set_busyloop),
	VRING_ANSWER(VHOST_GET_VRING_BUSYLOOP_TIMEOUT, tun_vhost_get_busyloop),
	VRING_OP(VHOST_NET_SET_BACKEND, tun_vhost_set_backend),
};

static struct tun_vhost *tun_vhost_of(struct tun_queue *q)
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

static long tun_vhost_call_vring(struct tun_vhost *vh,
				 const struct tun_vhost_op *op,
				 void __user *argp)
{
	size_t size = _IOC_SIZE(op->cmd);
	union tun_vhost_arg arg;
	int err;

	if (WARN_ON_ONCE(size > sizeof(arg)))
		return -EINVAL;
	if (copy_from_user(&arg, argp, size))
		return -EFAULT;
	if (arg.index >= TUN_VHOST_VQS)
		return -ENOBUFS;
	arg.index = array_index_nospec(arg.index, TUN_VHOST_VQS);
	err = op->vring(vh, &arg);
	if (!err && op->answers && copy_to_user(argp, &arg, size))
		err = -EFAULT;
	return err;
}

static long tun_vhost_call(struct tun_vhost *vh, const struct tun_vhost_op *op,
			   void __user *argp)
{
	long ret;

	if (mutex_lock_interruptible(&vh->lock))
		return -EINTR;
	if (!op->anybody && vh->mm != current->mm)
		ret = -EPERM;
	else if (op->vring)
		ret = tun_vhost_call_vring(vh, op, argp);
	else
		ret = op->fn(vh, argp);
	mutex_unlock(&vh->lock);
	return ret;
}

/* Flags that say how a full receive ring behaves. */
#define FULL_RING	(TUN_RING_GUEST_DROP | TUN_RING_GUEST_FLOW)

/* The flags can be set only before VHOST_SET_OWNER. Return: 0 or -EBUSY. */
static long tun_vhost_set_guest_flags(struct tun_vhost *vh, u32 flags)
{
	if (tun_vhost_owner_lives(vh))
		return -EBUSY;
	vh->pin = flags & TUN_RING_GUEST_PIN;
	vh->rx_features = 0;
	if (flags & TUN_RING_GUEST_DROP)
		vh->rx_features = BIT_ULL(TUN_RING_F_RX_DROP);
	if (flags & TUN_RING_GUEST_FLOW)
		vh->rx_features = BIT_ULL(TUN_RING_F_RX_FLOW);
	return 0;
}

/**
 * tun_vhost_set_guest - TUNRINGGUEST
 * @q: the open file, with or without a device
 * @argp: struct tun_ring_guest of the user
 *
 * Return: 0 or a negative errno, see the UAPI header.
 */
long tun_vhost_set_guest(struct tun_queue *q, void __user *argp)
{
	struct tun_ring_guest g;
	struct tun_vhost *vh;
	long err;

	if (copy_from_user(&g, argp, sizeof(g)))
		return -EFAULT;
	if (g.flags & ~(TUN_RING_GUEST_PIN | FULL_RING))
		return -EOPNOTSUPP;
	if ((g.flags & FULL_RING) == FULL_RING)
		return -EINVAL;
	if (memchr_inv(g.reserved, 0, sizeof(g.reserved)))
		return -EINVAL;
	vh = tun_vhost_of(q);
	if (!vh)
		return -ENOMEM;
	if (mutex_lock_interruptible(&vh->lock))
		return -EINTR;
	err = tun_vhost_set_guest_flags(vh, g.flags);
	mutex_unlock(&vh->lock);
	return err;
}

/* True if tun_vhost_ioctl() handles @cmd. */
bool tun_vhost_is_cmd(unsigned int cmd)
{
	return _IOC_TYPE(cmd) == VHOST_VIRTIO;
}

/**
 * tun_vhost_ioctl - the vhost ioctls
 * @q: the open file, with or without a device
 * @cmd: one of type VHOST_VIRTIO
 * @argp: the user's argument
 *
 * Return: as on /dev/vhost-net, or -ENOIOCTLCMD for an unknown @cmd.
 */
long tun_vhost_ioctl(struct tun_queue *q, unsigned int cmd, void __user *argp)
{
	struct tun_vhost *vh;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vhost_ops); i++) {
		if (vhost_ops[i].cmd != cmd)
			continue;
		vh = tun_vhost_of(q);
		return vh ? tun_vhost_call(vh, &vhost_ops[i], argp) : -ENOMEM;
	}
	return -ENOIOCTLCMD;
}

/* Release of the file. */
void tun_vhost_close(struct tun_queue *q)
{
	struct tun_vhost *vh = q->vhost;

	if (!vh)
		return;
	mutex_lock(&vh->lock);
	tun_vhost_reset(vh, true);
	mutex_unlock(&vh->lock);
	q->vhost = NULL;
	kfree(vh);
}
