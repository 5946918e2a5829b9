// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "vringfd.h"

#include <errno.h>
#include <fcntl.h>

/* The ioctls of <vringfd.h>, to be compared with the kernel's. */
enum {
	TR_VRINGSETBASE		= VRINGSETBASE,
	TR_VRINGSETLIMIT	= VRINGSETLIMIT,
	TR_TUNSETRECVVRING	= TUNSETRECVVRING,
	TR_TUNSETXMITVRING	= TUNSETXMITVRING,
};

#undef VRINGSETBASE
#undef VRINGSETLIMIT
#undef TUNSETRECVVRING
#undef TUNSETXMITVRING
#include <linux/if_tun_ring.h>
#include <linux/vring.h>
#include <sys/ioctl.h>
#include <unistd.h>

_Static_assert(TR_VRINGSETBASE == VRINGSETBASE, "as in <linux/vring.h>");
_Static_assert(TR_VRINGSETLIMIT == VRINGSETLIMIT, "as in <linux/vring.h>");
_Static_assert(TR_TUNSETRECVVRING == TUNSETRECVVRING,
	       "as in <linux/if_tun_ring.h>");
_Static_assert(TR_TUNSETXMITVRING == TUNSETXMITVRING,
	       "as in <linux/if_tun_ring.h>");

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
