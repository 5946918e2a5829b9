// SPDX-License-Identifier: GPL-2.0
/*
 * The vhost ioctls that describe, start and stop one virtqueue. The caller has
 * checked the number of the virtqueue.
 */
#include "vring.h"

#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/if_tun.h>
#include <linux/log2.h>
#include <linux/vhost.h>
#include <linux/virtio_ring.h>

#include "../../tun.h"
#include "../engine/vring.h"
#include "../limit/limit.h"
#include "backend.h"
#include "virtqueue.h"

int tun_vhost_set_num(struct tun_vhost *vh, union tun_vhost_arg *arg)
{
	const struct vhost_vring_state *s = &arg->state;

	if (vh->vq[s->index].backend)
		return -EBUSY;
	if (!is_power_of_2(s->num) || s->num > TUN_VRING_MAX_ENTRIES)
		return -EINVAL;
	vh->vq[s->index].num = s->num;
	return 0;
}

int tun_vhost_set_base(struct tun_vhost *vh, union tun_vhost_arg *arg)
{
	const struct vhost_vring_state *s = &arg->state;

	if (vh->vq[s->index].backend)
		return -EBUSY;
	if (s->num > U16_MAX)
		return -EINVAL;
	vh->vq[s->index].base = s->num;
	return 0;
}

int tun_vhost_get_base(struct tun_vhost *vh, union tun_vhost_arg *arg)
{
	arg->state.num = tun_vhost_base(vh, arg->state.index);
	return 0;
}

int tun_vhost_set_addr(struct tun_vhost *vh, union tun_vhost_arg *arg)
{
	const struct vhost_vring_addr *a = &arg->addr;
	struct tun_vhost_vq *vq = &vh->vq[a->index], old = *vq;
	int err;

	if (a->flags & ~BIT(VHOST_VRING_F_LOG))
		return -EOPNOTSUPP;
	if (a->avail_user_addr % VRING_AVAIL_ALIGN_SIZE ||
	    a->used_user_addr % VRING_USED_ALIGN_SIZE ||
	    a->log_guest_addr % VRING_USED_ALIGN_SIZE)
		return -EINVAL;
	vq->desc = a->desc_user_addr;
	vq->avail = a->avail_user_addr;
	vq->used = a->used_user_addr;
	vq->log_used = a->flags & BIT(VHOST_VRING_F_LOG);
	vq->log_addr = a->log_guest_addr;
	err = tun_vhost_update(vh, a->index, true);
	if (err) {
		/*
		 * keep the base, because the update may have stopped the
		 * virtqueue
		 */
		old.base = vq->base;
		*vq = old;
	}
	return err;
}

/* Replace an eventfd; -1 removes the eventfd. */
static int tun_vhost_set_event(struct tun_vhost *vh,
			       const struct vhost_vring_file *f,
			       struct file **place)
{
	struct file *file = NULL, *old = *place;
	int err;

	if (f->fd >= 0)
		file = eventfd_fget(f->fd);
	if (IS_ERR(file))
		return PTR_ERR(file);
	*place = file;
	err = tun_vhost_update(vh, f->index, false);
	if (old)
		fput(old);
	return err;
}

int tun_vhost_set_kick(struct tun_vhost *vh, union tun_vhost_arg *arg)
{
	return tun_vhost_set_event(vh, &arg->file,
				   &vh->vq[arg->file.index].kick);
}

int tun_vhost_set_call(struct tun_vhost *vh, union tun_vhost_arg *arg)
{
	return tun_vhost_set_event(vh, &arg->file,
				   &vh->vq[arg->file.index].call);
}

int tun_vhost_set_err(struct tun_vhost *vh, union tun_vhost_arg *arg)
{
	return tun_vhost_set_event(vh, &arg->file,
				   &vh->vq[arg->file.index].err);
}

/* Rings are little-endian, as those of virtio 1. */
int tun_vhost_set_endian(struct tun_vhost *vh, union tun_vhost_arg *arg)
{
	if (vh->vq[arg->state.index].backend)
		return -EBUSY;
	return arg->state.num == VHOST_VRING_LITTLE_ENDIAN ? 0 : -EINVAL;
}

int tun_vhost_get_endian(struct tun_vhost *vh, union tun_vhost_arg *arg)
{
	arg->state.num = VHOST_VRING_LITTLE_ENDIAN;
	return 0;
}

int tun_vhost_set_busyloop(struct tun_vhost *vh, union tun_vhost_arg *arg)
{
	vh->vq[arg->state.index].busyloop =
		tun_ring_limit_poll_us(arg->state.num);
	return tun_vhost_update(vh, arg->state.index, false);
}

int tun_vhost_get_busyloop(struct tun_vhost *vh, union tun_vhost_arg *arg)
{
	arg->state.num = vh->vq[arg->state.index].busyloop;
	return 0;
}

/* Make @q the backend. After an error the old backend is started again. */
static int tun_vhost_switch_backend(struct tun_vhost *vh, unsigned int i,
				    struct tun_queue *q)
{
	struct tun_queue *old = vh->vq[i].backend;
	int err;

	if (old)
		sock_hold(&old->sk);
	tun_vhost_stop(vh, i, false);
	err = tun_vhost_start(vh, i, q);
	if (err && old && tun_vhost_start(vh, i, old))
		pr_warn_ratelimited("tun: virtqueue %u is stopped\n", i);
	if (old)
		sock_put(&old->sk);
	return err;
}

/* The function refuses a file that is no tun before it stops the virtqueue. */
static int tun_vhost_replace_backend(struct tun_vhost *vh, unsigned int i,
				     int fd)
{
	struct fd f = fdget(fd);
	struct socket *sock;
	int err;

	if (!fd_file(f))
		return -ENOTSOCK;
	sock = tun_get_socket(fd_file(f));
	if (IS_ERR(sock))
		err = -ENOTSOCK;
	else
		err = tun_vhost_switch_backend(vh, i,
					       container_of(sock,
							    struct tun_queue,
							    socket));
	fdput(f);
	/* vhost_net returns EINVAL for a file without a device */
	return err == -EBADFD ? -EINVAL : err;
}

/* Replace the backend; a negative fd stops the virtqueue. */
int tun_vhost_set_backend(struct tun_vhost *vh, union tun_vhost_arg *arg)
{
	const struct vhost_vring_file *f = &arg->file;

	if (f->fd >= 0)
		return tun_vhost_replace_backend(vh, f->index, f->fd);
	tun_vhost_stop(vh, f->index, false);
	return 0;
}
