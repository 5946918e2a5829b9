// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "epoll.h"

#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "../real.h"
#include "../ring/file.h"
#include "../ring/setup.h"
#include "../table.h"
#include "turn.h"

#define EXEC_WATCHES	64
#define EXEC_MAX_EVENTS	(INT_MAX / (int)sizeof(struct epoll_event))

/*
 * A tun in an epoll set. No one-shot entries are here: the kernel always answers for
 * these, and when all places are used.
 */
struct exec_watch {
	int			ep;
	int			fd;
	struct epoll_event	event;
};

static struct exec_watch exec_watches[EXEC_WATCHES];
static int exec_watches_used;	/* places up to here */
/* recursive: a signal handler may close a descriptor */
static pthread_mutex_t exec_watches_lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

static void exec_epoll_lock(void)
{
	pthread_mutex_lock(&exec_watches_lock);
}

static void exec_epoll_unlock(void)
{
	pthread_mutex_unlock(&exec_watches_lock);
}

/* The thread of a child has another number than the owner of the lock. */
static void exec_epoll_forked(void)
{
	exec_watches_lock =
		(pthread_mutex_t)PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
}

void exec_epoll_begin(void)
{
	pthread_atfork(exec_epoll_lock, exec_epoll_unlock, exec_epoll_forked);
}

static void exec_epoll_drop(struct exec_watch *w)
{
	exec_watches_used--;
	*w = exec_watches[exec_watches_used];
}

static void exec_epoll_forget(int ep, int fd)
{
	int i;

	exec_epoll_lock();
	for (i = exec_watches_used - 1; i >= 0; i--)
		if (exec_watches[i].ep == ep && exec_watches[i].fd == fd)
			exec_epoll_drop(&exec_watches[i]);
	exec_epoll_unlock();
}

static void exec_epoll_note(int ep, int fd, const struct epoll_event *event)
{
	const unsigned int special = EPOLLONESHOT | EPOLLEXCLUSIVE;

	if (!(event->events & (EPOLLIN | EPOLLRDNORM)) || event->events & special)
		return;
	exec_epoll_lock();
	if (exec_watches_used < EXEC_WATCHES)
		exec_watches[exec_watches_used++] = (struct exec_watch) {
			.ep = ep, .fd = fd, .event = *event,
		};
	exec_epoll_unlock();
}

/*
 * Plain tun has an edge for each packet, a ring only if the program has read all
 * packets before. A program that reads a packet for each edge needs the former.
 */
static void exec_epoll_edge(int fd)
{
	struct exec_file *f = exec_table_get(fd);

	if (!f)
		return;
	if (exec_file_lock(f)) {
		exec_setup_aside(f, fd, "EPOLLET");
		exec_file_unlock(f);
	}
	exec_file_put(f);
}

/* A descriptor is closed: of a tun, of an epoll set, or another. */
void exec_epoll_closed(int fd)
{
	int i;

	if (!__atomic_load_n(&exec_watches_used, __ATOMIC_RELAXED) ||
	    exec_file_borrowed())
		return;
	exec_epoll_lock();
	for (i = exec_watches_used - 1; i >= 0; i--)
		if (exec_watches[i].ep == fd || exec_watches[i].fd == fd)
			exec_epoll_drop(&exec_watches[i]);
	exec_epoll_unlock();
}

int exec_epoll_answer(int ep, struct epoll_event *events, int max)
{
	struct exec_watch *w;
	int i, ready = 0;

	if (!__atomic_load_n(&exec_watches_used, __ATOMIC_RELAXED) || max <= 0 ||
	    max > EXEC_MAX_EVENTS)
		return 0;
	exec_epoll_lock();
	for (i = 0; i < exec_watches_used && ready < max; i++) {
		w = &exec_watches[i];
		if (w->ep != ep || !exec_turn_has(w->fd))
			continue;
		if (!ready && !exec_turn_take(w->fd))
			break;
		events[ready] = w->event;
		events[ready++].events &= EPOLLIN | EPOLLRDNORM | EPOLLOUT |
					  EPOLLWRNORM;
	}
	exec_epoll_unlock();
	return ready;
}

/* The ring does not answer while the kernel changes the set. */
EXEC_CALL int epoll_ctl(int ep, int op, int fd, struct epoll_event *event)
{
	bool tun = exec_table_find(fd);
	int ret;

	if (tun)
		exec_epoll_forget(ep, fd);
	ret = exec_real()->epoll_ctl(ep, op, fd, event);
	if (tun && !ret && op != EPOLL_CTL_DEL) {
		if (event->events & EPOLLET)
			exec_epoll_edge(fd);
		exec_epoll_note(ep, fd, event);
	}
	return ret;
}

EXEC_CALL int epoll_wait(int ep, struct epoll_event *events, int max, int timeout)
{
	return exec_epoll_answer(ep, events, max) ?:
	       exec_real()->epoll_wait(ep, events, max, timeout);
}

EXEC_CALL int epoll_pwait(int ep, struct epoll_event *events, int max, int timeout,
			  const sigset_t *mask)
{
	return exec_epoll_answer(ep, events, max) ?:
	       exec_real()->epoll_pwait(ep, events, max, timeout, mask);
}

EXEC_CALL int epoll_pwait2(int ep, struct epoll_event *events, int max,
			   const struct timespec *ts, const sigset_t *mask)
{
	return exec_epoll_answer(ep, events, max) ?:
	       exec_real()->epoll_pwait2(ep, events, max, ts, mask);
}
