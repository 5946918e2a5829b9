// SPDX-License-Identifier: GPL-2.0
/*
 * Takes buffers from the ring, and gives them back to the user.
 */
#include "buffer.h"

#include <linux/export.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include "../ring/mem/pinned.h"
#include "access.h"
#include "state.h"
#include "vringfd.h"

static int vringfd_walk_out(struct tun_vring *vr,
			    const struct tun_vring_desc *first,
			    struct tun_vring_chain *c)
{
	return tun_vring_walk(vr, &vringfd_mem, TUN_VRING_READ, first, c);
}

static int vringfd_walk_in(struct tun_vring *vr,
			   const struct tun_vring_desc *first,
			   struct tun_vring_chain *c)
{
	return tun_vring_walk(vr, &vringfd_mem, TUN_VRING_WRITE, first, c);
}

static int vringfd_walk_both(struct tun_vring *vr,
			     const struct tun_vring_desc *first,
			     struct tun_vring_chain *c)
{
	return tun_vring_walk(vr, &vringfd_mem, TUN_VRING_BOTH, first, c);
}

/*
 * The first driver starts at used->idx of the user's ring. From then on the
 * kernel keeps the indices.
 */
void vringfd_begin(struct vringfd *vr)
{
	struct tun_vring *ring = &vr->vq.vr;

	lockdep_assert_held(&vr->lock);

	if (vr->begun)
		return;
	vr->begun = true;
	ring->used_idx = le16_to_cpu((__force __le16)READ_ONCE(*vr->used_idx));
	ring->published = ring->used_idx;
	ring->signalled = ring->used_idx;
	ring->last_avail = ring->used_idx;
	ring->avail_idx = ring->used_idx;
}

/* Pin the ring, if that is possible. No driver is attached. */
void vringfd_pin(struct vringfd *vr)
{
	unsigned int num = vr->vq.vr.num;
	struct vring ring;
	void *base;

	lockdep_assert_held(&vr->lock);

	if (vr->pinned || current->mm != vr->mm)
		return;
	vring_init(&ring, num, (void *)vr->addr, PAGE_SIZE);
	if (tun_pin_user(&vr->pin_ring, vr->addr,
			 (unsigned long)&ring.used->ring[num] +
			 sizeof(__virtio16) - vr->addr, &base))
		return;
	/* The page offset is the same, so the layout is the same. */
	vring_init(&ring, num, base, PAGE_SIZE);
	vr->vq.vr.desc = ring.desc;
	vr->vq.vr.avail = ring.avail;
	vr->vq.vr.used = ring.used;
	WRITE_ONCE(vr->pinned, true);
}

/* Is the ring pinned, so that vringfd_used_buffer_atomic() works? */
bool vringfd_is_pinned(const struct vringfd *vr)
{
	return READ_ONCE(vr->pinned);
}
EXPORT_SYMBOL_GPL(vringfd_is_pinned);

static void vringfd_fill_iov(struct vringfd_iov *to,
			     const struct tun_vring_seg *seg, unsigned int n)
{
	unsigned int i;

	to->n = n;
	to->len = 0;
	for (i = 0; i < n; i++) {
		to->iov[i].iov_base = (void __user *)seg[i].base;
		to->iov[i].iov_len = seg[i].len;
		to->len += seg[i].len;
	}
}

/**
 * vringfd_get_buffer - take the next buffer that the user made available
 * @vr: the ring
 * @in: out: part that the driver may write; NULL if buffers have no such part
 * @out: out: part that the driver may read; NULL if buffers have no such part
 * @head: out: head of the buffer, for vringfd_used_buffer()
 *
 * If neither is NULL, one of @in and @out may be empty after the return.
 * Context: push or pull.
 *
 * Return: 1; 0 if no buffer is available; or a negative errno, which push or
 * pull must return.
 */
int vringfd_get_buffer(struct vringfd *vr, struct vringfd_iov *in,
		       struct vringfd_iov *out, u16 *head)
{
	struct tun_vring_chain *c = &vr->chain;
	struct tun_vring *ring = &vr->vq.vr;
	int n;

	lockdep_assert_held(&vr->lock);

	if (!out) {
		n = tun_vring_pop(ring, &vringfd_mem, TUN_VRING_WRITE,
				  vringfd_walk_in, c);
		c->nread = 0;
	} else if (!in) {
		n = tun_vring_pop(ring, &vringfd_mem, TUN_VRING_READ,
				  vringfd_walk_out, c);
		c->nread = c->nsegs;
	} else {
		n = tun_vring_pop(ring, &vringfd_mem, TUN_VRING_BOTH,
				  vringfd_walk_both, c);
	}
	if (n <= 0)
		return n;
	if (out)
		vringfd_fill_iov(out, c->seg, c->nread);
	if (in)
		vringfd_fill_iov(in, c->seg + c->nread, c->nsegs - c->nread);
	*head = c->head;
	return 1;
}
EXPORT_SYMBOL_GPL(vringfd_get_buffer);

/**
 * vringfd_unget_buffer - put the last buffer back, as if it was not taken
 * @vr: the ring; no other buffer was taken since
 *
 * Context: push or pull.
 */
void vringfd_unget_buffer(struct vringfd *vr)
{
	lockdep_assert_held(&vr->lock);

	vr->vq.vr.last_avail--;
}
EXPORT_SYMBOL_GPL(vringfd_unget_buffer);

static int vringfd_push_used(struct vringfd *vr, u16 head, u32 len)
{
	return tun_vring_push(&vr->vq.vr, &vringfd_mem, head, len)
		       ?: tun_vring_publish(&vr->vq.vr, &vringfd_mem);
}

/**
 * vringfd_used_buffer - give a buffer back to the user
 * @vr: the ring
 * @head: of the buffer
 * @len: bytes written to it
 *
 * The used index is published at once. vringfd_wake() wakes the user.
 *
 * Context: push or pull. Return: 0 or a negative errno, which push or pull must
 * return.
 */
int vringfd_used_buffer(struct vringfd *vr, u16 head, u32 len)
{
	lockdep_assert_held(&vr->lock);

	if (vr->pinned)
		return vringfd_used_buffer_atomic(vr, head, len);
	return vringfd_push_used(vr, head, len);
}
EXPORT_SYMBOL_GPL(vringfd_used_buffer);

/**
 * vringfd_used_buffer_atomic - give a buffer back from any context
 * @vr: the ring; the caller needs a reference, but need not be attached
 * @head: of the buffer
 * @len: bytes written to it
 *
 * Return: 0; -EOPNOTSUPP if the ring is not pinned; -EBADF if the file was
 * closed.
 */
int vringfd_used_buffer_atomic(struct vringfd *vr, u16 head, u32 len)
{
	unsigned long flags;
	int err = -EBADF;

	if (!READ_ONCE(vr->pinned))
		return -EOPNOTSUPP;
	spin_lock_irqsave(&vr->used_lock, flags);
	if (!vr->dead)
		err = vringfd_push_used(vr, head, len);
	spin_unlock_irqrestore(&vr->used_lock, flags);
	return err;
}
EXPORT_SYMBOL_GPL(vringfd_used_buffer_atomic);

static bool vringfd_should_wake(struct vringfd *vr)
{
	unsigned long flags;
	bool should;

	if (!READ_ONCE(vr->pinned)) {
		lockdep_assert_held(&vr->lock);
		return tun_vring_should_notify(&vr->vq.vr, &vringfd_mem);
	}
	spin_lock_irqsave(&vr->used_lock, flags);
	should = !vr->dead && tun_vring_should_notify(&vr->vq.vr, &vringfd_mem);
	spin_unlock_irqrestore(&vr->used_lock, flags);
	return should;
}

/**
 * vringfd_wake - wake pollers, if buffers were used since the last call and the
 *	user has not disabled notifications
 * @vr: the ring
 *
 * Context: push or pull; any if the ring is pinned.
 */
void vringfd_wake(struct vringfd *vr)
{
	if (vringfd_should_wake(vr))
		wake_up_interruptible_poll(&vr->wait, EPOLLIN | EPOLLRDNORM);
}
EXPORT_SYMBOL_GPL(vringfd_wake);

/**
 * vringfd_enable_kick - ask the user to write after adding a buffer
 * @vr: the ring
 *
 * Context: push or pull. Return: the number of buffers that are available now,
 * for which no write may come; or a negative errno.
 */
int vringfd_enable_kick(struct vringfd *vr)
{
	lockdep_assert_held(&vr->lock);

	return tun_vring_enable_kick(&vr->vq.vr, &vringfd_mem);
}
EXPORT_SYMBOL_GPL(vringfd_enable_kick);

/**
 * vringfd_disable_kick - tell the user that no write is needed
 * @vr: the ring
 *
 * Context: push or pull. Return: 0 or a negative errno.
 */
int vringfd_disable_kick(struct vringfd *vr)
{
	lockdep_assert_held(&vr->lock);

	return tun_vring_disable_kick(&vr->vq.vr, &vringfd_mem);
}
EXPORT_SYMBOL_GPL(vringfd_disable_kick);
