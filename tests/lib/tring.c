// SPDX-License-Identifier: GPL-2.0
/* Set-up, mapping and the other ioctls of rings. */
#include <sys/mman.h>

#include "tring.h"

struct tun_ring_setup tring_params(const struct tconf *c)
{
	return (struct tun_ring_setup) {
		.features = c->features,
		.buf_size = c->buf_size,
		.buf_count = c->bufs ? c->bufs : c->rx + c->tx,
		.rx.entries = c->rx,
		.tx.entries = c->tx,
	};
}

int tring_setup_raw(int fd, struct tun_ring_setup *s)
{
	return tunfd_ioctlp(fd, TUNRINGSETUP, s);
}

static uint8_t *map_area(int fd, uint64_t off, uint64_t len, int prot)
{
	void *p = mmap(NULL, len, prot, MAP_SHARED, fd, off);

	return p == MAP_FAILED ? NULL : p;
}

static void tvq_init(struct tring *r, struct tvq *vq,
		     const struct tun_ring_vq *l, uint8_t *meta)
{
	memset(vq, 0, sizeof(*vq));
	vq->entries = l->entries;
	vq->desc = (void *)(r->driver + l->desc);
	vq->avail = (void *)(r->driver + l->avail);
	vq->used = (void *)(r->device + l->used);
	if (r->s.features & F_META)
		vq->meta = (void *)(meta + l->meta);
}

/* Without tun_pi in front: TUNGETIFF cannot tell IFF_NO_PI from IFF_NOFILTER. */
static int num_buffers_offset(int fd)
{
	struct ifreq ifr = { };
	int size = 0;

	if (ioctl(fd, TUNGETIFF, &ifr) || !(ifr.ifr_flags & IFF_VNET_HDR) ||
	    ioctl(fd, TUNGETVNETHDRSZ, &size) ||
	    size < (int)sizeof(struct virtio_net_hdr_v1))
		return -1;
	return offsetof(struct virtio_net_hdr_v1, num_buffers);
}

/* Initialises the user's side of rings that r->s describes. */
int tring_begin(struct tring *r, int fd)
{
	unsigned int i;

	r->fd = fd;
	free(r->free);
	r->free = calloc(r->s.tx.entries, sizeof(*r->free));
	if (!r->free)
		return -ENOMEM;
	tvq_init(r, &r->rx, &r->s.rx, r->device);
	tvq_init(r, &r->tx, &r->s.tx, r->driver);
	r->mrg = r->s.features & F_META ? -1 : num_buffers_offset(fd);
	r->le = 0;
	ioctl(fd, TUNGETVNETLE, &r->le);
	for (i = 0; i < r->tx.entries; i++)
		r->free[i] = r->tx.entries - 1 - i;
	r->nfree = r->tx.entries;
	return 0;
}

/* Maps the areas that r->s describes. A pool that the caller allocated is kept. */
int tring_map(struct tring *r, int fd)
{
	r->driver = map_area(fd, r->s.driver_offset, r->s.driver_len,
			     PROT_READ | PROT_WRITE);
	r->device = map_area(fd, r->s.device_offset, r->s.device_len,
			     PROT_READ);
	if (!r->pool)
		r->pool = map_area(fd, r->s.pool_offset, r->s.pool_len,
				   PROT_READ | PROT_WRITE);
	if (!r->driver || !r->device || !r->pool || tring_begin(r, fd)) {
		tring_unmap(r);
		return -ENOMEM;
	}
	return 0;
}

int tring_setup(struct tring *r, int fd, const struct tconf *c)
{
	int ret;

	memset(r, 0, sizeof(*r));
	r->s = tring_params(c);
	ret = tring_setup_raw(fd, &r->s);
	return ret ? ret : tring_map(r, fd);
}

void tring_unmap(struct tring *r)
{
	if (r->driver)
		munmap(r->driver, r->s.driver_len);
	if (r->device)
		munmap(r->device, r->s.device_len);
	if (r->pool)
		munmap(r->pool, r->s.pool_len);
	free(r->free);
	r->driver = NULL;
	r->device = NULL;
	r->pool = NULL;
	r->free = NULL;
}

int tring_teardown(int fd)
{
	return tunfd_ioctl(fd, TUNRINGTEARDOWN, 0);
}

int tring_query(int fd, struct tun_ring_query *q)
{
	return tunfd_ioctlp(fd, TUNRINGQUERY, q);
}

int tring_stats(int fd, struct tun_ring_stats *st)
{
	return tunfd_ioctlp(fd, TUNRINGSTATS, st);
}

/* Waits until the ring is broken. A kick may run on another CPU after the call. */
int tring_wait_broken(int fd, struct tun_ring_stats *st)
{
	long end = now_ms() + WAIT_MS;
	int ret;

	do {
		ret = tring_stats(fd, st);
		if (ret || st->broken)
			return ret;
		usleep(1000);
	} while (now_ms() < end);
	return -ETIMEDOUT;
}

/* Waits until a counter, which is part of *st, is at least want. */
int tring_wait_count(int fd, const __u64 *count, struct tun_ring_stats *st,
		     uint64_t want)
{
	long end = now_ms() + WAIT_MS;
	int ret;

	do {
		ret = tring_stats(fd, st);
		if (ret || *count >= want)
			return ret;
		usleep(1000);
	} while (now_ms() < end);
	return -ETIMEDOUT;
}

int tring_enter(int fd, unsigned int flags, int64_t timeout_ns)
{
	struct tun_ring_enter e = { .flags = flags, .timeout_ns = timeout_ns };

	return tunfd_ioctlp(fd, TUNRINGENTER, &e);
}
