/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The least that a user of mapped rings can do: buffers stay where they are, and
 * the event index is on. Written against the ABI alone.
 */
#ifndef TUN_BENCH_RING_H
#define TUN_BENCH_RING_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/if_tun_ring.h>
#include <linux/virtio_ring.h>

struct ring_vq {
	unsigned int mask;
	struct vring_desc *desc;
	struct vring_avail *avail;
	const struct vring_used *used;
	struct tun_ring_meta *meta;
	uint16_t avail_idx, taken, kicked;
};

struct ring {
	int fd;
	struct tun_ring_setup s;
	uint8_t *driver, *device, *pool;
	struct ring_vq rx, tx;
};

/*
 * Returns NULL, or the reason why there is no ring. The caller has set the fields of
 * r->s, other than sizes and the event index; all other fields of r are 0.
 */
const char *ring_open(struct ring *r, int fd, unsigned int entries,
		      unsigned int buf_size);
void ring_close(struct ring *r);
void ring_tx_put(struct ring *r, unsigned int size);
void ring_tx_reap(struct ring *r);

static inline bool ring_has_records(const struct ring *r)
{
	return r->s.features & 1 << TUN_RING_F_META;
}

static inline uint8_t *ring_tx_buf(const struct ring *r, unsigned int i)
{
	return r->pool + (size_t)(r->s.rx.entries + i) * r->s.buf_size;
}

static inline uint16_t vq_used(const struct ring_vq *vq)
{
	return __atomic_load_n(&vq->used->idx, __ATOMIC_ACQUIRE);
}

static inline const struct vring_used_elem *vq_next(struct ring_vq *vq)
{
	return &vq->used->ring[vq->taken++ & vq->mask];
}

static inline void vq_give(struct ring_vq *vq, uint16_t head)
{
	vq->avail->ring[vq->avail_idx++ & vq->mask] = head;
}

/* used_event lies behind the last entry; it is the user's position. */
static inline void vq_taken(struct ring_vq *vq)
{
	__atomic_store_n(&vq->avail->ring[vq->mask + 1], vq->taken,
			 __ATOMIC_RELEASE);
}

/* Returns whether the kernel asked for a kick. */
static inline bool vq_publish(struct ring_vq *vq)
{
	const uint16_t *event = (void *)&vq->used->ring[vq->mask + 1];
	uint16_t new = vq->avail_idx, old = vq->kicked;

	__atomic_store_n(&vq->avail->idx, new, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	vq->kicked = new;
	return (uint16_t)(new - __atomic_load_n(event, __ATOMIC_RELAXED) - 1) <
	       (uint16_t)(new - old);
}

#endif
