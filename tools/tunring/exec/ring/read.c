// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "read.h"

#include <errno.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>

#include "../real.h"
#include "file.h"
#include "ring.h"
#include "setup.h"

/* The kernel sees buffers that went back in bunches: it asks for a kick each time
 * once the ring was full.
 */
#define EXEC_BUNCH	64

enum exec_next {
	EXEC_DONE,	/* the result is there */
	EXEC_EMPTY,	/* the ring has no packet */
	EXEC_PLAIN,	/* there is no ring */
};

static int exec_read_enter(struct exec_file *f, int fd, unsigned int flags)
{
	struct tun_ring_enter e = {
		.flags = TUN_RING_ENTER_RX | flags,
		.timeout_ns = flags & TUN_RING_ENTER_WAIT ? -1 : 0,
	};
	int ret;

	f->shared->calls++;
	ret = exec_real()->ioctl(fd, TUNRINGENTER, &e);
	return ret < 0 ? -errno : ret;
}

/*
 * Would the kernel begin a read(2) again that a signal has interrupted? The kernel
 * does not say which handler has run, so all must ask for that.
 */
static bool exec_read_restarts(void)
{
	struct sigaction sa;
	int sig;

	for (sig = 1; sig < NSIG; sig++)
		if (!sigaction(sig, NULL, &sa) && sa.sa_handler != SIG_DFL &&
		    sa.sa_handler != SIG_IGN && !(sa.sa_flags & SA_RESTART))
			return false;
	return true;
}

static int exec_read_interrupted(int err)
{
	return err == -EINTR && exec_read_restarts() ? 0 : err;
}

/* Have the buffers room for a byte, and no length that the kernel refuses? */
static bool exec_read_room(const struct iovec *iov, int n)
{
	size_t room = 0;
	int i;

	for (i = 0; i < n; i++) {
		if ((ssize_t)iov[i].iov_len < 0)
			return false;
		room |= iov[i].iov_len;
	}
	return room;
}

/* Takes a packet from the ring, if there is one. */
static enum exec_next exec_read_try(struct exec_file *f, int fd,
				    const struct iovec *iov, int n, ssize_t *ret)
{
	enum exec_next next = EXEC_DONE;

	if (!exec_read_room(iov, n))
		return EXEC_PLAIN;
	if (!exec_file_lock(f)) {
		*ret = -EINTR;	/* a signal handler, within a read of its thread */
		return EXEC_DONE;
	}
	if (exec_setup_ready(f, fd))
		f->shared->owner = exec_file_pid();
	else if (!exec_ring_has(f))
		next = EXEC_PLAIN;
	if (exec_ring_has(f)) {
		*ret = exec_ring_take(f, iov, n);
		if ((uint16_t)(f->shared->avail - f->shared->published) >= EXEC_BUNCH &&
		    exec_ring_publish(f))
			exec_read_enter(f, fd, 0);
	} else if (next == EXEC_DONE) {
		exec_ring_publish(f);
		next = EXEC_EMPTY;
	}
	exec_file_unlock(f);
	return next;
}

/* The rings move no packets any more. Returns a negative errno, or 0: try again. */
static int exec_read_failed(struct exec_file *f, int fd, int err)
{
	if (err == -EBADFD) {
		/* read(2) that sleeps when the device goes returns EFAULT */
		if (f->shared->nonblock || f->shared->gone)
			return err;
		f->shared->gone = true;
		return -EFAULT;
	}
	if (!exec_file_lock(f))
		return -EINTR;
	exec_setup_aside(f, fd, err == -ENXIO ? "the rings are gone" :
						"the driver stopped the ring");
	exec_file_unlock(f);
	return 0;
}

/* Returns 0 to look again, or a negative errno. */
static int exec_read_wait(struct exec_file *f, int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	unsigned int flags = 0;
	int ret;

	if (!f->shared->nonblock) {
		f->shared->calls++;
		/* not TUNRINGENTER, because read(2) is a cancellation point */
		ret = exec_real()->poll(&pfd, 1, -1);
		/* poll(2) obeys RLIMIT_NOFILE, which may be 0 by now; read(2) does not */
		if (ret < 0 && errno == EINVAL)
			flags = TUN_RING_ENTER_WAIT;
		else if (ret < 0)
			return exec_read_interrupted(-errno);
		else if (pfd.revents & POLLNVAL)
			return -EBADF;
		else if (!(pfd.revents & POLLERR))
			return 0;
	}
	/* As dear as the read(2) that it stands for, which could fail, too. */
	ret = exec_read_enter(f, fd, flags);
	if (ret == -EINTR)
		return exec_read_interrupted(ret);
	if (ret < 0)
		return exec_read_failed(f, fd, ret);
	return ret || !f->shared->nonblock ? 0 : -EAGAIN;
}

static void exec_read_put(void *f)
{
	exec_file_put(f);
}

/* The calls that a thread may be cancelled in, until there is a result. */
static ssize_t exec_read_wait_long(struct exec_file *f, int fd, const struct iovec *iov,
				   int n, enum exec_next next)
{
	ssize_t ret = 0;

	while (next == EXEC_EMPTY) {
		ret = exec_read_wait(f, fd);
		if (ret)
			return ret;
		next = exec_read_try(f, fd, iov, n, &ret);
	}
	if (next == EXEC_DONE)
		return ret;
	ret = exec_real()->readv(fd, iov, n);
	return ret < 0 ? -errno : ret;
}

ssize_t exec_read(struct exec_file *f, int fd, const struct iovec *iov, int n)
{
	enum exec_next next;
	ssize_t ret = 0;

	next = exec_read_try(f, fd, iov, n, &ret);
	if (next == EXEC_DONE) {
		/* most packets are in the ring, and need no handler for a cancellation */
		exec_file_put(f);
	} else {
		pthread_cleanup_push(exec_read_put, f);
		ret = exec_read_wait_long(f, fd, iov, n, next);
		pthread_cleanup_pop(1);
	}
	if (ret >= 0)
		return ret;
	errno = (int)-ret;
	return -1;
}
