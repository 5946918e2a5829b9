// SPDX-License-Identifier: GPL-2.0
/*
 * Push and pull: buffers are copied and used, at once or from a timer.
 */
#include "loop.h"

#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

static ssize_t copy(struct loop *l, const struct vringfd_iov *in,
		    const struct vringfd_iov *out)
{
	size_t len = min(in->len, out->len), n, done;
	struct iov_iter from, to;

	iov_iter_init(&from, ITER_SOURCE, out->iov, out->n, out->len);
	iov_iter_init(&to, ITER_DEST, in->iov, in->n, in->len);
	for (done = 0; done < len; done += n) {
		n = min(len - done, sizeof(l->bounce));
		if (copy_from_iter(l->bounce, n, &from) != n ||
		    copy_to_iter(l->bounce, n, &to) != n)
			return -EFAULT;
	}
	return len;
}

/* The timer cannot use buffers of a ring that is not pinned, so push and pull use them. */
static int use_held(struct loop *l)
{
	u32 len;
	u16 head;
	int err;

	for (;;) {
		spin_lock_bh(&l->held_lock);
		if (!l->nheld || vringfd_is_pinned(l->vr)) {
			spin_unlock_bh(&l->held_lock);
			return 0;
		}
		l->nheld--;
		head = l->held[l->nheld].head;
		len = l->held[l->nheld].len;
		spin_unlock_bh(&l->held_lock);
		err = vringfd_used_buffer(l->vr, head, len);
		if (err)
			return err;
	}
}

void loop_tick(struct timer_list *timer)
{
	struct loop *l = container_of(timer, struct loop, timer);
	unsigned int i, kept = 0;

	/* If the ring is not pinned, pull uses the held buffers and wakes the user. */
	spin_lock(&l->held_lock);
	for (i = 0; i < l->nheld; i++) {
		switch (vringfd_used_buffer_atomic(l->vr, l->held[i].head,
						   l->held[i].len)) {
		case 0:
			l->count.atomic++;
			break;
		case -EOPNOTSUPP:
			l->held[kept++] = l->held[i];
			fallthrough;
		default:
			l->count.refused++;
		}
	}
	l->nheld = kept;
	spin_unlock(&l->held_lock);
	if (!vringfd_is_pinned(l->vr))
		vringfd_schedule(l->vr);
	else
		vringfd_wake(l->vr);
}

static int use(struct loop *l, u16 head, u32 len)
{
	if (!(l->flags & VRINGLOOP_ATOMIC))
		return vringfd_used_buffer(l->vr, head, len);
	spin_lock_bh(&l->held_lock);
	if (l->nheld < MAX_HELD) {
		l->held[l->nheld].head = head;
		l->held[l->nheld++].len = len;
	}
	spin_unlock_bh(&l->held_lock);
	mod_timer(&l->timer, jiffies + 1);
	return 0;
}

static int serve(struct loop *l)
{
	struct vringfd_iov in = { .iov = l->in }, out = { .iov = l->out };
	ssize_t len;
	u16 head;
	int ret, n;

	ret = use_held(l);
	for (n = 0; !ret && n < 64; n++) {
		ret = vringfd_get_buffer(l->vr, &in, &out, &head);
		if (ret < 0)
			break;
		if (!ret) {
			ret = l->flags & VRINGLOOP_NO_KICK ?
			      vringfd_disable_kick(l->vr) :
			      vringfd_enable_kick(l->vr);
			break;
		}
		l->count.buffers++;
		len = copy(l, &in, &out);
		ret = len < 0 ? len : use(l, head, len);
	}
	vringfd_wake(l->vr);
	return ret ?: n == 64;
}

int loop_push(void *ctx)
{
	struct loop *l = ctx;

	l->count.pushes++;
	return serve(l);
}

int loop_pull(void *ctx)
{
	struct loop *l = ctx;

	l->count.pulls++;
	return serve(l);
}
