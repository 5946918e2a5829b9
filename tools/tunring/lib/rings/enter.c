// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "enter.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "../kernel/barrier.h"

/* Does the kernel ask for a kick for the buffers made available on this side? */
bool tr_ring_kick_needed(const struct tunring *h, struct tr_direction *s)
{
	uint16_t old = s->kick_idx;

	if (s->avail_idx == old)
		return s->kick_pending;
	s->kick_idx = s->avail_idx;
	tr_fence();	/* b */
	if (h->event_idx)
		s->kick_pending |= vring_need_event(tr_load16(s->vq.avail_event),
						    s->avail_idx, old);
	else
		s->kick_pending |= !(tr_load16(&s->vq.used->flags) &
				     VRING_USED_F_NO_NOTIFY);
	return s->kick_pending;
}

int tr_ring_enter(struct tunring *h, struct tr_direction *side, unsigned int flags,
		  int64_t timeout_ns, const sigset_t *mask)
{
	struct tun_ring_enter e;
	int ret;

	memset(&e, 0, sizeof(e));
	e.flags = flags;
	if (flags & TUN_RING_ENTER_WAIT) {
		e.timeout_ns = timeout_ns;
		if (mask) {
			e.sigmask = (uint64_t)(uintptr_t)mask;
			/* The kernel's sigset_t, which is shorter than libc's. */
			e.sigsetsize = (_NSIG - 1) / 8;
		}
	}
	side->syscalls++;
	ret = h->ops->ioctl(h->fd, TUNRINGENTER, &e);
	/* The kernel has processed the ring, also if the device is down. */
	if (flags & TUN_RING_ENTER_TX)
		h->tx.kick_pending = false;
	if (flags & TUN_RING_ENTER_RX)
		h->rx.kick_pending = false;
	return ret;
}
