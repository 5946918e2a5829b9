/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_SHARE_H
#define TR_SHARE_H

#include "handle/handle.h"

int tr_import(struct tunring **handle, int fd, int mem_fd, unsigned int flags,
	      const struct tunring_layout *layout, const struct tr_ops *ops);

#endif /* TR_SHARE_H */
