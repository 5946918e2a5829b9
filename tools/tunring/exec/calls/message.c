// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "message.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../real.h"
#include "../ring/file.h"
#include "../ring/setup.h"
#include "../table.h"

static void exec_message_pass(int fd)
{
	struct exec_file *f = exec_table_get(fd);

	if (!f)
		return;
	if (exec_file_lock(f)) {
		exec_setup_aside(f, fd, "passed to another process");
		exec_file_unlock(f);
	}
	exec_file_put(f);
}

/* The kernel refuses a message whose control data are not like this. */
static bool exec_message_valid(const struct msghdr *msg, const struct cmsghdr *c)
{
	const uint8_t *start = msg->msg_control;

	return c->cmsg_len >= sizeof(*c) &&
	       c->cmsg_len <= msg->msg_controllen -
			      (size_t)((const uint8_t *)c - start);
}

/*
 * The receiver may know nothing of rings, and cannot ask whether packets have a struct
 * tun_pi: both processes read by read(2).
 */
static void exec_message_sends(const struct msghdr *msg)
{
	struct msghdr copy = *msg;
	struct cmsghdr *c;
	size_t i, n;
	int fd;

	if (!copy.msg_control)
		return;
	for (c = CMSG_FIRSTHDR(&copy); c; c = CMSG_NXTHDR(&copy, c)) {
		if (!exec_message_valid(&copy, c))
			return;
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(fd);
		for (i = 0; i < n; i++) {
			memcpy(&fd, CMSG_DATA(c) + i * sizeof(fd), sizeof(fd));
			exec_message_pass(fd);
		}
	}
}

EXEC_CALL ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	if (msg && !exec_table_empty())
		exec_message_sends(msg);
	return exec_real()->sendmsg(fd, msg, flags);
}

EXEC_CALL int sendmmsg(int fd, struct mmsghdr *msgs, unsigned int n, int flags)
{
	unsigned int i;

	if (msgs && !exec_table_empty())
		for (i = 0; i < n && i < IOV_MAX; i++)
			exec_message_sends(&msgs[i].msg_hdr);
	return exec_real()->sendmmsg(fd, msgs, n, flags);
}
