/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* poll(), ppoll() and the entries of _FORTIFY_SOURCE. */
#ifndef EXEC_POLL_H
#define EXEC_POLL_H

#include <poll.h>
#include <signal.h>
#include <stddef.h>

/* Returns the result, or 0 if the kernel is to answer. */
int exec_poll_answer(struct pollfd *fds, nfds_t n);

int __poll_chk(struct pollfd *fds, nfds_t n, int timeout, size_t room);
int __ppoll_chk(struct pollfd *fds, nfds_t n, const struct timespec *ts,
		const sigset_t *mask, size_t room);

#endif /* EXEC_POLL_H */
