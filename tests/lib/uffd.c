// SPDX-License-Identifier: GPL-2.0
/* Memory whose page faults the test resolves. */
#include "uffd.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <linux/userfaultfd.h>

#include "lib.h"

/* Opens a userfaultfd. */
int uffd_open(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	if (fd >= 0 && ioctl(fd, UFFDIO_API, &api))
		return -errno;
	return fd < 0 ? -errno : fd;
}

/* Replaces the pages by missing ones whose faults go to the userfaultfd. */
int uffd_watch(int fd, void *at, size_t len)
{
	struct uffdio_register r = {
		.range = { (uintptr_t)at, len },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};

	if (mmap(at, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS |
		 MAP_FIXED, -1, 0) != at)
		return -errno;
	return ioctl(fd, UFFDIO_REGISTER, &r) ? -errno : 0;
}

int uffd_answer(int fd, void *at, size_t len)
{
	struct uffdio_zeropage z = { .range = { (uintptr_t)at, len } };

	return ioctl(fd, UFFDIO_ZEROPAGE, &z) ? -errno : 0;
}
