/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_POOL_H
#define TR_POOL_H

#include <stdint.h>

struct tr_ops;
struct tunring;
struct tunring_pool;

int tr_pool_new(struct tunring_pool **pool, uint32_t bufs, uint32_t buf_size,
		uint32_t flags, const struct tr_ops *ops);
int tr_pool_join(struct tunring *h, struct tunring_pool *p);
void *tr_pool_base(const struct tunring_pool *p);
int tr_pool_take(struct tunring *h);
void tr_pool_give(struct tunring *h);
int tr_pool_regions(struct tunring *h);

#endif /* TR_POOL_H */
