/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_OPEN_H
#define TR_OPEN_H

#include "handle/handle.h"

int tr_adopt(struct tunring **handle, int fd, unsigned int flags,
	     const struct tunring_options *opt, const struct tr_ops *ops);
int tr_adopt_pool(struct tunring **handle, int fd, unsigned int flags,
		  const struct tunring_options *opt, struct tunring_pool *pool,
		  const struct tr_ops *ops);
int tr_new(struct tunring **handle, int fd, unsigned int flags,
	   const struct tr_ops *ops);
void tr_free(struct tunring *h);

#endif /* TR_OPEN_H */
