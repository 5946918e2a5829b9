// SPDX-License-Identifier: GPL-2.0
#include "pass.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

int pass_send(int sock, int fd, int mem, const void *data, size_t len)
{
	int fds[2] = { fd, mem < 0 ? fd : mem };
	char control[CMSG_SPACE(sizeof(fds))] = { 0 };
	struct iovec iov = { (void *)data, len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
			      .msg_control = control,
			      .msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fds));
	memcpy(CMSG_DATA(c), fds, sizeof(fds));
	return sendmsg(sock, &msg, 0) == (ssize_t)len ? 0 : -errno;
}

int pass_recv(int sock, int fds[2], void *data, size_t len)
{
	char control[CMSG_SPACE(2 * sizeof(int))];
	struct iovec iov = { data, len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
			      .msg_control = control,
			      .msg_controllen = sizeof(control) };

	if (recvmsg(sock, &msg, 0) != (ssize_t)len || !CMSG_FIRSTHDR(&msg))
		return -1;
	memcpy(fds, CMSG_DATA(CMSG_FIRSTHDR(&msg)), 2 * sizeof(int));
	return 0;
}
