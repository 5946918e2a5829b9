/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_MAP_H
#define TR_MAP_H

struct tunring;

int tr_map(struct tunring *h);
void tr_map_free(struct tunring *h);

#endif /* TR_MAP_H */
