/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_PLAIN_SETUP_H
#define TR_PLAIN_SETUP_H

struct tunring;
struct tunring_options;

int tr_plain_setup(struct tunring *h, const struct tunring_options *opt);
void tr_plain_free(struct tunring *h);
void tr_plain_restore(struct tunring *h);

#endif /* TR_PLAIN_SETUP_H */
