// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * Handles in a pool. A buffer begins at the same place for all of them: to hand a packet
 * to another handle, two slots exchange their buffers.
 */
#include "member.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "../handle/handle.h"
#include "pool.h"

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
int tr_pool_get_buffers(struct tunring *h)
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

/* Takes the buffers of one side out of the map of free ones. */
static bool tr_pool_claim_side(const struct tunring_pool *p, const struct tr_direction *s,
			       uint8_t *is_free)
{
	uint64_t buf;
	uint32_t i;

	for (i = 0; i < s->entries; i++) {
		buf = s->slots[i].at / p->buf_size;
		if (buf >= p->bufs || !(is_free[buf / 8] & 1U << buf % 8))
			return false;
		is_free[buf / 8] &= (uint8_t)~(1U << buf % 8);
	}
	return true;
}

/* The slots have buffers already, which another process took out of the pool. */
int tr_pool_claim(struct tunring *h)
{
	struct tunring_pool *p = h->shared;
	uint8_t *is_free = calloc(p->bufs / 8 + 1, 1);
	uint32_t i;
	int ret = -EINVAL;

	if (!is_free)
		return -ENOMEM;
	for (i = 0; i < p->nfree; i++)
		is_free[p->free[i] / 8] |= (uint8_t)(1U << p->free[i] % 8);
	if (tr_pool_claim_side(p, &h->rx, is_free) &&
	    tr_pool_claim_side(p, &h->tx, is_free)) {
		p->nfree = 0;
		for (i = p->bufs; i--; )
			if (is_free[i / 8] & 1U << i % 8)
				p->free[p->nfree++] = i;
		p->users++;
		h->pooled = true;
		ret = 0;
	}
	free(is_free);
	return ret;
}

/* Return the buffers that the slots have. The rings are torn down. */
void tr_pool_put_buffers(struct tunring *h)
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
