// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "poll.h"

#include <stdbool.h>
#include <sys/resource.h>

#include "../real.h"
#include "../table.h"
#include "turn.h"

/* Programs with fewer entries pay no system call for the limit. */
#define EXEC_MANY	256

static bool exec_poll_has(const struct pollfd *pfd)
{
	return pfd->events & (POLLIN | POLLRDNORM) && exec_turn_has(pfd->fd);
}

/* The kernel refuses more entries than descriptors without a look at them. */
static bool exec_poll_refused(nfds_t n)
{
	struct rlimit limit;

	return n > EXEC_MANY && (getrlimit(RLIMIT_NOFILE, &limit) ||
				 n > limit.rlim_cur);
}

int exec_poll_answer(struct pollfd *fds, nfds_t n)
{
	nfds_t i, first;
	int ready = 0;

	if (exec_table_empty() || exec_poll_refused(n))
		return 0;
	for (first = 0; first < n; first++)
		if (exec_poll_has(&fds[first]))
			break;
	if (first == n || !exec_turn_take(fds[first].fd))
		return 0;
	for (i = 0; i < n; i++) {
		fds[i].revents = 0;
		if (i != first && (i < first || !exec_poll_has(&fds[i])))
			continue;
		fds[i].revents = fds[i].events &
				 (POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM);
		ready++;
	}
	return ready;
}

EXEC_CALL int poll(struct pollfd *fds, nfds_t n, int timeout)
{
	return exec_poll_answer(fds, n) ?: exec_real()->poll(fds, n, timeout);
}

EXEC_CALL int __poll_chk(struct pollfd *fds, nfds_t n, int timeout, size_t room)
{
	if (room / sizeof(*fds) < n)
		return exec_real()->poll_chk(fds, n, timeout, room);
	return poll(fds, n, timeout);
}

EXEC_CALL int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *ts,
		    const sigset_t *mask)
{
	return exec_poll_answer(fds, n) ?: exec_real()->ppoll(fds, n, ts, mask);
}

EXEC_CALL int __ppoll_chk(struct pollfd *fds, nfds_t n, const struct timespec *ts,
			  const sigset_t *mask, size_t room)
{
	if (room / sizeof(*fds) < n)
		return exec_real()->ppoll_chk(fds, n, ts, mask, room);
	return ppoll(fds, n, ts, mask);
}
