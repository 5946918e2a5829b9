/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_ADOPT_H
#define TR_ADOPT_H

#include <stdbool.h>

struct tr_layout;
struct tunring;

bool tr_adopt_exchange(const struct tunring *h);
int tr_adopt_state(struct tunring *h, const struct tr_layout *l);

#endif /* TR_ADOPT_H */
