// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * Eventfds of attached rings. The library hands them to the kernel and to the
 * program, and uses none itself: TUNRINGENTER kicks, and reports errors.
 */
#include "event.h"

#include <errno.h>
#include <fcntl.h>

#include "../handle/handle.h"

static int tr_events_get(const struct tunring *h, int fd)
{
	if (fd == TUNRING_EVENT_NEW)
		return h->ops->eventfd();
	return h->ops->fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

/* Descriptors of our own, so that they last as long as the handle. */
int tr_events_init(struct tunring *h, const struct tunring_options *opt)
{
	unsigned int i;
	int fd;

	if (!(opt->flags & TUNRING_O_EVENTFD))
		return 0;
	for (i = 0; i < TUNRING_EVENTS; i++) {
		if (opt->event_fd[i] == TUNRING_EVENT_NONE)
			continue;
		fd = tr_events_get(h, opt->event_fd[i]);
		if (fd < 0)
			return fd;
		h->event_fd[i] = fd;
	}
	return 0;
}

void tr_events_free(struct tunring *h)
{
	unsigned int i;

	for (i = 0; i < TUNRING_EVENTS; i++)
		if (h->event_fd[i] >= 0)
			h->ops->close(h->event_fd[i]);
}

int tunring_event_fd(const struct tunring *h, enum tunring_event event)
{
	unsigned int i = event;

	if (i >= TUNRING_EVENTS)
		return -EINVAL;
	return h->event_fd[i] < 0 ? -ENXIO : h->event_fd[i];
}
