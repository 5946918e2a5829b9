/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_LINK_H
#define TR_LINK_H

struct tunring;

int tr_link_read(struct tunring *h);
int tr_link_check(const struct tunring *h);

#endif /* TR_LINK_H */
