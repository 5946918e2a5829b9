/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * The kernel as the library sees it. A table, so that the unit tests can put a
 * device of their own behind it. Every call gives a result or a negative errno.
 */
#ifndef TR_OPS_H
#define TR_OPS_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/select.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>

struct tr_ops {
	int (*open)(const char *path, int flags);
	int (*close)(int fd);
	int (*ioctl)(int fd, unsigned long cmd, void *arg);
	int (*fcntl)(int fd, int cmd, int arg);
	int (*mmap)(void **base, size_t len, int prot, int flags, int fd,
		    off_t offset);
	int (*memfd)(size_t len);	/* memory to share, zeroed */
	int (*memfd_huge)(size_t *len, size_t *page);	/* in huge pages */
	int64_t (*size)(int fd);
	int (*eventfd)(void);
	int (*munmap)(void *base, size_t len);
	ssize_t (*readv)(int fd, const struct iovec *iov, int n);
	ssize_t (*writev)(int fd, const struct iovec *iov, int n);
	int (*ppoll)(struct pollfd *fds, nfds_t n, const struct timespec *ts,
		     const sigset_t *mask);
};

extern const struct tr_ops tr_ops_linux;

#endif /* TR_OPS_H */
