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

/* Callers of the library see no errno: keep what they had. */
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

static int linux_open(const char *path, int flags)
{
	return TR_CALL(open(path, flags));
}

static int linux_close(int fd)
{
	return TR_CALL(close(fd));
}

static int linux_ioctl(int fd, unsigned long cmd, void *arg)
{
	return TR_CALL(ioctl(fd, cmd, arg));
}

static int linux_fcntl(int fd, int cmd, int arg)
{
	return TR_CALL(fcntl(fd, cmd, arg));
}

static int linux_mmap(void **base, size_t len, int prot, int flags, int fd,
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

static int linux_munmap(void *base, size_t len)
{
	return TR_CALL(munmap(base, len));
}

static int sized(int fd, size_t len)
{
	int err = TR_CALL(ftruncate(fd, (off_t)len));

	if (!err)
		return fd;
	linux_close(fd);
	return err;
}

static int linux_memfd(size_t len)
{
	int fd = TR_CALL(memfd_create("tunring", MFD_CLOEXEC));

	return fd < 0 ? fd : sized(fd, len);
}

/* Of the default size; len becomes a multiple of it. Mapping reserves them. */
static int linux_memfd_huge(size_t *len, size_t *page)
{
	int fd = TR_CALL(memfd_create("tunring", MFD_CLOEXEC | MFD_HUGETLB));
	struct stat st;
	int err;

	if (fd < 0)
		return fd;
	err = TR_CALL(fstat(fd, &st));
	if (err) {
		linux_close(fd);
		return err;
	}
	*page = (size_t)st.st_blksize;
	*len = (*len + *page - 1) / *page * *page;
	return sized(fd, *len);
}

static int64_t linux_size(int fd)
{
	struct stat st;
	int err = TR_CALL(fstat(fd, &st));

	return err ? err : (int64_t)st.st_size;
}

static int linux_eventfd(void)
{
	return TR_CALL(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

static ssize_t linux_readv(int fd, const struct iovec *iov, int n)
{
	return TR_CALL(readv(fd, iov, n));
}

static ssize_t linux_writev(int fd, const struct iovec *iov, int n)
{
	return TR_CALL(writev(fd, iov, n));
}

static int linux_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *ts,
		       const sigset_t *mask)
{
	return TR_CALL(ppoll(fds, n, ts, mask));
}

const struct tr_ops tr_ops_linux = {
	.open	= linux_open,
	.close	= linux_close,
	.ioctl	= linux_ioctl,
	.fcntl	= linux_fcntl,
	.mmap	= linux_mmap,
	.memfd	= linux_memfd,
	.memfd_huge = linux_memfd_huge,
	.size	= linux_size,
	.eventfd = linux_eventfd,
	.munmap	= linux_munmap,
	.readv	= linux_readv,
	.writev	= linux_writev,
	.ppoll	= linux_ppoll,
};
