// SPDX-License-Identifier: GPL-2.0
/*
 * The vhost ioctls that describe one virtqueue, start it and stop it.
 */
#include "vhost.h"

#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/if_tun.h>
#include <linux/log2.h>
#include <linux/uaccess.h>
#include <linux/vhost.h>
#include <linux/virtio_ring.h>

#include "../tun.h"
#include "guest.h"
#include "state.h"

/* Every argument begins with the virtqueue's number. */
static_assert(offsetof(struct vhost_vring_state, index) == 0);
static_assert(offsetof(struct vhost_vring_file, index) == 0);
static_assert(offsetof(struct vhost_vring_addr, index) == 0);

/* Copy an argument in. Return: 0, -EFAULT, or -ENOBUFS for a wrong number. */
static int get_arg(void *arg, size_t size, const void __user *argp)
{
	if (copy_from_user(arg, argp, size))
		return -EFAULT;
	return *(u32 *)arg < TUN_VHOST_VQS ? 0 : -ENOBUFS;
}

long tun_vhost_set_num(struct tun_vhost *vh, void __user *argp)
{
	struct vhost_vring_state s;
	int err = get_arg(&s, sizeof(s), argp);

	if (err)
		return err;
	if (vh->vq[s.index].backend)
		return -EBUSY;
	if (!is_power_of_2(s.num) || s.num > TUN_VRING_MAX_ENTRIES)
		return -EINVAL;
	vh->vq[s.index].num = s.num;
	return 0;
}

long tun_vhost_set_base(struct tun_vhost *vh, void __user *argp)
{
	struct vhost_vring_state s;
	int err = get_arg(&s, sizeof(s), argp);

	if (err)
		return err;
	if (vh->vq[s.index].backend)
		return -EBUSY;
	if (s.num > U16_MAX)
		return -EINVAL;
	vh->vq[s.index].base = s.num;
	return 0;
}

long tun_vhost_get_base(struct tun_vhost *vh, void __user *argp)
{
	struct vhost_vring_state s;
	int err = get_arg(&s, sizeof(s), argp);

	if (err)
		return err;
	s.num = tun_guest_base(vh, s.index);
	return copy_to_user(argp, &s, sizeof(s)) ? -EFAULT : 0;
}

long tun_vhost_set_addr(struct tun_vhost *vh, void __user *argp)
{
	struct vhost_vring_addr a;
	struct tun_vhost_vq *vq, old;
	int err = get_arg(&a, sizeof(a), argp);

	if (err)
		return err;
	if (a.flags & ~BIT(VHOST_VRING_F_LOG))
		return -EOPNOTSUPP;
	if (a.avail_user_addr % VRING_AVAIL_ALIGN_SIZE ||
	    a.used_user_addr % VRING_USED_ALIGN_SIZE ||
	    a.log_guest_addr % VRING_USED_ALIGN_SIZE)
		return -EINVAL;
	vq = &vh->vq[a.index];
	old = *vq;
	vq->desc = a.desc_user_addr;
	vq->avail = a.avail_user_addr;
	vq->used = a.used_user_addr;
	vq->log_used = a.flags & BIT(VHOST_VRING_F_LOG);
	vq->log_addr = a.log_guest_addr;
	err = tun_guest_update(vh, a.index, true);
	if (err)
		*vq = old;
	return err;
}

/* Put an eventfd, or none for -1, in the place of the one that is there. */
static long set_event(struct tun_vhost *vh, const struct vhost_vring_file *f,
		      struct file **place)
{
	struct file *file = NULL, *old = *place;
	int err;

	if (f->fd >= 0)
		file = eventfd_fget(f->fd);
	if (IS_ERR(file))
		return PTR_ERR(file);
	*place = file;
	err = tun_guest_update(vh, f->index, false);
	if (old)
		fput(old);
	return err;
}

long tun_vhost_set_kick(struct tun_vhost *vh, void __user *argp)
{
	struct vhost_vring_file f;
	int err = get_arg(&f, sizeof(f), argp);

	return err ?: set_event(vh, &f, &vh->vq[f.index].kick);
}

long tun_vhost_set_call(struct tun_vhost *vh, void __user *argp)
{
	struct vhost_vring_file f;
	int err = get_arg(&f, sizeof(f), argp);

	return err ?: set_event(vh, &f, &vh->vq[f.index].call);
}

long tun_vhost_set_err(struct tun_vhost *vh, void __user *argp)
{
	struct vhost_vring_file f;
	int err = get_arg(&f, sizeof(f), argp);

	return err ?: set_event(vh, &f, &vh->vq[f.index].err);
}

/* Rings are little-endian, as virtio 1 says; so are the machines that we know. */
long tun_vhost_set_endian(struct tun_vhost *vh, void __user *argp)
{
	struct vhost_vring_state s;
	int err = get_arg(&s, sizeof(s), argp);

	if (err)
		return err;
	if (vh->vq[s.index].backend)
		return -EBUSY;
	return s.num == VHOST_VRING_LITTLE_ENDIAN ? 0 : -EINVAL;
}

long tun_vhost_get_endian(struct tun_vhost *vh, void __user *argp)
{
	struct vhost_vring_state s;
	int err = get_arg(&s, sizeof(s), argp);

	if (err)
		return err;
	s.num = VHOST_VRING_LITTLE_ENDIAN;
	return copy_to_user(argp, &s, sizeof(s)) ? -EFAULT : 0;
}

long tun_vhost_set_busyloop(struct tun_vhost *vh, void __user *argp)
{
	struct vhost_vring_state s;
	int err = get_arg(&s, sizeof(s), argp);

	if (err)
		return err;
	vh->vq[s.index].busyloop = s.num;
	return tun_guest_update(vh, s.index, false);
}

long tun_vhost_get_busyloop(struct tun_vhost *vh, void __user *argp)
{
	struct vhost_vring_state s;
	int err = get_arg(&s, sizeof(s), argp);

	if (err)
		return err;
	s.num = vh->vq[s.index].busyloop;
	return copy_to_user(argp, &s, sizeof(s)) ? -EFAULT : 0;
}

/* Serve @q, or, if that cannot be, whatever was served before. */
static int start_instead(struct tun_vhost *vh, unsigned int i,
			 struct tun_queue *q)
{
	struct tun_queue *old = vh->vq[i].backend;
	int err;

	if (old)
		sock_hold(&old->sk);
	tun_guest_stop(vh, i, false);
	err = tun_guest_start(vh, i, q);
	if (err && old && tun_guest_start(vh, i, old))
		pr_warn_ratelimited("tun: virtqueue %u is at rest\n", i);
	if (old)
		sock_put(&old->sk);
	return err;
}

/* What is no tun is refused before the virtqueue is stopped. */
static int replace(struct tun_vhost *vh, unsigned int i, int fd)
{
	struct fd f = fdget(fd);
	struct socket *sock;
	int err;

	if (!f.file)
		return -ENOTSOCK;
	sock = tun_get_socket(f.file);
	if (IS_ERR(sock))
		err = -ENOTSOCK;
	else
		err = start_instead(vh, i, container_of(sock, struct tun_queue,
							socket));
	fdput(f);
	/* as vhost_net has it */
	return err == -EBADFD ? -EINVAL : err;
}

/* Another backend, or none: the virtqueue is at rest when this returns. */
long tun_vhost_set_backend(struct tun_vhost *vh, void __user *argp)
{
	struct vhost_vring_file f;
	int err = get_arg(&f, sizeof(f), argp);

	if (err)
		return err;
	if (f.fd >= 0)
		return replace(vh, f.index, f.fd);
	tun_guest_stop(vh, f.index, false);
	return 0;
}
