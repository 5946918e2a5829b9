/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_EVENT_H
#define TR_EVENT_H

#include <stdbool.h>

struct tunring;
struct tunring_options;

int tr_events_init(struct tunring *h, const struct tunring_options *opt);
void tr_events_free(struct tunring *h);

#endif /* TR_EVENT_H */
