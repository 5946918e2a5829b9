/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_RING_SETUP_H
#define TR_RING_SETUP_H

struct tunring;
struct tunring_options;

int tr_ring_setup(struct tunring *h, const struct tunring_options *opt);
void tr_ring_start(struct tunring *h);
void tr_ring_end(struct tunring *h);

#endif /* TR_RING_SETUP_H */
