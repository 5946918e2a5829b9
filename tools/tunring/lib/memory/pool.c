// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * Packet buffers for several handles. A buffer begins at the same place for all of
 * them: to hand a packet to another handle, two slots exchange their buffers.
 */
#include "pool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../handle/handle.h"

#define MAX_BUFS	(1U << 24)

struct tunring_pool {
	const struct tr_ops	*ops;
	struct tr_area		area;
	size_t			page;	/* bytes */
	int			tun;	/* has the pinned table, or -1 */
	uint32_t		flags;
	uint32_t		bufs;
	uint32_t		buf_size;
	uint32_t		users;
	uint32_t		nfree;
	uint32_t		free[];	/* stack of buffers that no handle has */
};

static int tr_pool_map_huge(struct tunring_pool *p)
{
	size_t len = p->area.len, page;
	int fd = p->ops->memfd_huge(&len, &page), ret;

	if (fd < 0)
		return fd;
	ret = p->ops->mmap(&p->area.base, len, PROT_READ | PROT_WRITE,
			   MAP_SHARED, fd, 0);
	p->ops->close(fd);
	if (ret)
		return ret;
	p->area.len = len;
	p->page = page;
	return 0;
}

/* Without huge pages the pool is on ordinary ones; its flags show it. */
static int tr_pool_map(struct tunring_pool *p)
{
	if (p->flags & TUNRING_O_HUGE && !tr_pool_map_huge(p))
		return 0;
	p->flags &= ~TUNRING_O_HUGE;
	p->page = (size_t)sysconf(_SC_PAGESIZE);
	/* the driver takes regions of whole pages */
	p->area.len = (p->area.len + p->page - 1) & ~(p->page - 1);
	return p->ops->mmap(&p->area.base, p->area.len, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

int tr_pool_new(struct tunring_pool **pool, uint32_t bufs, uint32_t buf_size,
		uint32_t flags, const struct tr_ops *ops)
{
	struct tunring_pool *p;
	int ret;

	if (flags & ~(TUNRING_O_PIN | TUNRING_O_HUGE))
		return -EOPNOTSUPP;
	if (!bufs || bufs > MAX_BUFS || buf_size < TUN_RING_MIN_BUF ||
	    buf_size > TUN_RING_MAX_BUF)
		return -EINVAL;
	p = calloc(1, sizeof(*p) + bufs * sizeof(p->free[0]));
	if (!p)
		return -ENOMEM;
	p->ops = ops;
	p->tun = -1;
	p->flags = flags;
	p->bufs = bufs;
	p->buf_size = (buf_size + 63U) & ~63U;
	p->area.len = (size_t)bufs * p->buf_size;
	ret = tr_pool_map(p);
	if (ret < 0) {
		free(p);
		return ret;
	}
	while (p->nfree < bufs) {
		p->free[p->nfree] = bufs - 1 - p->nfree;
		p->nfree++;
	}
	*pool = p;
	return 0;
}

int tunring_pool_new(struct tunring_pool **pool, uint32_t bufs,
		     uint32_t buf_size, uint32_t flags)
{
	return tr_pool_new(pool, bufs, buf_size, flags, &tr_ops_linux);
}

int tunring_pool_free(struct tunring_pool *p)
{
	if (!p)
		return 0;
	if (p->users)
		return -EBUSY;
	if (p->tun >= 0)
		p->ops->close(p->tun);
	p->ops->munmap(p->area.base, p->area.len);
	free(p);
	return 0;
}

void tunring_pool_get_info(const struct tunring_pool *p,
			   struct tunring_pool_info *info)
{
	memset(info, 0, sizeof(*info));
	info->bufs = p->bufs;
	info->free = p->nfree;
	info->buf_size = p->buf_size;
	info->handles = p->users;
	info->flags = p->flags;
	info->page_size = p->page;
}

/* The handle's packets will lie there; its options are set. */
int tr_pool_join(struct tunring *h, struct tunring_pool *p)
{
	if (h->rx.buf_size != p->buf_size || h->tx.buf_size != p->buf_size)
		return -EINVAL;
	if (h->opt_flags & TUNRING_O_PIN && !(p->flags & TUNRING_O_PIN))
		return -EINVAL;
	/* The kernel's rings reach pinned memory only. */
	h->opt_flags |= p->flags & TUNRING_O_PIN ? TUNRING_O_PIN :
						    TUNRING_O_ATTACH;
	h->shared = p;
	return 0;
}

void *tr_pool_base(const struct tunring_pool *p)
{
	return p->area.base;
}

/* Where a free buffer begins. */
static uint64_t tr_pool_get(struct tunring_pool *p)
{
	return (uint64_t)p->free[--p->nfree] * p->buf_size;
}

static void tr_pool_put(struct tunring_pool *p, uint64_t at)
{
	p->free[p->nfree++] = (uint32_t)(at / p->buf_size);
}

/* A buffer for each slot. */
int tr_pool_take(struct tunring *h)
{
	struct tunring_pool *p = h->shared;
	uint32_t i;

	if (p->nfree < h->rx.entries + h->tx.entries)
		return -ENOBUFS;
	for (i = 0; i < h->rx.entries; i++)
		h->rx.slots[i].at = tr_pool_get(p);
	for (i = 0; i < h->tx.entries; i++)
		h->tx.slots[i].at = tr_pool_get(p);
	p->users++;
	h->pooled = true;
	return 0;
}

/* Return the buffers that the slots have. The rings are torn down. */
void tr_pool_give(struct tunring *h)
{
	struct tunring_pool *p = h->shared;
	uint32_t i;

	if (!h->pooled)
		return;
	for (i = 0; i < h->tx.entries; i++)
		tr_pool_put(p, h->tx.slots[i].at);
	for (i = 0; i < h->rx.entries; i++)
		tr_pool_put(p, h->rx.slots[i].at);
	p->users--;
	h->pooled = false;
}

static int tr_pool_set_regions(const struct tunring_pool *p, int fd)
{
	struct tun_ring_region region = {
		.len = p->area.len, .user = (uintptr_t)p->area.base,
	};
	struct tun_ring_regions r = {
		.n = 1,
		.flags = p->flags & TUNRING_O_PIN ? TUN_RING_REGIONS_PIN : 0,
		.regions = (uintptr_t)&region,
	};

	return p->ops->ioctl(fd, TUNRINGREGIONS, &r);
}

/* A descriptor without a device has the table, which so is pinned once. */
static int tr_pool_init_table(struct tunring_pool *p)
{
	int fd = p->ops->open("/dev/net/tun", O_RDWR | O_CLOEXEC), ret;

	if (fd < 0)
		return fd;
	ret = tr_pool_set_regions(p, fd);
	if (ret < 0) {
		p->ops->close(fd);
		return ret;
	}
	p->tun = fd;
	return 0;
}

/* Tell the handle's queue where packets lie. */
int tr_pool_regions(struct tunring *h)
{
	struct tunring_pool *p = h->shared;
	struct tun_ring_regions r = {
		.flags = TUN_RING_REGIONS_PIN | TUN_RING_REGIONS_SHARE,
	};
	int ret = 0;

	if (!(p->flags & TUNRING_O_PIN))
		return tr_pool_set_regions(p, h->fd);
	if (p->tun < 0)
		ret = tr_pool_init_table(p);
	if (ret)
		return ret;
	r.fd = p->tun;
	return h->ops->ioctl(h->fd, TUNRINGREGIONS, &r);
}
