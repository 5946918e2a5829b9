/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_PLAIN_WAIT_H
#define TR_PLAIN_WAIT_H

#include <signal.h>
#include <stdint.h>

struct tunring;

int tr_plain_wait(struct tunring *h, int64_t timeout_ns, const sigset_t *mask,
		  unsigned int flags);

#endif /* TR_PLAIN_WAIT_H */
