// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "ops.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The library does not change the errno of its caller. */
#define TR_CALL(expr)					\
	({						\
		int saved = errno;			\
		__typeof__(expr) ret = (expr);		\
							\
		if (ret < 0)				\
			ret = -errno;			\
		errno = saved;				\
		ret;					\
	})

static int tr_linux_open(const char *path, int flags)
{
	return TR_CALL(open(path, flags));
}

static int tr_linux_close(int fd)
{
	return TR_CALL(close(fd));
}

static int tr_linux_ioctl(int fd, unsigned long cmd, void *arg)
{
	return TR_CALL(ioctl(fd, cmd, arg));
}

static int tr_linux_fcntl(int fd, int cmd, int arg)
{
	return TR_CALL(fcntl(fd, cmd, arg));
}

static int tr_linux_mmap(void **base, size_t len, int prot, int flags, int fd,
			 off_t offset)
{
	int saved = errno;
	void *p = mmap(NULL, len, prot, flags, fd, offset);
	int ret = 0;

	if (p == MAP_FAILED)
		ret = -errno;
	else
		*base = p;
	errno = saved;
	return ret;
}

static int tr_linux_munmap(void *base, size_t len)
{
	return TR_CALL(munmap(base, len));
}

static int tr_linux_sized(int fd, size_t len)
{
	int err = TR_CALL(ftruncate(fd, (off_t)len));

	if (!err)
		return fd;
	tr_linux_close(fd);
	return err;
}

static int tr_linux_memfd(size_t len)
{
	int fd = TR_CALL(memfd_create("tunring", MFD_CLOEXEC));

	return fd < 0 ? fd : tr_linux_sized(fd, len);
}

/* Of the default size; len becomes a multiple of it. Mapping reserves them. */
static int tr_linux_memfd_huge(size_t *len, size_t *page)
{
	int fd = TR_CALL(memfd_create("tunring", MFD_CLOEXEC | MFD_HUGETLB));
	struct stat st;
	int err;

	if (fd < 0)
		return fd;
	err = TR_CALL(fstat(fd, &st));
	if (err) {
		tr_linux_close(fd);
		return err;
	}
	*page = (size_t)st.st_blksize;
	*len = (*len + *page - 1) / *page * *page;
	return tr_linux_sized(fd, *len);
}

static int64_t tr_linux_size(int fd)
{
	struct stat st;
	int err = TR_CALL(fstat(fd, &st));

	return err ? err : (int64_t)st.st_size;
}

static int tr_linux_eventfd(void)
{
	return TR_CALL(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

static ssize_t tr_linux_readv(int fd, const struct iovec *iov, int n)
{
	return TR_CALL(readv(fd, iov, n));
}

static ssize_t tr_linux_writev(int fd, const struct iovec *iov, int n)
{
	return TR_CALL(writev(fd, iov, n));
}

static int tr_linux_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *ts,
			  const sigset_t *mask)
{
	return TR_CALL(ppoll(fds, n, ts, mask));
}

const struct tr_ops tr_ops_linux = {
	.open	= tr_linux_open,
	.close	= tr_linux_close,
	.ioctl	= tr_linux_ioctl,
	.fcntl	= tr_linux_fcntl,
	.mmap	= tr_linux_mmap,
	.memfd	= tr_linux_memfd,
	.memfd_huge = tr_linux_memfd_huge,
	.size	= tr_linux_size,
	.eventfd = tr_linux_eventfd,
	.munmap	= tr_linux_munmap,
	.readv	= tr_linux_readv,
	.writev	= tr_linux_writev,
	.ppoll	= tr_linux_ppoll,
};
