// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "query.h"

#include <errno.h>
#include <linux/if_tun_ring.h>
#include <string.h>

#include "ops.h"
#include "tunring/info.h"
#include "tunring/options.h"

/* -ENOTTY where there are no rings: the kernel may have another errno for it. */
int tr_ring_query(const struct tr_ops *ops, int fd, struct tun_ring_query *q)
{
	int ret;

	memset(q, 0, sizeof(*q));
	ret = ops->ioctl(fd, TUNRINGQUERY, q);
	if (ret == -EINVAL || ret == -EBADFD)
		ret = -ENOTTY;
	if (ret < 0)
		return ret;
	/* Without records, or with others, this library has no use for it. */
	if (!(q->features & TUNRING_F_META) ||
	    q->meta_size != sizeof(struct tun_ring_meta))
		return -ENOTTY;
	return 0;
}

int tunring_query(int fd, struct tunring_caps *caps)
{
	struct tun_ring_query q;
	int ret = tr_ring_query(&tr_ops_linux, fd, &q);

	if (ret)
		return ret;
	memset(caps, 0, sizeof(*caps));
	caps->features = q.features;
	caps->max_entries = q.max_entries;
	caps->max_chain = q.max_chain;
	caps->max_pool = q.max_pool;
	caps->mode = q.mode;
	return 0;
}
