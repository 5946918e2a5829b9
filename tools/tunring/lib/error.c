// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "tunring/error.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	int		err;
	const char	*text;
} texts[] = {
	{ 0,		"success" },
	{ EAGAIN,	"the socket buffer of the device is full, try again; or the "
			"user has too many threads (raise RLIMIT_NPROC)" },
	{ EBADFD,	"the descriptor has no tun device, or it was deleted" },
	{ EBUSY,	"the device or its queue is in use, or the program holds packets" },
	{ EFAULT,	"the memory of the rings, or its owner, is gone" },
	{ EINTR,	"interrupted by a signal" },
	{ EINVAL,	"a size, flag or packet is not valid" },
	{ EIO,		"the device is down; packets that were submitted are lost" },
	{ EMSGSIZE,	"longer than all buffers of the ring together" },
	{ ENAMETOOLONG,	"the name of an interface has at most 15 characters" },
	{ ENODEV,	"no such device, or no tun driver" },
	{ ENOBUFS,	"the pool has fewer buffers left" },
	{ ENOENT,	"/dev/net/tun is missing; load the module tun" },
	{ ENOMEM,	"out of memory, or beyond the limit of locked memory: "
			"raise RLIMIT_MEMLOCK (ulimit -l)" },
	{ ENOTTY,	"this kernel's tun has no rings" },
	{ ENXIO,	"the queue has no rings, or no longer" },
	{ EOPNOTSUPP,	"the kernel or the library does not have this feature or flag" },
	{ EPERM,	"not permitted: not the owner of the device, or a feature "
			"needs a privilege, or rings are refused to unprivileged "
			"users (option unprivileged_rings of the module tun)" },
	{ EPROTO,	"a ring broke the rules and the kernel stopped it" },
};

const char *tunring_strerror(int err)
{
	const char *text;
	size_t i;

	err = abs(err);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].err == err)
			return texts[i].text;
	text = strerrordesc_np(err);
	return text ? text : "unknown error";
}
