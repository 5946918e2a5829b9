/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* read(), readv() and the entry of _FORTIFY_SOURCE. */
#ifndef EXEC_CALLS_READ_H
#define EXEC_CALLS_READ_H

#include <sys/types.h>
#include <sys/uio.h>

ssize_t __read_chk(int fd, void *buf, size_t len, size_t room);

#endif /* EXEC_CALLS_READ_H */
