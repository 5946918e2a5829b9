// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Packet buffers for several handles, in a file that another process can map. */
#include "pool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAX_BUFS	(1U << 24)

/* Maps the file, which is the pool's from now on. */
static int tr_pool_map_file(struct tunring_pool *p, int fd, size_t len, size_t page)
{
	int ret;

	if (fd < 0)
		return fd;
	ret = p->ops->mmap(&p->area.base, len, PROT_READ | PROT_WRITE,
			   MAP_SHARED, fd, 0);
	if (ret) {
		p->ops->close(fd);
		return ret;
	}
	p->mem_fd = fd;
	p->area.len = len;
	p->page = page;
	return 0;
}

static size_t tr_pool_pages(size_t len, size_t page)
{
	return (len + page - 1) / page * page;
}

/* Without huge pages the pool is on ordinary ones; its flags show it. */
static int tr_pool_map(struct tunring_pool *p)
{
	size_t len = (size_t)p->bufs * p->buf_size, page;
	int fd;

	if (p->flags & TUNRING_O_HUGE) {
		fd = p->ops->memfd_huge(&len, &page);
		if (!tr_pool_map_file(p, fd, len, page))
			return 0;
	}
	p->flags &= ~TUNRING_O_HUGE;
	page = (size_t)sysconf(_SC_PAGESIZE);
	/* the driver takes regions of whole pages */
	len = tr_pool_pages((size_t)p->bufs * p->buf_size, page);
	return tr_pool_map_file(p, p->ops->memfd(len), len, page);
}

/* A pool without memory, all of whose buffers are free. */
static int tr_pool_init(struct tunring_pool **pool, uint32_t bufs,
			uint32_t buf_size, uint32_t flags, const struct tr_ops *ops)
{
	struct tunring_pool *p;

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
	while (p->nfree < bufs) {
		p->free[p->nfree] = bufs - 1 - p->nfree;
		p->nfree++;
	}
	*pool = p;
	return 0;
}

int tr_pool_new(struct tunring_pool **pool, uint32_t bufs, uint32_t buf_size,
		uint32_t flags, const struct tr_ops *ops)
{
	struct tunring_pool *p;
	int ret;

	ret = tr_pool_init(&p, bufs, buf_size, flags, ops);
	if (ret)
		return ret;
	ret = tr_pool_map(p);
	if (ret < 0) {
		free(p);
		return ret;
	}
	*pool = p;
	return 0;
}

int tr_pool_import(struct tunring_pool **pool, int fd,
		   const struct tunring_pool_info *info, const struct tr_ops *ops)
{
	struct tunring_pool *p;
	int64_t size = ops->size(fd);
	size_t len;
	int ret;

	if (size < 0)
		return (int)size;
	/* memory that is not pinned ends with the process */
	if (!(info->flags & TUNRING_O_PIN) || !info->page_size)
		return -EINVAL;
	ret = tr_pool_init(&p, info->bufs, info->buf_size, info->flags, ops);
	if (ret)
		return ret;
	len = tr_pool_pages((size_t)p->bufs * p->buf_size, (size_t)info->page_size);
	ret = (uint64_t)size < len ? -EINVAL : ops->fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (ret >= 0)
		ret = tr_pool_map_file(p, ret, len, (size_t)info->page_size);
	if (ret < 0) {
		free(p);
		return ret;
	}
	*pool = p;
	return 0;
}

int tunring_pool_import(struct tunring_pool **pool, int memory_fd,
			const struct tunring_pool_info *info)
{
	return tr_pool_import(pool, memory_fd, info, &tr_ops_linux);
}

int tunring_pool_fd(const struct tunring_pool *p)
{
	return p->mem_fd;
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
	p->ops->close(p->mem_fd);
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

void *tr_pool_base(const struct tunring_pool *p)
{
	return p->area.base;
}
