/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_RING_WAIT_H
#define TR_RING_WAIT_H

#include <signal.h>
#include <stdint.h>

struct tunring;

int tr_ring_wait(struct tunring *h, int64_t timeout_ns, const sigset_t *mask,
		 unsigned int flags);

#endif /* TR_RING_WAIT_H */
