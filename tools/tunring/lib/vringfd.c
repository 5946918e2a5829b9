// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "vringfd.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/vring.h>
#include <sys/ioctl.h>
#include <unistd.h>

int vringfd(void *addr, unsigned int num, uint16_t *last_used)
{
	struct vringfd_create args = {
		.addr = (uintptr_t)addr,
		.num = num,
		.last_used = (uintptr_t)last_used,
	};
	int node = open("/dev/vringfd", O_RDWR | O_CLOEXEC);
	int fd, err;

	if (node < 0)
		return -1;
	fd = ioctl(node, VRINGFDCREATE, &args);
	err = errno;
	close(node);
	errno = err;
	return fd;
}
