// SPDX-License-Identifier: GPL-2.0
/*
 * vringloop uses vringfd's interface in the kernel, as tun does.
 */
#include "vringloop.h"

#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/uaccess.h>

#include "vringfd.h"

#define MAX_HELD	256

/**
 * struct loop - one open file
 * @ref: references of the file, and of the ring while it is attached
 * @lock: serializes attach and detach, protects @vr
 * @vr: the ring, or NULL
 * @released: completed when push and pull of the attached ring do not run
 * @flags: VRINGLOOP_*
 * @count: counters for the test
 * @in: scratch space of push and pull
 * @out: scratch space of push and pull
 * @bounce: scratch space of push and pull
 * @timer: uses the buffers in @held
 * @held_lock: protects @held and @nheld
 * @held: heads and lengths of the buffers that the timer shall use
 * @nheld: number of elements of @held
 */
struct loop {
	struct kref ref;
	struct mutex lock;		/* protects vr */
	struct vringfd *vr;
	struct completion released;
	u32 flags;
	struct vringloop_stats count;
	struct iovec in[VRINGFD_MAX_SEGS];
	struct iovec out[VRINGFD_MAX_SEGS];
	u8 bounce[4096];
	struct timer_list timer;
	spinlock_t held_lock;		/* protects held, nheld */
	struct {
		u16 head;
		u32 len;
	} held[MAX_HELD];
	unsigned int nheld;
};

static void loop_free(struct kref *ref)
{
	kfree(container_of(ref, struct loop, ref));
}

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

static void tick(struct timer_list *timer)
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

static int push(void *ctx)
{
	struct loop *l = ctx;

	l->count.pushes++;
	return serve(l);
}

static int pull(void *ctx)
{
	struct loop *l = ctx;

	l->count.pulls++;
	return serve(l);
}

static void gone(void *ctx)
{
	struct loop *l = ctx;

	WRITE_ONCE(l->count.gone, l->count.gone + 1);
}

static void release(void *ctx)
{
	struct loop *l = ctx;

	complete(&l->released);
	kref_put(&l->ref, loop_free);
}

static const struct vringfd_ops plain_ops = {
	.owner	= THIS_MODULE,
	.push	= push,
	.pull	= pull,
	.gone	= gone,
	.release = release,
};

static const struct vringfd_ops pin_ops = {
	.owner	= THIS_MODULE,
	.pin	= true,
	.push	= push,
	.pull	= pull,
	.gone	= gone,
	.release = release,
};

/* The tests resolve all page faults, so the wait ends. */
static int detach(struct loop *l)
{
	if (!l->vr)
		return -ENXIO;
	vringfd_detach(l->vr, l);
	wait_for_completion(&l->released);
	timer_delete_sync(&l->timer);
	l->nheld = 0;
	vringfd_put(l->vr);
	l->vr = NULL;
	return 0;
}

static int attach(struct loop *l, const struct vringloop_attach *a)
{
	struct vringfd *vr;
	int err;

	if (l->vr)
		return -EBUSY;
	vr = vringfd_get(a->fd);
	if (IS_ERR(vr))
		return PTR_ERR(vr);
	l->vr = vr;
	l->flags = a->flags;
	memset(&l->count, 0, sizeof(l->count));
	init_completion(&l->released);
	kref_get(&l->ref);
	err = vringfd_attach(vr, a->flags & VRINGLOOP_PIN ? &pin_ops :
							   &plain_ops, l);
	if (!err)
		return 0;
	kref_put(&l->ref, loop_free);
	l->vr = NULL;
	vringfd_put(vr);
	return err;
}

/* The lock makes sure that the counters include each buffer that the user has seen as used. */
static long tell_count(struct loop *l, void __user *argp)
{
	struct vringloop_stats count;

	spin_lock_bh(&l->held_lock);
	count = l->count;
	spin_unlock_bh(&l->held_lock);
	return copy_to_user(argp, &count, sizeof(count)) ? -EFAULT : 0;
}

static long loop_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct loop *l = file->private_data;
	void __user *argp = (void __user *)arg;
	struct vringloop_attach a;
	long ret;

	if (cmd == VRINGLOOP_ATTACH && copy_from_user(&a, argp, sizeof(a)))
		return -EFAULT;
	mutex_lock(&l->lock);
	switch (cmd) {
	case VRINGLOOP_ATTACH:
		ret = attach(l, &a);
		break;
	case VRINGLOOP_DETACH:
		ret = detach(l);
		break;
	case VRINGLOOP_STATS:
		ret = tell_count(l, argp);
		break;
	case VRINGLOOP_SCHEDULE:
		if (l->vr)
			vringfd_schedule(l->vr);
		ret = l->vr ? 0 : -ENXIO;
		break;
	default:
		ret = -ENOTTY;
	}
	mutex_unlock(&l->lock);
	return ret;
}

static int loop_open(struct inode *inode, struct file *file)
{
	struct loop *l = kzalloc(sizeof(*l), GFP_KERNEL);

	if (!l)
		return -ENOMEM;
	kref_init(&l->ref);
	mutex_init(&l->lock);
	spin_lock_init(&l->held_lock);
	timer_setup(&l->timer, tick, 0);
	file->private_data = l;
	return 0;
}

static int loop_release(struct inode *inode, struct file *file)
{
	struct loop *l = file->private_data;

	mutex_lock(&l->lock);
	detach(l);
	mutex_unlock(&l->lock);
	kref_put(&l->ref, loop_free);
	return 0;
}

static const struct file_operations loop_fops = {
	.owner		= THIS_MODULE,
	.open		= loop_open,
	.release	= loop_release,
	.unlocked_ioctl	= loop_ioctl,
};

static struct miscdevice loop_dev = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "vringloop",
	.fops	= &loop_fops,
};

module_misc_device(loop_dev);

MODULE_DESCRIPTION("vringfds that echo, for tests");
MODULE_LICENSE("GPL");
