/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Of <tunring.h>, which is to be included: sleeping on many handles, and waking. */
#ifndef TUNRING_POLL_H
#define TUNRING_POLL_H

#include <poll.h>
#include <stdint.h>
#include <sys/select.h>	/* sigset_t, in strict C11, too */

#ifdef __cplusplus
extern "C" {
#endif

struct tunring;

/**
 * struct tunring_poll - what a program waits for, see tunring_poll()
 * @handle: the handle; or NULL: @fd is a descriptor of another kind, for example a
 *	socket, or that of tunring_wake_new()
 * @fd: the descriptor if @handle is NULL; a negative one is skipped
 * @events: POLLIN: packets to receive; POLLOUT: transmit buffers. If @handle is NULL,
 *	as for poll(2)
 * @revents: the result: the events of @events that are there, and POLLERR. If @handle
 *	is NULL, as of poll(2)
 * @error: the result, with POLLERR: why nothing will come, a negative errno, as
 *	tunring_rx_burst() returns it. Else 0
 */
struct tunring_poll {
	struct tunring	*handle;
	int		fd;
	short		events;
	short		revents;
	int		error;
};

/**
 * tunring_poll() - sleep until one of many handles or descriptors is ready. Receive
 * side of handles with POLLIN, transmit side of handles with POLLOUT.
 * @polls: the handles and descriptors
 * @n: how many they are
 * @timeout_ns: nanoseconds; 0 returns at once; -1 waits for ever
 * @mask: signal mask in force meanwhile, as ppoll(2); or NULL
 *
 * Does for each handle what tunring_prepare_wait() and tunring_tx_prepare_wait() do,
 * and sleeps only if none of them is ready. It makes no system call if one of them is
 * ready and all are handles. It kicks none: call tunring_tx_kick() before. With POLLOUT,
 * it reports transmit buffers that are there already: ask for it only when there were
 * none.
 *
 * Returns the number of entries with @revents, 0 after a time-out, or a negative errno:
 * -EINTR, -EINVAL, -ENOMEM.
 */
int tunring_poll(struct tunring_poll *polls, unsigned int n, int64_t timeout_ns,
		 const sigset_t *mask);

/**
 * tunring_wake_new() - a descriptor by which a thread wakes tunring_poll() of another
 *
 * Give it to tunring_poll() with POLLIN. It is an eventfd, non-blocking and
 * close-on-exec; close(2) it at the end. Returns it, or a negative errno.
 */
int tunring_wake_new(void);

/**
 * tunring_wake() - wake the thread. By any thread, a signal handler, or a process that
 * has the descriptor.
 * @fd: the descriptor
 *
 * A thread that does not sleep yet finds POLLIN at its next tunring_poll(): no call is
 * lost. Returns 0 or a negative errno.
 */
int tunring_wake(int fd);

/**
 * tunring_wake_clear() - after tunring_poll() has reported POLLIN
 * @fd: the descriptor
 *
 * Call it before looking for the other thread's work. Returns 1 if tunring_wake() was
 * called since the last time, 0 if not, or a negative errno.
 */
int tunring_wake_clear(int fd);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_POLL_H */
