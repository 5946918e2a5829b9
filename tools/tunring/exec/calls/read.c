// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "read.h"

#include <limits.h>
#include <unistd.h>

#include "../real.h"
#include "../ring/file.h"
#include "../ring/read.h"
#include "../table.h"

EXEC_CALL ssize_t read(int fd, void *buf, size_t len)
{
	struct exec_file *f = exec_table_get(fd);
	const struct iovec iov = { .iov_base = buf, .iov_len = len };

	return f ? exec_read(f, fd, &iov, 1) : exec_real()->read(fd, buf, len);
}

EXEC_CALL ssize_t __read_chk(int fd, void *buf, size_t len, size_t room)
{
	if (len > room)
		return exec_real()->read_chk(fd, buf, len, room);
	return read(fd, buf, len);
}

EXEC_CALL ssize_t readv(int fd, const struct iovec *iov, int n)
{
	struct exec_file *f = n > 0 && n <= IOV_MAX ? exec_table_get(fd) : NULL;

	return f ? exec_read(f, fd, iov, n) : exec_real()->readv(fd, iov, n);
}
