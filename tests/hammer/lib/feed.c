// SPDX-License-Identifier: GPL-2.0
/* Makes descriptors available, most of them as a sane driver would. */
#include <linux/virtio_ring.h>

#include "hammer.h"

struct feed {
	const struct h_vq *vq;
	bool rx;
	unsigned int n;
};

static uint32_t place_of(uint32_t len)
{
	return h_below(H_POOL - len) & -8u;
}

/* A packet, behind a header of zeroes or behind none. */
static void stamp(uint8_t *p)
{
	memset(p, 0, 20);
	if (h_one_in(2))
		p[0] = 0x45;
	p[10] = 0x45;
	p[12] = 0x45;
}

static void fill(struct vring_desc *d, bool rx, uint16_t next)
{
	uint32_t len = rx ? 64 + h_below(4096) : 20 + h_below(1600);

	*d = (struct vring_desc) {
		.addr = place_of(len), .len = len, .next = next,
		.flags = rx ? VRING_DESC_F_WRITE : 0,
	};
	if (!rx)
		stamp(h_pool() + d->addr);
}

/* A chain of descriptors that begins at head. */
static void chain(const struct h_vq *vq, bool rx, unsigned int head)
{
	unsigned int n = h_one_in(4) ? h_below(4) : 0, i = head, next;

	for (;;) {
		next = h_below(vq->entries);
		fill(&vq->desc[i], rx, next);
		if (!n--)
			break;
		vq->desc[i].flags |= VRING_DESC_F_NEXT;
		i = next;
	}
	if (h_one_in(300))
		h_spoil(&vq->desc[head], sizeof(vq->desc[head]));
}

/* An indirect table in the pool. */
static void table(const struct h_vq *vq, bool rx, unsigned int head)
{
	uint32_t n = 1 + h_below(8), at = place_of(n * sizeof(struct vring_desc));
	struct vring_desc *t = (void *)(h_pool() + (at & -16u));
	uint32_t i;

	for (i = 0; i < n; i++) {
		fill(&t[i], rx, i + 1);
		if (i + 1 < n)
			t[i].flags |= VRING_DESC_F_NEXT;
	}
	vq->desc[head] = (struct vring_desc) {
		.addr = at & -16u, .len = n * sizeof(*t),
		.flags = VRING_DESC_F_INDIRECT,
	};
}

static void feed(void *arg)
{
	struct feed *f = arg;
	const struct h_vq *vq = f->vq;
	uint16_t idx = vq->avail->idx, used = vq->used->idx;
	unsigned int i;

	for (i = 0; i < f->n; i++) {
		unsigned int head = idx % vq->entries;

		if ((uint16_t)(idx - used) >= vq->entries)
			break;
		if (h_one_in(16))
			table(vq, f->rx, head);
		else
			chain(vq, f->rx, head);
		vq->avail->ring[idx++ % vq->entries] = head;
	}
	if (h_one_in(1000))
		idx += h_odd();
	/* used_event: the user has taken all */
	vq->avail->ring[vq->entries] = used;
	vq->avail->flags = h_one_in(4);
	__atomic_store_n(&vq->avail->idx, idx, __ATOMIC_RELEASE);
}

void h_feed(const struct h_vq *vq, bool rx, unsigned int n)
{
	struct feed f = { vq, rx, n };

	h_touch(feed, &f);
}
