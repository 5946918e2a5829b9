// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "setup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "../handle/slots.h"
#include "../memory/pool.h"

/* TUNGETVNETBE fails where the kernel was built without cross-endian support. */
static bool tr_plain_headers_big(struct tunring *h)
{
	int big = 0, little = 0;

	if (h->ops->ioctl(h->fd, TUNGETVNETLE, &little) >= 0 && little)
		return false;
	if (h->ops->ioctl(h->fd, TUNGETVNETBE, &big) >= 0 && big)
		return true;
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
}

static int tr_plain_read_headers(struct tunring *h)
{
	int size = 0, ret;

	/* The bit set may be IFF_NOFILTER; the bit clear is certain. */
	h->has_pi = !(h->iff & IFF_NO_PI) || (h->opt_flags & TUNRING_O_PI);
	if (!(h->iff & IFF_VNET_HDR))
		return 0;
	ret = h->ops->ioctl(h->fd, TUNGETVNETHDRSZ, &size);
	if (ret < 0)
		return ret;
	if (size < 10 || size > 64)
		return -EINVAL;
	h->vnet_size = (uint32_t)size;
	h->vnet_big = tr_plain_headers_big(h);
	return 0;
}

static int tr_plain_make_nonblocking(struct tunring *h)
{
	int fl = h->ops->fcntl(h->fd, F_GETFL, 0);
	int ret;

	if (fl < 0)
		return fl;
	if (fl & O_NONBLOCK)
		return 0;
	ret = h->ops->fcntl(h->fd, F_SETFL, fl | O_NONBLOCK);
	if (ret >= 0)
		h->was_blocking = true;
	return ret;
}

static int tr_plain_init_pool(struct tunring *h)
{
	size_t len = (size_t)tr_slots_bytes(h);
	int ret;

	if (h->shared) {
		h->pool = tr_pool_base(h->shared);
		return 0;
	}
	ret = h->ops->mmap(&h->pool_area.base, len, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (ret < 0)
		return ret;
	h->pool_area.len = len;
	h->pool = h->pool_area.base;
	return 0;
}

int tr_plain_setup(struct tunring *h, const struct tunring_options *opt)
{
	uint64_t offered = TUNRING_F_META | TUNRING_F_RX_TSTAMP |
			   TUNRING_F_VERSION_1;
	int ret;

	if (opt->features & ~offered)
		return -EOPNOTSUPP;
	ret = tr_plain_read_headers(h);
	if (ret)
		return ret;

	h->rx.own_meta = calloc(h->rx.entries, sizeof(*h->rx.own_meta));
	h->tx.own_meta = calloc(h->tx.entries, sizeof(*h->tx.own_meta));
	h->fifo.head = calloc(h->tx.entries, sizeof(*h->fifo.head));
	h->overflow.mem = malloc(TR_OVERFLOW);
	if (!h->rx.own_meta || !h->tx.own_meta || !h->fifo.head ||
	    !h->overflow.mem)
		return -ENOMEM;
	h->rx.vq.meta = h->rx.own_meta;
	h->tx.vq.meta = h->tx.own_meta;
	ret = tr_plain_init_pool(h);
	if (ret < 0)
		return ret;
	ret = tr_plain_make_nonblocking(h);
	if (ret < 0)
		return ret;
	h->features = (opt->features | opt->want | TUNRING_F_META) & offered;
	return 0;
}

void tr_plain_free(struct tunring *h)
{
	free(h->rx.own_meta);
	free(h->tx.own_meta);
	free(h->fifo.head);
	free(h->overflow.mem);
}

void tr_plain_restore(struct tunring *h)
{
	int fl;

	if (!h->was_blocking)
		return;
	fl = h->ops->fcntl(h->fd, F_GETFL, 0);
	if (fl >= 0)
		h->ops->fcntl(h->fd, F_SETFL, fl & ~O_NONBLOCK);
}
