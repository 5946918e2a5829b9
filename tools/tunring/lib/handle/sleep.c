// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "sleep.h"

#include <errno.h>
#include <poll.h>

#include "backend.h"

/* 0, or the negative errno of a queue in which nothing will move any more. */
int tr_sleep_ask(struct tunring *h, struct tr_direction *s)
{
	struct pollfd p = { .fd = h->fd };
	struct timespec none = { 0, 0 };
	int ret;

	s->syscalls++;
	ret = h->ops->ppoll(&p, 1, &none, NULL);
	if (ret <= 0 || !(p.revents & (POLLERR | POLLHUP | POLLNVAL)))
		return ret < 0 && ret != -EINTR ? ret : 0;
	ret = h->backend->check(h);
	return ret ? ret : -EIO;
}

/* A call found nothing: an error may be the reason. Returns 0 or the error. */
int tr_sleep_nothing(struct tunring *h, struct tr_direction *s)
{
	int ret;

	if (!tr_sleep_in_vain(s) && ++s->empty % TR_ASK_EVERY)
		return 0;
	ret = tr_sleep_ask(h, s);
	/* An error stays: each further call has to report it. */
	s->slept = ret != 0;
	if (ret)
		s->slept_at = s->last_used;
	return ret;
}
