/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_ENTER_H
#define TR_ENTER_H

#include "../handle/handle.h"

bool tr_ring_kick_needed(const struct tunring *h, struct tr_direction *s);
int tr_ring_enter(struct tunring *h, struct tr_direction *side, unsigned int flags,
		  int64_t timeout_ns, const sigset_t *mask);

#endif /* TR_ENTER_H */
