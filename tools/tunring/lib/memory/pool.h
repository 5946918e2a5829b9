/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_POOL_H
#define TR_POOL_H

#include <stdint.h>

#include "../handle/handle.h"

struct tunring_pool {
	const struct tr_ops	*ops;
	struct tr_area		area;
	size_t			page;	/* bytes */
	int			tun;	/* has the pinned table, or -1 */
	int			mem_fd;	/* in which the buffers lie */
	uint32_t		flags;
	uint32_t		bufs;
	uint32_t		buf_size;
	uint32_t		users;
	uint32_t		nfree;
	uint32_t		free[];	/* stack of buffers that no handle has */
};

int tr_pool_new(struct tunring_pool **pool, uint32_t bufs, uint32_t buf_size,
		uint32_t flags, const struct tr_ops *ops);
int tr_pool_import(struct tunring_pool **pool, int fd,
		   const struct tunring_pool_info *info, const struct tr_ops *ops);
void *tr_pool_base(const struct tunring_pool *p);

#endif /* TR_POOL_H */
