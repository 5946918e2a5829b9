// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KNOWN_FLAGS (TUNRING_O_NO_RING | TUNRING_O_NEED_RING | \
		     TUNRING_O_NO_EVENT_IDX | TUNRING_O_PI | \
		     TUNRING_O_ATTACH | TUNRING_O_PIN | TUNRING_O_MEMORY | \
		     TUNRING_O_EVENTFD)

void tunring_options_init(struct tunring_options *opt)
{
	memset(opt, 0, sizeof(*opt));
	opt->size = sizeof(*opt);
	opt->rx_entries = 256;
	opt->tx_entries = 256;
	opt->buf_size = 2048;
	opt->headroom = 64;
	opt->tailroom = 64;
}

static bool entries_valid(uint32_t n)
{
	return n >= 1 && n <= TUN_RING_MAX_ENTRIES && (n & (n - 1)) == 0;
}

static bool memory_valid(const struct tunring_options *opt)
{
	if (!(opt->flags & TUNRING_O_ATTACH) &&
	    opt->flags & (TUNRING_O_PIN | TUNRING_O_MEMORY | TUNRING_O_EVENTFD))
		return false;
	if (!(opt->flags & TUNRING_O_MEMORY))
		return !opt->memory_fd && !opt->memory_offset;
	return opt->memory_offset % (uint64_t)sysconf(_SC_PAGESIZE) == 0 &&
	       opt->memory_offset <= INT64_MAX / 2;
}

int tr_options_check(const struct tunring_options *opt)
{
	uint64_t known = TUNRING_F_META | TUNRING_F_RX_TSTAMP |
			 TUNRING_F_TX_MARK | TUNRING_F_RX_DROP |
			 TUNRING_F_INDIRECT_DESC | TUNRING_F_EVENT_IDX |
			 TUNRING_F_VERSION_1;
	uint64_t pool;

	if (opt->size != sizeof(*opt) ||
	    opt->tx_poll_us > TUN_RING_MAX_POLL_US)
		return -EINVAL;
	if ((opt->flags & ~KNOWN_FLAGS) || ((opt->features | opt->want) & ~known))
		return -EOPNOTSUPP;
	if ((opt->flags & TUNRING_O_NO_RING) &&
	    (opt->flags & TUNRING_O_NEED_RING))
		return -EINVAL;
	if (!memory_valid(opt) || !tr_events_valid(opt))
		return -EINVAL;
	if (!entries_valid(opt->rx_entries) || !entries_valid(opt->tx_entries))
		return -EINVAL;
	if (opt->buf_size > TUN_RING_MAX_BUF || opt->headroom > opt->buf_size ||
	    opt->tailroom > opt->buf_size - opt->headroom ||
	    opt->buf_size - opt->headroom - opt->tailroom < TUN_RING_MIN_BUF)
		return -EINVAL;
	pool = ((uint64_t)opt->rx_entries + opt->tx_entries) *
	       ((opt->buf_size + 63U) & ~63U);
	return pool > TUN_RING_MAX_POOL ? -EINVAL : 0;
}

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
	tr_ring_unmap(h);
	tr_events_free(h);
	tr_plain_free(h);
	tr_slots_free(h);
	free(h);
}

/*
 * What kind of link the fd carries. -EBADFD if it was never attached, or is no
 * tun: -ENOTTY would say that there are no rings.
 */
int tr_read_link(struct tunring *h)
{
	struct ifreq ifr;
	int ret;

	memset(&ifr, 0, sizeof(ifr));
	ret = h->ops->ioctl(h->fd, TUNGETIFF, &ifr);
	if (ret == -ENOTTY)
		ret = -EBADFD;
	if (ret < 0)
		return ret;
	h->iff = (uint16_t)ifr.ifr_flags;
	h->tap = (h->iff & IFF_TAP) == IFF_TAP;
	memcpy(h->name, ifr.ifr_name, sizeof(h->name));
	h->name[sizeof(h->name) - 1] = '\0';
	return 0;
}

static int setup(struct tunring *h, const struct tunring_options *opt)
{
	int ret = -ENOTTY;

	if (!(opt->flags & TUNRING_O_NO_RING)) {
		ret = tr_ring_setup(h, opt);
		if (ret != -ENOTTY)
			return ret;
		h->ring_errno = ENOTTY;
	}
	if (opt->flags & TUNRING_O_NEED_RING)
		return ret;
	return tr_plain_setup(h, opt);
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

	h->opt_flags = opt->flags;
	h->buf_size = (opt->buf_size + 63U) & ~63U;
	h->headroom = opt->headroom;
	h->tailroom = opt->tailroom;
	h->room = h->buf_size - h->headroom - h->tailroom;
	h->rx.entries = opt->rx_entries;
	h->tx.entries = opt->tx_entries;

	ret = pool ? tr_pool_join(h, pool) : 0;
	if (!ret)
		ret = tr_read_link(h);
	if (!ret)
		ret = tr_slots_init(h);
	if (!ret)
		ret = setup(h, opt);
	if (ret) {
		tr_pool_give(h);
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
	if (h->mode == TUNRING_MODE_RING) {
		tr_ring_end(h);
	} else {
		tr_plain_tx_flush(h);
		tr_plain_restore(h);
	}
	tr_pool_give(h);
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
