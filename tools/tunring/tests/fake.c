// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "fake.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct fake *fake;

/* Both sides' threads call the kernel at once. */
#define ADD(counter, n) __atomic_fetch_add(&(counter), (n), __ATOMIC_RELAXED)

#define DRIVER_OFF	0x1000000000ULL
#define DEVICE_OFF	0x2000000000ULL
#define POOL_OFF	0x3000000000ULL

void fake_init(void)
{
	fake = calloc(1, sizeof(*fake));
	fake->features = TUNRING_F_META | TUNRING_F_RX_TSTAMP |
			 TUNRING_F_TX_MARK | TUNRING_F_RX_DROP |
			 TUNRING_F_EVENT_IDX | TUNRING_F_VERSION_1;
}

void fake_free(void)
{
	if (!fake->attached) {
		free(fake->driver);
		free(fake->device);
	}
	if (!fake->attached && !fake->user_pool)
		free(fake->pool);
	free(fake);
	fake = NULL;
}

int fake_open(struct tunring **h, const struct tunring_options *opt)
{
	return tr_adopt(h, FAKE_FD, TUNRING_ADOPT_CLOSE, opt, &fake_ops);
}

int fake_import(struct tunring **h, int mem_fd, const struct tunring_layout *layout)
{
	const struct tr_source from = { .fd = FAKE_FD, .mem_fd = mem_fd };

	return tr_import(h, &from, layout, &fake_ops);
}

static int query(struct tun_ring_query *q)
{
	if (fake->no_rings)
		return -(fake->query_errno ? fake->query_errno : EINVAL);
	memset(q, 0, sizeof(*q));
	q->features = fake->features;
	q->max_entries = TUN_RING_MAX_ENTRIES;
	q->max_chain = TUN_RING_MAX_CHAIN;
	q->max_pool = TUN_RING_MAX_POOL;
	q->meta_size = sizeof(struct tun_ring_meta);
	return 0;
}

/* Gaps between the parts, so that a wrong offset does not go unnoticed. */
static uint32_t place(uint32_t *at, size_t len)
{
	uint32_t here = (*at + 191U) & ~63U;

	*at = here + (uint32_t)len;
	return here;
}

static void ring_at(struct fake_ring *r, const struct tun_ring_vq *v,
		    void *meta_area)
{
	uint8_t *used = (uint8_t *)fake->device + v->used;

	memset(r, 0, sizeof(*r));
	r->entries = v->entries;
	r->desc = (void *)((uint8_t *)fake->driver + v->desc);
	r->avail = (void *)((uint8_t *)fake->driver + v->avail);
	r->used_flags = (void *)used;
	r->used_idx = (void *)(used + 2);
	r->used = (void *)(used + 4);
	r->avail_event = (void *)(used + 4 + 8 * v->entries);
	r->meta = (void *)((uint8_t *)meta_area + v->meta);
}

static void *zalloc(size_t len)
{
	void *p = aligned_alloc(4096, (len + 4095) & ~4095UL);

	memset(p, 0, (len + 4095) & ~4095UL);
	return p;
}

static int setup(struct tun_ring_setup *s)
{
	struct tun_ring_vq *vq[2] = { &s->rx, &s->tx };
	uint32_t driver = 0, device = 0;
	int i;

	if (fake->setup_errno)
		return -fake->setup_errno;
	if (fake->mark_errno && (s->features & TUNRING_F_TX_MARK))
		return -fake->mark_errno;
	if (s->features & ~fake->features || s->flags & ~TUN_RING_SETUP_REGIONS)
		return -EOPNOTSUPP;
	if (s->flags & TUN_RING_SETUP_REGIONS) {
		if (s->buf_size || s->buf_count)
			return -EINVAL;
		if (fake->regions < 1)
			return -ENXIO;
	}
	for (i = 0; i < 2; i++) {
		vq[i]->desc = place(&driver, 16 * vq[i]->entries);
		vq[i]->avail = place(&driver, 6 + 2 * vq[i]->entries);
		vq[i]->used = place(&device, 6 + 8 * vq[i]->entries);
		vq[i]->meta = place(i ? &driver : &device,
				    64 * vq[i]->entries);
	}
	s->driver_offset = DRIVER_OFF;
	s->driver_len = driver;
	s->device_offset = DEVICE_OFF;
	s->device_len = device;
	/* the memory of earlier rings */
	free(fake->driver);
	free(fake->device);
	fake->driver = zalloc(driver);
	fake->device = zalloc(device);
	if (s->flags & TUN_RING_SETUP_REGIONS) {
		fake->user_pool = true;
	} else {
		s->pool_offset = POOL_OFF;
		s->pool_len = (uint64_t)s->buf_size * s->buf_count;
		fake->pool = zalloc(s->pool_len);
		fake->pool_len = s->pool_len;
	}
	ring_at(&fake->rx, &s->rx, fake->device);
	ring_at(&fake->tx, &s->tx, fake->driver);
	fake->setup = *s;
	fake->setups++;
	return 0;
}

static int regions(int fd, const struct tun_ring_regions *r)
{
	const struct tun_ring_region *v = (void *)(uintptr_t)r->regions;

	if (r->flags & TUN_RING_REGIONS_SHARE) {
		if (r->fd != FAKE_TABLE || !fake->pool)
			return -ENXIO;
		fake->shares++;
		fake->regions++;
		return 0;
	}
	if (r->n && (v->addr | v->len) % (uint64_t)sysconf(_SC_PAGESIZE))
		return -EINVAL;
	if (fd == FAKE_FD)
		fake->regions += r->n ? 1 : -1;
	if (!r->n)
		return 0;
	fake->pool = (uint8_t *)(uintptr_t)v->user - v->addr;
	fake->pool_len = v->len;
	return 0;
}

static void ring_attach(struct fake_ring *r, const struct tun_ring_attach_vq *v)
{
	uint8_t *used = (uint8_t *)(uintptr_t)v->used;

	memset(r, 0, sizeof(*r));
	r->entries = v->entries;
	r->desc = (void *)(uintptr_t)v->desc;
	r->avail = (void *)(uintptr_t)v->avail;
	r->used_flags = (void *)used;
	r->used_idx = (void *)(used + 2);
	r->used = (void *)(used + 4);
	r->avail_event = (void *)(used + 4 + 8 * v->entries);
	r->meta = (void *)(uintptr_t)v->meta;
	memset(used, 0, 4);
	*r->avail_event = 0;
}

static int attach(const struct tun_ring_attach *a)
{
	if (fake->setup_errno)
		return -fake->setup_errno;
	if (fake->mark_errno && (a->features & TUNRING_F_TX_MARK))
		return -fake->mark_errno;
	if (fake->regions < 1)
		return -ENXIO;
	ring_attach(&fake->rx, &a->rx);
	ring_attach(&fake->tx, &a->tx);
	fake->attach = *a;
	fake->attached = true;
	fake->setup.features = a->features;
	return 0;
}

static uint16_t get16(const uint16_t *p)
{
	return le16toh(__atomic_load_n(p, __ATOMIC_SEQ_CST));
}

static void put16(uint16_t *p, uint16_t v)
{
	__atomic_store_n(p, htole16(v), __ATOMIC_SEQ_CST);
}

static int enter(const struct tun_ring_enter *e)
{
	if (!e->flags || (!(e->flags & TUN_RING_ENTER_WAIT) &&
			  (e->timeout_ns || e->sigmask || e->sigsetsize)))
		return -EINVAL;
	if (fake->gone || fake->broken)
		return fake->gone ? -EBADFD : -fake->broken;
	ADD(fake->kicks_tx, !!(e->flags & TUN_RING_ENTER_TX));
	ADD(fake->kicks_rx, !!(e->flags & TUN_RING_ENTER_RX));
	if (fake->enter_errno && (e->flags & TUN_RING_ENTER_TX))
		return -fake->enter_errno;
	ADD(fake->waits, !!(e->flags & TUN_RING_ENTER_WAIT));
	return (uint16_t)(get16(fake->rx.used_idx) -
			  get16(fake->rx.avail + 2 + fake->rx.entries));
}

static int stats(struct tun_ring_stats *s)
{
	if (!fake->driver && !fake->attached)
		return -ENXIO;
	memset(s, 0, sizeof(*s));
	s->rx.packets = fake->rx.idx;
	s->tx.packets = fake->tx.idx;
	s->broken = (uint32_t)fake->broken;
	s->mode = TUN_RING_MODE_MAPPED;
	return 0;
}

static int getiff(struct ifreq *ifr)
{
	if (fake->gone)
		return -EBADFD;
	memset(ifr, 0, sizeof(*ifr));
	strcpy(ifr->ifr_name, "fake0");
	ifr->ifr_flags = (short)((fake->tap ? IFF_TAP : IFF_TUN) |
				 IFF_NOFILTER | /* the same bit as IFF_NO_PI */
				 (fake->vnet_size ? IFF_VNET_HDR : 0));
	return 0;
}

static int fake_open_file(const char *path, int flags)
{
	(void)path;
	(void)flags;
	fake->opens++;
	return FAKE_TABLE;
}

static int fake_ioctl(int fd, unsigned long cmd, void *arg)
{
	if (fd == FAKE_TABLE && cmd == TUNRINGREGIONS)
		return regions(fd, arg);
	if (fd != FAKE_FD)
		return -EBADF;
	ADD(fake->ioctls, 1);
	switch (cmd) {
	case TUNGETIFF:
		return getiff(arg);
	case TUNGETVNETHDRSZ:
		*(int *)arg = fake->vnet_size;
		return 0;
	case TUNGETVNETLE:
		*(int *)arg = 0;
		return 0;
	case TUNGETVNETBE:
		*(int *)arg = fake->vnet_big;
		return 0;
	}
	if (fake->no_rings)
		return cmd == TUNRINGQUERY ? query(arg) : -EINVAL;
	switch (cmd) {
	case TUNRINGQUERY:
		return query(arg);
	case TUNRINGSETUP:
		return setup(arg);
	case TUNRINGTEARDOWN:
		fake->teardowns++;
		return 0;
	case TUNRINGENTER:
		return enter(arg);
	case TUNRINGSTATS:
		return stats(arg);
	case TUNRINGREGIONS:
		return regions(fd, arg);
	case TUNRINGATTACH:
		return attach(arg);
	}
	return -EINVAL;
}

static int fake_mmap(void **base, size_t len, int prot, int flags, int fd,
		     off_t offset)
{
	if (fake->mmap_fail && !--fake->mmap_fail)
		return -ENOMEM;
	if (fd != FAKE_FD) {
		*base = mmap(NULL, len, prot, flags, fd, offset);
		return *base == MAP_FAILED ? -ENOMEM : 0;
	}
	if (!(flags & MAP_SHARED))
		return -EINVAL;
	switch ((uint64_t)offset) {
	case DRIVER_OFF:
		*base = fake->driver;
		return len == fake->setup.driver_len ? 0 : -EINVAL;
	case DEVICE_OFF:
		if (prot & PROT_WRITE)
			return -EPERM;
		*base = fake->device;
		return len == fake->setup.device_len ? 0 : -EINVAL;
	case POOL_OFF:
		*base = fake->pool;
		return len == fake->pool_len && !fake->user_pool ? 0 : -EINVAL;
	}
	return -EINVAL;
}

static int fake_memfd(size_t len)
{
	return tr_ops_linux.memfd(len);
}

static int fake_memfd_huge(size_t *len, size_t *page)
{
	if (!fake->huge)
		return -ENOMEM;
	*page = FAKE_HUGE;
	*len = (*len + FAKE_HUGE - 1) / FAKE_HUGE * FAKE_HUGE;
	return tr_ops_linux.memfd(*len);
}

static int fake_eventfd(void)
{
	return tr_ops_linux.eventfd();
}

static int64_t fake_size(int fd)
{
	return tr_ops_linux.size(fd);
}

static int fake_munmap(void *base, size_t len)
{
	if (!fake->attached && (base == fake->driver || base == fake->device))
		return 0;
	if (!fake->attached && !fake->user_pool && base == fake->pool)
		return 0;
	return munmap(base, len);
}

static int fake_close(int fd)
{
	if (fd != FAKE_FD)
		return fd == FAKE_TABLE ? 0 : close(fd);
	fake->closes++;
	return 0;
}

static int fake_fcntl(int fd, int cmd, int arg)
{
	if (fd != FAKE_FD)
		return tr_ops_linux.fcntl(fd, cmd, arg);
	if (cmd == F_GETFL)
		return fake->fl;
	fake->fl = arg;
	return 0;
}

static int fake_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *ts,
		      const sigset_t *mask)
{
	(void)n;
	(void)ts;
	(void)mask;
	ADD(fake->polls, 1);
	fds->revents = fake->in_count ? POLLIN : 0;
	if (fake->gone || fake->broken)
		fds->revents = POLLERR;
	return fds->revents != 0;
}

static ssize_t fake_readv(int fd, const struct iovec *iov, int n)
{
	struct fake_frame *f = &fake->in[fake->in_first % FAKE_QUEUE];
	size_t done = 0, part;
	int i;

	(void)fd;
	if (fake->gone)
		return -EBADFD;
	if (!fake->in_count)
		return -EAGAIN;
	for (i = 0; i < n && done < f->len; i++, done += part) {
		part = f->len - done < iov[i].iov_len ? f->len - done :
							iov[i].iov_len;
		memcpy(iov[i].iov_base, f->data + done, part);
	}
	fake->in_first++;
	fake->in_count--;
	return (ssize_t)done;
}

static ssize_t fake_writev(int fd, const struct iovec *iov, int n)
{
	struct fake_frame *f = &fake->out[fake->out_count];
	int i;

	(void)fd;
	if (fake->gone)
		return -EBADFD;
	if (fake->write_errno)
		return -fake->write_errno;
	if (fake->out_count == FAKE_QUEUE)
		return -EAGAIN;
	f->len = 0;
	for (i = 0; i < n; i++) {
		memcpy(f->data + f->len, iov[i].iov_base, iov[i].iov_len);
		f->len += iov[i].iov_len;
	}
	fake->out_count++;
	return (ssize_t)f->len;
}

void fake_feed(const void *data, size_t len)
{
	struct fake_frame *f = &fake->in[(fake->in_first + fake->in_count++) %
					 FAKE_QUEUE];

	memcpy(f->data, data, len);
	f->len = len;
}

const struct tr_ops fake_ops = {
	.open	= fake_open_file,
	.close	= fake_close,
	.ioctl	= fake_ioctl,
	.fcntl	= fake_fcntl,
	.mmap	= fake_mmap,
	.memfd	= fake_memfd,
	.memfd_huge = fake_memfd_huge,
	.size	= fake_size,
	.eventfd = fake_eventfd,
	.munmap	= fake_munmap,
	.readv	= fake_readv,
	.writev	= fake_writev,
	.ppoll	= fake_ppoll,
};

static uint16_t available(const struct fake_ring *r)
{
	return (uint16_t)(get16(&r->avail[1]) - r->last_avail);
}

static bool event_idx(void)
{
	return fake->setup.features & TUNRING_F_EVENT_IDX;
}

void fake_want_kick(struct fake_ring *r, bool on)
{
	if (event_idx())
		put16(r->avail_event, on ? get16(&r->avail[1]) :
		      (uint16_t)(get16(&r->avail[1]) - 1));
	else
		put16(r->used_flags, on ? 0 : VRING_USED_F_NO_NOTIFY);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* Publish, and decide on notification. */
static bool publish(struct fake_ring *r)
{
	uint16_t old = r->signalled, event;

	put16(r->used_idx, r->idx);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	r->signalled = r->idx;
	if (!event_idx())
		return !(get16(&r->avail[0]) & VRING_AVAIL_F_NO_INTERRUPT);
	event = get16(&r->avail[2 + r->entries]);
	return (uint16_t)(r->idx - event - 1) < (uint16_t)(r->idx - old);
}

int fake_rx(const void *data, size_t len, const struct tun_ring_meta *meta)
{
	struct fake_ring *r = &fake->rx;
	unsigned int n = 0, first = 0;
	size_t done = 0;

	do {
		uint16_t slot, at = (uint16_t)(r->last_avail + n);
		struct vring_desc *d;
		size_t part;

		if (n == available(r))
			return 0;
		slot = get16(&r->avail[2 + (at & (r->entries - 1))]);
		d = &r->desc[slot];
		if (le16toh(d->flags) != VRING_DESC_F_WRITE)
			abort();
		part = len - done < le32toh(d->len) ? len - done :
						      le32toh(d->len);
		memcpy((uint8_t *)fake->pool + le64toh(d->addr),
		       (const uint8_t *)data + done, part);
		r->used[(uint16_t)(r->idx + n) & (r->entries - 1)] =
			(struct vring_used_elem) { htole32(slot),
						   htole32((uint32_t)part) };
		if (!n)
			first = slot;
		done += part;
		n++;
	} while (done < len);

	if (meta)
		r->meta[first] = *meta;
	else
		memset(&r->meta[first], 0, sizeof(r->meta[first]));
	r->meta[first].num_buffers = htole16((uint16_t)n);
	r->last_avail = (uint16_t)(r->last_avail + n);
	r->idx = (uint16_t)(r->idx + n);
	fake->notified_rx += publish(r);
	return (int)n;
}

int fake_tx(struct fake_frame *f)
{
	struct fake_ring *r = &fake->tx;
	uint16_t head, slot;

	if (!available(r))
		return 0;
	head = get16(&r->avail[2 + (r->last_avail & (r->entries - 1))]);
	f->len = 0;
	f->nsegs = 0;
	for (slot = head;;) {
		struct vring_desc *d = &r->desc[slot];
		uint64_t addr = le64toh(d->addr);
		uint32_t len = le32toh(d->len);

		if (slot >= r->entries || ++f->nsegs > TUN_RING_MAX_CHAIN ||
		    addr + len > fake->pool_len || !len ||
		    (le16toh(d->flags) & ~VRING_DESC_F_NEXT))
			return -1;
		memcpy(f->data + f->len, (uint8_t *)fake->pool + addr, len);
		f->len += len;
		if (!(le16toh(d->flags) & VRING_DESC_F_NEXT))
			break;
		slot = le16toh(d->next);
	}
	f->meta = r->meta[head];
	r->last_avail++;
	r->used[r->idx++ & (r->entries - 1)] =
		(struct vring_used_elem) { htole32(head), 0 };
	fake->notified_tx += publish(r);
	return 1;
}
