// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "tunring/wait.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "handle/backend.h"
#include "handle/sleep.h"
#include "tunring/poll.h"

#define AT_HAND	64	/* descriptors for which the stack has room */

int tunring_wait(struct tunring *h, int64_t timeout_ns, const sigset_t *mask,
		 unsigned int flags)
{
	if (flags & ~TUNRING_WAIT_TX || timeout_ns < -1)
		return -EINVAL;
	return h->backend->wait(h, timeout_ns, mask, flags);
}

int tunring_prepare_wait(struct tunring *h)
{
	struct tr_direction *s = &h->rx;
	int ret = h->backend->rx_arm(h);

	if (ret)
		return 1;
	if (tr_sleep_in_vain(s))
		ret = tr_sleep_ask(h, s);
	tr_sleep_begin(s);
	return ret;
}

int tunring_tx_prepare_wait(struct tunring *h)
{
	struct tr_direction *s = &h->tx;
	int ret = 0;

	h->backend->tx_reclaim(h);
	if (!s->nfree) {
		h->backend->tx_arm(h);
		h->backend->tx_reclaim(h);
	}
	/* A write that was refused has to be repeated. */
	if (s->nfree && !h->fifo.count)
		return 1;
	if (tr_sleep_in_vain(s))
		ret = tr_sleep_ask(h, s);
	tr_sleep_begin(s);
	return ret;
}

int tunring_check(struct tunring *h)
{
	return h->backend->check(h);
}

/* The result of a prepare_wait function for one of the events. */
static void tr_poll_note(struct tunring_poll *p, short event, int ret)
{
	if (ret > 0) {
		p->revents |= event;
	} else if (ret < 0) {
		p->revents |= POLLERR;
		p->error = ret;
	}
}

/* Returns whether the entry is ready without a look at the descriptor. */
static bool tr_poll_prepare(struct tunring_poll *p, struct pollfd *f)
{
	p->revents = 0;
	p->error = 0;
	f->fd = p->handle ? p->handle->fd : p->fd;
	f->events = p->events;
	f->revents = 0;
	if (!p->handle)
		return false;
	if (p->events & POLLIN)
		tr_poll_note(p, POLLIN, tunring_prepare_wait(p->handle));
	if (p->events & POLLOUT)
		tr_poll_note(p, POLLOUT, tunring_tx_prepare_wait(p->handle));
	return p->revents;
}

static void tr_poll_result(struct tunring_poll *p, const struct pollfd *f)
{
	int ret;

	if (!p->handle) {
		p->revents = f->revents;
		return;
	}
	p->revents |= f->revents & p->events;
	if (!(f->revents & (POLLERR | POLLHUP | POLLNVAL)) || p->error)
		return;
	ret = p->handle->backend->check(p->handle);
	tr_poll_note(p, 0, ret ? ret : -EIO);
}

static int tr_poll_sleep(const struct tr_ops *ops, struct pollfd *fds,
			 unsigned int n, int64_t timeout_ns, const sigset_t *mask)
{
	struct timespec ts = {
		.tv_sec = (time_t)(timeout_ns / 1000000000),
		.tv_nsec = (long)(timeout_ns % 1000000000),
	};

	return ops->ppoll(fds, n, timeout_ns < 0 ? NULL : &ts, mask);
}

static int tr_poll(struct tunring_poll *polls, struct pollfd *fds, unsigned int n,
		   int64_t timeout_ns, const sigset_t *mask)
{
	const struct tr_ops *ops = &tr_ops_linux;
	bool ready = false, others = false;
	unsigned int i;
	int ret = 0;

	for (i = 0; i < n; i++) {
		ready |= tr_poll_prepare(&polls[i], &fds[i]);
		others |= !polls[i].handle;
		if (polls[i].handle)
			ops = polls[i].handle->ops;
	}
	if (others || !ready)
		ret = tr_poll_sleep(ops, fds, n, ready ? 0 : timeout_ns, mask);
	if (ret < 0 && !ready)
		return ret;
	for (i = 0, ret = 0; i < n; i++) {
		tr_poll_result(&polls[i], &fds[i]);
		ret += polls[i].revents != 0;
	}
	return ret;
}

int tunring_poll(struct tunring_poll *polls, unsigned int n, int64_t timeout_ns,
		 const sigset_t *mask)
{
	struct pollfd at_hand[AT_HAND], *fds = at_hand;
	int ret;

	if (timeout_ns < -1)
		return -EINVAL;
	if (n > AT_HAND) {
		fds = calloc(n, sizeof(*fds));
		if (!fds)
			return -ENOMEM;
	}
	ret = tr_poll(polls, fds, n, timeout_ns, mask);
	if (fds != at_hand)
		free(fds);
	return ret;
}

int tunring_wake_new(void)
{
	return tr_ops_linux.eventfd();
}

int tunring_wake(int fd)
{
	uint64_t one = 1;
	struct iovec iov = { .iov_base = &one, .iov_len = sizeof(one) };
	ssize_t ret = tr_ops_linux.writev(fd, &iov, 1);

	/* a counter that is full wakes as well */
	return ret < 0 && ret != -EAGAIN ? (int)ret : 0;
}

int tunring_wake_clear(int fd)
{
	uint64_t count;
	struct iovec iov = { .iov_base = &count, .iov_len = sizeof(count) };
	ssize_t ret = tr_ops_linux.readv(fd, &iov, 1);

	if (ret == -EAGAIN)
		return 0;
	return ret < 0 ? (int)ret : 1;
}
