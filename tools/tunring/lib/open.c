// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "open.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <stdlib.h>
#include <string.h>

#include "handle/backend.h"
#include "handle/link.h"
#include "handle/options.h"
#include "handle/slots.h"
#include "memory/event.h"
#include "memory/map.h"
#include "memory/member.h"
#include "plain/plain.h"
#include "plain/setup.h"
#include "rings/rings.h"

int tr_new(struct tunring **handle, int fd, unsigned int flags,
	   const struct tr_ops *ops)
{
	struct tunring *h;

	h = aligned_alloc(TR_CACHELINE, sizeof(*h));
	if (!h)
		return -ENOMEM;
	memset(h, 0, sizeof(*h));
	h->ops = ops;
	h->fd = fd;
	h->mem_fd = -1;
	memset(h->event_fd, -1, sizeof(h->event_fd));
	h->own_fd = flags & TUNRING_ADOPT_CLOSE;
	*handle = h;
	return 0;
}

void tr_free(struct tunring *h)
{
	tr_map_free(h);
	tr_events_free(h);
	tr_plain_free(h);
	tr_slots_free(h);
	free(h);
}

static int tr_setup_backend(struct tunring *h, const struct tunring_options *opt,
			    const struct tr_backend *backend)
{
	int ret = backend->setup(h, opt);

	if (ret)
		return ret;
	tr_slots_place(h);
	h->backend = backend;
	return 0;
}

/*
 * The kernel has no rings, or refuses them to this process. TX_MARK takes a privilege
 * of its own: the caller learns that the feature, or that rings are refused.
 */
static bool tr_is_without_rings(int ret, const struct tunring_options *opt)
{
	return ret == -ENOTTY ||
	       (ret == -EPERM && !(opt->features & TUNRING_F_TX_MARK));
}

static int tr_setup(struct tunring *h, const struct tunring_options *opt)
{
	int ret = -ENOTTY;

	if (!(opt->flags & TUNRING_O_NO_RING)) {
		ret = tr_setup_backend(h, opt, &tr_ring_backend);
		if (!tr_is_without_rings(ret, opt))
			return ret;
		h->ring_errno = (uint32_t)-ret;
	}
	if (opt->flags & TUNRING_O_NEED_RING)
		return ret;
	return tr_setup_backend(h, opt, &tr_plain_backend);
}

static void tr_set_geometry(struct tunring *h, const struct tunring_options *opt)
{
	h->opt_flags = opt->flags;
	h->headroom = opt->headroom;
	h->tailroom = opt->tailroom;
	tr_slots_size(h, &h->rx, opt->rx_entries, tr_options_rx_buf(opt));
	tr_slots_size(h, &h->tx, opt->tx_entries, tr_options_tx_buf(opt));
}

int tr_adopt_pool(struct tunring **handle, int fd, unsigned int flags,
		  const struct tunring_options *opt, struct tunring_pool *pool,
		  const struct tr_ops *ops)
{
	struct tunring_options defaults;
	struct tunring *h;
	int ret;

	if (flags & ~TUNRING_ADOPT_CLOSE)
		return -EOPNOTSUPP;
	if (!opt) {
		tunring_options_init(&defaults);
		opt = &defaults;
	}
	ret = tr_options_check(opt);
	if (ret)
		return ret;
	ret = tr_new(&h, fd, flags, ops);
	if (ret)
		return ret;

	tr_set_geometry(h, opt);
	ret = pool ? tr_pool_join(h, pool) : 0;
	if (!ret)
		ret = tr_link_read(h);
	if (!ret)
		ret = tr_slots_init(h);
	if (!ret && h->shared)
		ret = tr_pool_get_buffers(h);
	if (!ret)
		ret = tr_setup(h, opt);
	if (ret) {
		tr_pool_put_buffers(h);
		tr_free(h);
		return ret;
	}
	*handle = h;
	return 0;
}

int tr_adopt(struct tunring **handle, int fd, unsigned int flags,
	     const struct tunring_options *opt, const struct tr_ops *ops)
{
	return tr_adopt_pool(handle, fd, flags, opt, NULL, ops);
}

int tunring_adopt(struct tunring **handle, int fd, unsigned int flags,
		  const struct tunring_options *opt)
{
	return tr_adopt(handle, fd, flags, opt, &tr_ops_linux);
}

int tunring_adopt_pool(struct tunring **handle, int fd, unsigned int flags,
		       const struct tunring_options *opt,
		       struct tunring_pool *pool)
{
	return tr_adopt_pool(handle, fd, flags, opt, pool, &tr_ops_linux);
}

int tunring_open_pool(struct tunring **handle, const char *name,
		      unsigned int iff, const struct tunring_options *opt,
		      struct tunring_pool *pool)
{
	const struct tr_ops *ops = &tr_ops_linux;
	struct ifreq ifr;
	int fd, ret;

	memset(&ifr, 0, sizeof(ifr));
	if (name) {
		if (strlen(name) >= sizeof(ifr.ifr_name))
			return -ENAMETOOLONG;
		memcpy(ifr.ifr_name, name, strlen(name));
	}
	if (iff & ~0xffffU)
		return -EINVAL;
	ifr.ifr_flags = (short)(iff | IFF_NO_PI);

	fd = ops->open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return fd;
	ret = ops->ioctl(fd, TUNSETIFF, &ifr);
	if (ret >= 0)
		ret = tr_adopt_pool(handle, fd, TUNRING_ADOPT_CLOSE, opt, pool,
				    ops);
	if (ret < 0)
		ops->close(fd);
	return ret;
}

int tunring_open(struct tunring **handle, const char *name, unsigned int iff,
		 const struct tunring_options *opt)
{
	return tunring_open_pool(handle, name, iff, opt, NULL);
}

void tunring_close(struct tunring *h)
{
	if (!h)
		return;
	h->backend->teardown(h);
	tr_pool_put_buffers(h);
	tunring_detach(h);
}

void tunring_detach(struct tunring *h)
{
	if (!h)
		return;
	if (h->own_fd)
		h->ops->close(h->fd);
	tr_free(h);
}
