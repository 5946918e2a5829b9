// SPDX-License-Identifier: GPL-2.0
#include "chardev.h"

#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/pid.h>
#include <linux/poll.h>
#include <linux/seq_file.h>
#include <linux/uio.h>

#include "input.h"
#include "ioctl.h"
#include "open.h"
#include "queue.h"
#include "read.h"
#include "rings.h"

static bool tun_chr_is_nonblocking(const struct kiocb *iocb)
{
	return (iocb->ki_filp->f_flags & O_NONBLOCK) ||
	       (iocb->ki_flags & IOCB_NOWAIT);
}

static ssize_t tun_chr_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct tun_queue *q = iocb->ki_filp->private_data;
	ssize_t len = iov_iter_count(to);
	struct tun_dev *tun;
	ssize_t ret;

	tun = tun_dev_get(q);
	if (!tun)
		return -EBADFD;

	if (unlikely(rcu_access_pointer(q->ring)) && tun_ring_refuses_read(q))
		ret = -EBUSY;
	else if (unlikely(tun_queue_has_rx_vring(q)))
		ret = -EBUSY;
	else
		ret = tun_do_read(tun, q, to, tun_chr_is_nonblocking(iocb),
				  NULL);

	ret = min(ret, len);
	if (ret > 0)
		iocb->ki_pos = ret;

	tun_dev_put(tun);
	return ret;
}

static ssize_t tun_chr_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct tun_queue *q = iocb->ki_filp->private_data;
	struct tun_dev *tun;
	ssize_t ret;

	if (unlikely(!iov_iter_count(from)) && rcu_access_pointer(q->ring))
		return tun_ring_enter_write(q);

	tun = tun_dev_get(q);
	if (!tun)
		return -EBADFD;

	ret = tun_get_user(tun, q, NULL, from, tun_chr_is_nonblocking(iocb),
			   false);

	tun_dev_put(tun);
	return ret;
}

static bool tun_chr_is_writeable(const struct tun_dev *tun,
				 const struct tun_queue *q)
{
	return tun_dev_is_up(tun) && sock_writeable(&q->sk);
}

static __poll_t tun_chr_poll_plain(const struct tun_dev *tun,
				   struct tun_queue *q)
{
	__poll_t mask = 0;

	if (!ptr_ring_empty(&q->tx_ring) && likely(!tun_queue_has_rx_vring(q)))
		mask |= EPOLLIN | EPOLLRDNORM;

	/* Check again after setting the bit: the queue may have become
	 * writeable before tun_sock_write_space() could see the bit. The same
	 * wake-up comes when the device is brought up.
	 */
	if (tun_chr_is_writeable(tun, q) ||
	    (!test_and_set_bit(SOCKWQ_ASYNC_NOSPACE, &q->socket.flags) &&
	     tun_chr_is_writeable(tun, q)))
		mask |= EPOLLOUT | EPOLLWRNORM;

	return mask;
}

static __poll_t tun_chr_poll(struct file *file, poll_table *wait)
{
	struct tun_queue *q = file->private_data;
	struct tun_dev *tun = tun_dev_get(q);
	struct tun_ring *ring;
	__poll_t mask;

	if (!tun)
		return EPOLLERR;

	poll_wait(file, sk_sleep(&q->sk), wait);

	rcu_read_lock();
	ring = rcu_dereference(q->ring);
	mask = ring && tun_ring_refuses_read(q) ? tun_ring_poll(ring)
						: tun_chr_poll_plain(tun, q);
	rcu_read_unlock();

	if (tun->dev->reg_state != NETREG_REGISTERED)
		mask = EPOLLERR;

	tun_dev_put(tun);
	return mask;
}

static int tun_chr_mmap(struct file *file, struct vm_area_struct *vma)
{
	return tun_ring_mmap(file->private_data, vma);
}

static long tun_chr_ioctl(struct file *file, unsigned int cmd,
			  unsigned long arg)
{
	return tun_ioctl(file->private_data, cmd, arg);
}

#ifdef CONFIG_COMPAT
static long tun_chr_compat_ioctl(struct file *file, unsigned int cmd,
				 unsigned long arg)
{
	return tun_compat_ioctl(file->private_data, cmd, arg);
}
#endif

static int tun_chr_fasync(int fd, struct file *file, int on)
{
	struct tun_queue *q = file->private_data;
	int ret;

	if (on) {
		ret = file_f_owner_allocate(file);
		if (ret)
			return ret;
	}

	ret = fasync_helper(fd, file, on, &q->fasync);
	if (ret < 0)
		return ret;

	/* SIGIO goes to the process that set FASYNC, unless F_SETOWN has
	 * named another one before.
	 */
	if (on)
		__f_setown(file, task_pid(current), PIDTYPE_TGID, 0);

	return 0;
}

static int tun_chr_open(struct inode *inode, struct file *file)
{
	struct tun_queue *q;

	q = tun_queue_open(current->nsproxy->net_ns, file);
	if (!q)
		return -ENOMEM;

	file->private_data = q;
	file->f_mode |= TUN_FMODE;

	return 0;
}

static int tun_chr_close(struct inode *inode, struct file *file)
{
	tun_queue_close(file->private_data);
	return 0;
}

#ifdef CONFIG_PROC_FS
static void tun_chr_show_fdinfo(struct seq_file *m, struct file *file)
{
	struct tun_queue *q = file->private_data;
	struct tun_dev *tun;

	rtnl_lock();
	tun = tun_dev_rtnl(q);
	seq_printf(m, "iff:\t%s\n", tun ? tun->dev->name : "");
	rtnl_unlock();

	tun_ring_show_fdinfo(m, q);
}
#endif

const struct file_operations tun_fops = {
	.owner		= THIS_MODULE,
	.llseek		= no_llseek,
	.read_iter	= tun_chr_read_iter,
	.write_iter	= tun_chr_write_iter,
	.poll		= tun_chr_poll,
	.unlocked_ioctl	= tun_chr_ioctl,
#ifdef CONFIG_COMPAT
	.compat_ioctl	= tun_chr_compat_ioctl,
#endif
	.mmap		= tun_chr_mmap,
	.open		= tun_chr_open,
	.release	= tun_chr_close,
	.fasync		= tun_chr_fasync,
#ifdef CONFIG_PROC_FS
	.show_fdinfo	= tun_chr_show_fdinfo,
#endif
};

struct miscdevice tun_chardev = {
	.minor		= TUN_MINOR,
	.name		= TUN_DRV_NAME,
	.nodename	= "net/tun",
	.fops		= &tun_fops,
};
