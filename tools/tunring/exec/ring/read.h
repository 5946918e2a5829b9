/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* read(2) of a file that may have rings. */
#ifndef EXEC_READ_H
#define EXEC_READ_H

#include <sys/types.h>
#include <sys/uio.h>

struct exec_file;

/* Puts the caller's reference. Returns as readv(2), with errno. */
ssize_t exec_read(struct exec_file *f, int fd, const struct iovec *iov, int n);

#endif /* EXEC_READ_H */
