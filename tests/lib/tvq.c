// SPDX-License-Identifier: GPL-2.0
/* One split ring, from the side of virtio's driver. */
#include <sched.h>

#include "tring.h"

/* used_event and avail_event lie behind the last entry of their rings. */
static uint16_t *used_event(const struct tvq *vq)
{
	return &vq->avail->ring[vq->entries];
}

static const uint16_t *avail_event(const struct tvq *vq)
{
	return (const uint16_t *)&vq->used->ring[vq->entries];
}

static uint16_t load(const uint16_t *p)
{
	return le16toh(__atomic_load_n(p, __ATOMIC_ACQUIRE));
}

/* Returns a descriptor in the byte order of rings. */
struct vring_desc tvq_descriptor(uint64_t addr, uint32_t len, uint16_t flags,
				 uint16_t next)
{
	return (struct vring_desc) {
		htole64(addr), htole32(len), htole16(flags), htole16(next)
	};
}

void tvq_desc(struct tvq *vq, unsigned int i, uint64_t addr, uint32_t len,
	      uint16_t flags, uint16_t next)
{
	vq->desc[i] = tvq_descriptor(addr, len, flags, next);
}

/* Writes one entry of the available ring. */
void tvq_put_at(struct tvq *vq, uint16_t pos, uint16_t head)
{
	vq->avail->ring[pos & (vq->entries - 1)] = htole16(head);
}

/* Adds an entry. tvq_publish() makes it visible to the kernel. */
void tvq_put(struct tvq *vq, uint16_t head)
{
	tvq_put_at(vq, vq->avail_idx++, head);
}

/*
 * Publishes the available index. The entries are visible before the index, and
 * the index is visible before the caller reads avail_event.
 */
void tvq_publish(struct tvq *vq)
{
	__atomic_store_n(&vq->avail->idx, htole16(vq->avail_idx),
			 __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void tvq_flags(struct tvq *vq, uint16_t flags)
{
	__atomic_store_n(&vq->avail->flags, htole16(flags), __ATOMIC_SEQ_CST);
}

uint16_t tvq_used_idx(const struct tvq *vq)
{
	return load(&vq->used->idx);
}

uint16_t tvq_used_flags(const struct tvq *vq)
{
	return load(&vq->used->flags);
}

uint16_t tvq_avail_event(const struct tvq *vq)
{
	return load(avail_event(vq));
}

uint16_t tvq_used_event(const struct tvq *vq)
{
	return load(used_event(vq));
}

void tvq_set_used_event(struct tvq *vq, uint16_t pos)
{
	__atomic_store_n(used_event(vq), htole16(pos), __ATOMIC_SEQ_CST);
}

struct vring_used_elem tvq_used_at(const struct tvq *vq, uint16_t pos)
{
	struct vring_used_elem e = vq->used->ring[pos & (vq->entries - 1)];

	return (struct vring_used_elem) { le32toh(e.id), le32toh(e.len) };
}

uint16_t tvq_pending(const struct tvq *vq)
{
	return tvq_used_idx(vq) - vq->taken;
}

/* Consumes n used entries and writes the user's position to used_event. */
void tvq_take(struct tvq *vq, unsigned int n)
{
	vq->taken += n;
	tvq_set_used_event(vq, vq->taken);
}

/* Waits for at least n used entries. */
int tvq_wait(const struct tvq *vq, unsigned int n)
{
	long end = now_ms() + WAIT_MS;
	unsigned int spin;

	for (spin = 0; tvq_pending(vq) < n; spin++) {
		if (spin < 20) {
			sched_yield();
			continue;
		}
		if (now_ms() > end)
			return -ETIMEDOUT;
		usleep(200);
	}
	return 0;
}

/* Does the number of used entries stay n for this time? */
bool tvq_quiet(const struct tvq *vq, unsigned int n, int ms)
{
	long end = now_ms() + ms;

	do {
		if (tvq_pending(vq) != n)
			return false;
		usleep(1000);
	} while (now_ms() < end);
	return true;
}

/* Waits until the kernel enables kicks for the next available entry. */
int tvq_wait_asks(const struct tring *r, const struct tvq *vq)
{
	long end = now_ms() + WAIT_MS;

	while (r->s.features & F_EVENT ?
	       tvq_avail_event(vq) != vq->avail_idx :
	       tvq_used_flags(vq) & VRING_USED_F_NO_NOTIFY) {
		if (now_ms() > end)
			return -ETIMEDOUT;
		usleep(200);
	}
	return 0;
}

/* Does the kernel want a kick for the entries published since the last call? */
bool tvq_wants_kick(const struct tring *r, struct tvq *vq)
{
	uint16_t new = vq->avail_idx, old = vq->kicked;

	vq->kicked = new;
	if (new == old)
		return false;
	if (r->s.features & F_EVENT)
		return (uint16_t)(new - tvq_avail_event(vq) - 1) <
		       (uint16_t)(new - old);
	return !(tvq_used_flags(vq) & VRING_USED_F_NO_NOTIFY);
}
