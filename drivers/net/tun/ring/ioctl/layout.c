// SPDX-License-Identifier: GPL-2.0
/*
 * Layout of rings: checks of the user's parameters, and the offset of each
 * part.
 */
#include "layout.h"

#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "../engine/regions_find.h"
#include "../engine/vring.h"
#include "../life/ref.h"
#include "../mem/mapped.h"
#include "../mem/regions.h"
#include "../state.h"
#include "regions.h"

#define RING_ALIGN	64	/* bytes; no two parts share a cache line */

#define RING_FEATURES	(BIT_ULL(TUN_RING_F_META) |			\
			 BIT_ULL(TUN_RING_F_RX_TSTAMP) |		\
			 BIT_ULL(TUN_RING_F_TX_MARK) |			\
			 BIT_ULL(TUN_RING_F_RX_DROP) |			\
			 BIT_ULL(TUN_RING_F_RX_FLOW) |			\
			 BIT_ULL(TUN_RING_F_INDIRECT_DESC) |		\
			 BIT_ULL(TUN_RING_F_EVENT_IDX) |		\
			 BIT_ULL(TUN_RING_F_VERSION_1))

#define NEED_META	(BIT_ULL(TUN_RING_F_RX_TSTAMP) |		\
			 BIT_ULL(TUN_RING_F_TX_MARK))

#define FULL_RING	(BIT_ULL(TUN_RING_F_RX_DROP) |			\
			 BIT_ULL(TUN_RING_F_RX_FLOW))

u64 tun_ring_layout_features(void)
{
	return RING_FEATURES;
}

static int tun_ring_layout_vq_check(const struct tun_ring_vq *vq)
{
	if (!is_power_of_2(vq->entries) || vq->entries > TUN_RING_MAX_ENTRIES)
		return -EINVAL;
	if (memchr_inv(vq->reserved, 0, sizeof(vq->reserved)))
		return -EINVAL;
	return 0;
}

/*
 * Return: 0; -EOPNOTSUPP for an unknown feature; -EINVAL for a feature that
 * lacks another feature which it needs, or for features that exclude each
 * other.
 */
int tun_ring_layout_check_features(u64 features)
{
	if (features & ~RING_FEATURES)
		return -EOPNOTSUPP;
	if ((features & FULL_RING) == FULL_RING)
		return -EINVAL;
	if (features & NEED_META && !(features & BIT_ULL(TUN_RING_F_META)))
		return -EINVAL;
	return 0;
}

static int tun_ring_layout_pool_check(const struct tun_ring_setup *s)
{
	if (s->flags & TUN_RING_SETUP_REGIONS)
		return s->buf_size || s->buf_count ? -EINVAL : 0;
	if (s->buf_size < TUN_RING_MIN_BUF || s->buf_size > TUN_RING_MAX_BUF)
		return -EINVAL;
	if (!s->buf_count ||
	    (u64)s->buf_size * s->buf_count > TUN_RING_MAX_POOL)
		return -EINVAL;
	return 0;
}

static int tun_ring_layout_check_vq(const struct tun_ring_attach_vq *vq,
				    bool meta)
{
	if (!is_power_of_2(vq->entries) || vq->entries > TUN_RING_MAX_ENTRIES)
		return -EINVAL;
	if (vq->reserved0 || vq->reserved[0] || vq->reserved[1])
		return -EINVAL;
	if (vq->desc % VRING_DESC_ALIGN_SIZE ||
	    vq->avail % VRING_AVAIL_ALIGN_SIZE ||
	    vq->used % VRING_USED_ALIGN_SIZE || vq->meta % sizeof(u64))
		return -EINVAL;
	if (vq->kick < -1 || vq->call < -1)
		return -EINVAL;
	return !vq->meta == meta ? -EINVAL : 0;
}

/* The parameters of TUNRINGATTACH. Return: 0, -EINVAL or -EOPNOTSUPP. */
int tun_ring_layout_check_attach(const struct tun_ring_attach *a)
{
	bool meta = a->features & BIT_ULL(TUN_RING_F_META);
	int err;

	err = tun_ring_layout_check_features(a->features);
	if (err)
		return err;
	if (a->flags & ~TUN_RING_ATTACH_PIN)
		return -EOPNOTSUPP;
	if (a->features & BIT_ULL(TUN_RING_F_RX_FLOW) &&
	    !(a->flags & TUN_RING_ATTACH_PIN))
		return -EOPNOTSUPP;
	if (memchr_inv(a->reserved, 0, sizeof(a->reserved)))
		return -EINVAL;
	/*
	 * a worker does not busy-poll for a user: it sleeps when the ring is
	 * empty
	 */
	if (a->tx_poll_us >
	    (a->flags & TUN_RING_ATTACH_PIN ? TUN_RING_MAX_POLL_US : 0))
		return -EINVAL;
	err = tun_ring_layout_check_vq(&a->rx, meta);
	return err ?: tun_ring_layout_check_vq(&a->tx, meta);
}

/**
 * tun_ring_layout_check - check the parameters of TUNRINGSETUP
 * @s: copy of the user's parameters
 *
 * Return: 0; -EOPNOTSUPP for an unknown feature or flag; -EINVAL for a
 * malformed parameter.
 */
int tun_ring_layout_check(const struct tun_ring_setup *s)
{
	int err;

	err = tun_ring_layout_check_features(s->features);
	if (err)
		return err;
	if (s->flags & ~TUN_RING_SETUP_REGIONS)
		return -EOPNOTSUPP;
	if (s->tx_poll_us > TUN_RING_MAX_POLL_US ||
	    memchr_inv(s->reserved, 0, sizeof(s->reserved)))
		return -EINVAL;
	err = tun_ring_layout_pool_check(s);
	if (err)
		return err;
	err = tun_ring_layout_vq_check(&s->rx);
	return err ?: tun_ring_layout_vq_check(&s->tx);
}

static u32 tun_ring_layout_reserve(u64 *end, u64 bytes)
{
	u64 start = ALIGN(*end, RING_ALIGN);

	*end = start + bytes;
	return start;
}

static void tun_ring_layout_vq_place(struct tun_ring_vq *vq, u64 *driver,
				     u64 *device)
{
	u64 desc = vq->entries * (u64)sizeof(struct vring_desc);
	u64 avail = vq->entries * (u64)sizeof(__virtio16);
	u64 used = vq->entries * (u64)sizeof(struct vring_used_elem);
	/* flags, idx, and the event word for the other side */
	u64 words = 3 * sizeof(__virtio16);

	vq->desc = tun_ring_layout_reserve(driver, desc);
	vq->avail = tun_ring_layout_reserve(driver, words + avail);
	vq->used = tun_ring_layout_reserve(device, words + used);
}

static void tun_ring_layout_vring_place(struct tun_ring *ring, struct tun_vq *m,
					const struct tun_ring_vq *vq)
{
	struct tun_mem_mapped *mem = &ring->mem;

	tun_vring_init(&m->vr, vq->entries,
		       tun_ring_has(ring, TUN_RING_F_INDIRECT_DESC),
		       tun_ring_has(ring, TUN_RING_F_EVENT_IDX));
	m->vr.desc = mem->driver.base + vq->desc;
	m->vr.avail = mem->driver.base + vq->avail;
	m->vr.used = mem->device.base + vq->used;
}

static int tun_ring_layout_pool_region(struct tun_ring *ring)
{
	struct tun_regions *regions = tun_regions_alloc(1);

	if (!regions)
		return -ENOMEM;
	regions->region[0].base = ring->mem.pool.base;
	regions->region[0].len = ring->mem.pool.len;
	tun_ring_use_regions(ring, regions);
	return 0;
}

/* Report the offsets for mmap(2) and the lengths of the areas. */
static void tun_ring_layout_offsets(const struct tun_mem_mapped *mem,
				    struct tun_ring_setup *s)
{
	s->driver_offset = TUN_MAP_DRIVER;
	s->driver_len = mem->driver.len;
	s->device_offset = TUN_MAP_DEVICE;
	s->device_len = mem->device.len;
	s->pool_offset = TUN_MAP_POOL;
	s->pool_len = mem->pool.len;
}

/**
 * tun_ring_layout_alloc - allocate the areas and place both rings in them
 * @ring: rings with features; this function sets the memory and both vrings
 * @s: checked parameters; this function sets the out members
 *
 * Return: 0 or a negative errno; the caller frees the rings after an error.
 */
int tun_ring_layout_alloc(struct tun_ring *ring, struct tun_ring_setup *s)
{
	u64 pool = (u64)s->buf_size * s->buf_count;
	u64 record = sizeof(struct tun_ring_meta);
	u64 driver = 0, device = 0;
	int err;

	tun_ring_layout_vq_place(&s->rx, &driver, &device);
	tun_ring_layout_vq_place(&s->tx, &driver, &device);
	if (tun_ring_has(ring, TUN_RING_F_META)) {
		s->rx.meta = tun_ring_layout_reserve(&device,
						     s->rx.entries * record);
		s->tx.meta = tun_ring_layout_reserve(&driver,
						     s->tx.entries * record);
	} else {
		s->rx.meta = 0;
		s->tx.meta = 0;
	}

	err = tun_mem_mapped_alloc(&ring->mem, driver, device, pool);
	if (err)
		return err;
	if (pool)
		err = tun_ring_layout_pool_region(ring);
	else
		err = tun_ring_regions_get(ring, true);
	if (err)
		return err;

	tun_ring_layout_vring_place(ring, &ring->rx.vq, &s->rx);
	tun_ring_layout_vring_place(ring, &ring->tx.vq, &s->tx);
	if (tun_ring_has(ring, TUN_RING_F_META)) {
		ring->rx.meta = ring->mem.device.base + s->rx.meta;
		ring->tx.meta = ring->mem.driver.base + s->tx.meta;
	}

	tun_ring_layout_offsets(&ring->mem, s);
	return 0;
}
