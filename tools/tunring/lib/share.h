/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_SHARE_H
#define TR_SHARE_H

#include "handle/handle.h"

/* Descriptors and memory that the importing process has got from the other one. */
struct tr_source {
	int			fd;	/* the tun */
	int			mem_fd;	/* memory of attached rings, or -1 */
	unsigned int		flags;	/* TUNRING_ADOPT_* */
	struct tunring_pool	*pool;	/* in which the packets lie, or NULL */
};

int tr_import(struct tunring **handle, const struct tr_source *from,
	      const struct tunring_layout *layout, const struct tr_ops *ops);

#endif /* TR_SHARE_H */
