/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_MEMBER_H
#define TR_MEMBER_H

struct tunring;
struct tunring_pool;

int tr_pool_join(struct tunring *h, struct tunring_pool *p);
int tr_pool_get_buffers(struct tunring *h);
int tr_pool_claim(struct tunring *h);
void tr_pool_put_buffers(struct tunring *h);
int tr_pool_regions(struct tunring *h);

#endif /* TR_MEMBER_H */
