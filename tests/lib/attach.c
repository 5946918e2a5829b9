// SPDX-License-Identifier: GPL-2.0
/* The user's side of TUNRINGREGIONS and TUNRINGATTACH. */
#include <sys/mman.h>

#include "attach.h"

#define PAGE	4096

/* A region is whole pages. */
static uint64_t whole_pages(uint64_t len)
{
	return (len + PAGE - 1) / PAGE * PAGE;
}

uint8_t *attach_mem(size_t len)
{
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* Reserves len bytes at the next aligned offset and moves *end behind them. */
static uint32_t place(__u64 *end, size_t align, size_t len, bool odd)
{
	size_t unit = odd ? 2 * align : 64;
	uint64_t at = (*end + unit - 1) / unit * unit + (odd ? align : 0);

	*end = at + len;
	return at;
}

static void place_vq(struct tun_ring_vq *vq, __u64 *driver, __u64 *device,
		     bool odd)
{
	vq->desc = place(driver, 16, 16 * vq->entries, odd);
	vq->avail = place(driver, 2, 6 + 2 * vq->entries, odd);
	vq->used = place(device, 4, 6 + 8 * vq->entries, odd);
}

/*
 * Allocates zeroed memory for rings and pool. r->s holds the offset of each
 * part.
 */
int attach_alloc(struct tring *r, const struct aconf *c)
{
	size_t meta = sizeof(struct tun_ring_meta);
	struct tun_ring_setup *s = &r->s;

	memset(r, 0, sizeof(*r));
	*s = tring_params(&c->c);
	place_vq(&s->rx, &s->driver_len, &s->device_len, c->odd);
	place_vq(&s->tx, &s->driver_len, &s->device_len, c->odd);
	if (s->features & F_META) {
		s->rx.meta = place(&s->device_len, 8, meta * s->rx.entries,
				   c->odd);
		s->tx.meta = place(&s->driver_len, 8, meta * s->tx.entries,
				   c->odd);
	}
	s->pool_len = whole_pages((uint64_t)s->buf_size * s->buf_count);
	r->driver = attach_mem(s->driver_len);
	r->device = attach_mem(s->device_len);
	r->pool = attach_mem(s->pool_len);
	if (r->driver && r->device && r->pool)
		return 0;
	tring_unmap(r);
	return -ENOMEM;
}

/* The pool as a region at address 0. */
struct tun_ring_region attach_region(const struct tring *r)
{
	return (struct tun_ring_region) {
		.len = r->s.pool_len, .user = (uintptr_t)r->pool,
	};
}

int attach_regions(int fd, const struct tun_ring_region *v, unsigned int n,
		   uint32_t flags)
{
	struct tun_ring_regions t = {
		.n = n, .flags = flags, .regions = (uintptr_t)v,
	};

	return tunfd_ioctlp(fd, TUNRINGREGIONS, &t);
}

int attach_pool(const struct tring *r, int fd, bool pin)
{
	struct tun_ring_region v = attach_region(r);

	return attach_regions(fd, &v, 1, pin ? TUN_RING_REGIONS_PIN : 0);
}

/* The queue at fd also uses the region table of the queue at "with". */
int attach_share(int fd, int with)
{
	struct tun_ring_regions t = {
		.flags = TUN_RING_REGIONS_PIN | TUN_RING_REGIONS_SHARE,
		.fd = with,
	};

	return tunfd_ioctlp(fd, TUNRINGREGIONS, &t);
}

static struct tun_ring_attach_vq params_of(const struct tring *r,
					   const struct tun_ring_vq *l,
					   const uint8_t *meta, int kick,
					   int call)
{
	return (struct tun_ring_attach_vq) {
		.entries = l->entries,
		.kick = kick ? kick : -1,
		.call = call ? call : -1,
		.desc = (uintptr_t)r->driver + l->desc,
		.avail = (uintptr_t)r->driver + l->avail,
		.used = (uintptr_t)r->device + l->used,
		.meta = r->s.features & F_META ? (uintptr_t)meta + l->meta : 0,
	};
}

struct tun_ring_attach attach_params(const struct tring *r,
				     const struct aconf *c)
{
	return (struct tun_ring_attach) {
		.features = r->s.features,
		.flags = c->pin ? TUN_RING_ATTACH_PIN : 0,
		.rx = params_of(r, &r->s.rx, r->device, c->rx_kick, c->rx_call),
		.tx = params_of(r, &r->s.tx, r->driver, c->tx_kick, c->tx_call),
	};
}

int attach_raw(int fd, const struct tun_ring_attach *a)
{
	return tunfd_ioctlp(fd, TUNRINGATTACH, (void *)a);
}

/* Attaches the same memory once more, with no available entry in the rings. */
int attach_again(struct tring *r, int fd, const struct aconf *c)
{
	struct tun_ring_attach a = attach_params(r, c);
	int ret = tring_begin(r, fd);

	if (ret)
		return ret;
	tvq_publish(&r->rx);
	tvq_publish(&r->tx);
	tvq_set_used_event(&r->rx, 0);
	tvq_set_used_event(&r->tx, 0);
	return attach_raw(fd, &a);
}

int attach_rings(struct tring *r, int fd, const struct aconf *c)
{
	int ret = attach_alloc(r, c);

	if (!ret)
		ret = attach_pool(r, fd, c->pin);
	return ret ? ret : attach_again(r, fd, c);
}

/* Sets up mapped rings whose pool is the region table of fd. */
static int setup_regions(struct tring *r, int fd, const struct tconf *c)
{
	int ret;

	r->s.buf_size = 0;
	r->s.buf_count = 0;
	r->s.flags = TUN_RING_SETUP_REGIONS;
	ret = tring_setup_raw(fd, &r->s);
	r->s.buf_size = c->buf_size;
	r->s.pool_len = whole_pages((uint64_t)c->buf_size * (c->rx + c->tx));
	return ret ? ret : tring_map(r, fd);
}

int attach_mapped(struct tring *r, int fd, const struct tconf *c)
{
	int ret;

	memset(r, 0, sizeof(*r));
	r->s = tring_params(c);
	r->s.pool_len = whole_pages((uint64_t)c->buf_size * (c->rx + c->tx));
	r->pool = attach_mem(r->s.pool_len);
	if (!r->pool)
		return -ENOMEM;
	ret = attach_pool(r, fd, true);
	return ret ? ret : setup_regions(r, fd, c);
}

int attach_by_kind(struct tring *r, int fd, enum attach_kind kind,
		   const struct tconf *c)
{
	struct aconf conf = { .c = *c, .pin = kind == ATTACH_PINNED };

	return kind == ATTACH_SETUP ? attach_mapped(r, fd, c) :
				      attach_rings(r, fd, &conf);
}
