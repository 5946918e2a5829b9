// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "ring.h"

#include <endian.h>
#include <errno.h>
#include <linux/if_tun.h>
#include <linux/virtio_ring.h>
#include <string.h>

#include "../../lib/kernel/barrier.h"
#include "file.h"

#define EXEC_VLAN_AT	12	/* bytes before a VLAN tag */

/* Where a packet goes: the buffers of a readv(2). */
struct exec_sink {
	const struct iovec	*iov;
	int			n;
	size_t			at;	/* in the first of them */
	size_t			room;	/* in all */
	size_t			put;
};

/* Bytes beyond the buffers are cut off. */
static void exec_sink_put(struct exec_sink *to, const void *data, size_t len)
{
	const uint8_t *from = data;
	size_t part;

	while (len && to->n) {
		part = to->iov->iov_len - to->at;
		if (part > len)
			part = len;
		memcpy((uint8_t *)to->iov->iov_base + to->at, from, part);
		from += part;
		len -= part;
		to->at += part;
		to->put += part;
		if (to->at < to->iov->iov_len)
			continue;
		to->iov++;
		to->n--;
		to->at = 0;
	}
}

static struct vring_avail *exec_ring_avail(const struct exec_file *f)
{
	return (void *)(f->driver + f->shared->setup.rx.avail);
}

static const struct vring_used *exec_ring_used(const struct exec_file *f)
{
	return (const void *)(f->device + f->shared->setup.rx.used);
}

static const struct tun_ring_meta *exec_ring_meta(const struct exec_file *f,
						  unsigned int slot)
{
	return (const struct tun_ring_meta *)(f->device +
					      f->shared->setup.rx.meta) + slot;
}

/*
 * Is a packet in the ring? Without the lock, another reader may take it. Packets that
 * were in the ring when the library stepped aside still are.
 */
bool exec_ring_has(const struct exec_file *f)
{
	/* pairs with exec_setup_area(): the pool is mapped last */
	if (exec_file_state(f) == EXEC_NEW ||
	    !__atomic_load_n(&f->pool, __ATOMIC_ACQUIRE))
		return false;
	return tr_load_acquire16(&exec_ring_used(f)->idx) !=
	       __atomic_load_n(&f->shared->taken, __ATOMIC_RELAXED);
}

/* The slot of the used entry i entries behind the position, and its length. */
static unsigned int exec_ring_entry(const struct exec_file *f, unsigned int i,
				    size_t *len)
{
	const struct exec_shared *s = f->shared;
	const unsigned int mask = s->setup.rx.entries - 1;
	const struct vring_used_elem *e =
		&exec_ring_used(f)->ring[(s->taken + i) & mask];

	*len = le32toh(e->len);
	if (*len > s->setup.buf_size)
		*len = s->setup.buf_size;
	return le32toh(e->id) & mask;
}

static size_t exec_ring_length(const struct exec_file *f, unsigned int bufs)
{
	size_t total = 0, len;
	unsigned int i;

	for (i = 0; i < bufs; i++) {
		exec_ring_entry(f, i, &len);
		total += len;
	}
	return total;
}

static void exec_ring_copy(const struct exec_file *f, struct exec_sink *to,
			   unsigned int bufs, const struct tun_ring_meta *meta)
{
	const uint8_t *buf;
	unsigned int i, slot;
	size_t len;

	for (i = 0; i < bufs; i++) {
		slot = exec_ring_entry(f, i, &len);
		buf = f->pool + (size_t)slot * f->shared->setup.buf_size;
		if (!i && meta->flags & htole16(TUN_RING_META_VLAN) &&
		    len >= EXEC_VLAN_AT) {
			const uint16_t tag[2] = {
				meta->vlan_proto,
				htobe16(le16toh(meta->vlan_tci)),
			};

			exec_sink_put(to, buf, EXEC_VLAN_AT);
			exec_sink_put(to, tag, sizeof(tag));
			buf += EXEC_VLAN_AT;
			len -= EXEC_VLAN_AT;
		}
		exec_sink_put(to, buf, len);
	}
}

/* The buffers go back to the kernel, which sees them later. */
static void exec_ring_give(struct exec_file *f, unsigned int bufs)
{
	struct vring_avail *avail = exec_ring_avail(f);
	struct exec_shared *s = f->shared;
	const unsigned int mask = s->setup.rx.entries - 1;
	unsigned int i;
	size_t len;

	for (i = 0; i < bufs; i++)
		avail->ring[s->avail++ & mask] =
			htole16((uint16_t)exec_ring_entry(f, i, &len));
	__atomic_store_n(&s->taken, (uint16_t)(s->taken + bufs),
			 __ATOMIC_RELAXED);
	/* poll(2) and the next wake-up go by that */
	tr_store16(&avail->ring[mask + 1], s->taken);
}

/*
 * Take the packet at the position, as read(2) takes one from the queue. The caller
 * holds the lock, and the ring has a packet. Returns bytes, or a negative errno: the
 * packet is lost then, as with read(2).
 */
ssize_t exec_ring_take(struct exec_file *f, const struct iovec *iov, int n)
{
	struct exec_sink to = { .iov = iov, .n = n };
	const struct tun_ring_meta *meta;
	struct tun_pi pi = { 0 };
	unsigned int bufs;
	ssize_t ret;
	size_t len;
	int i;

	for (i = 0; i < n; i++)
		to.room += iov[i].iov_len;
	meta = exec_ring_meta(f, exec_ring_entry(f, 0, &len));
	bufs = le16toh(meta->num_buffers);
	if (!bufs)
		bufs = 1;
	f->shared->packets++;
	if (f->shared->pi) {
		if (to.room < sizeof(pi)) {
			ret = -EINVAL;
			goto give;
		}
		len = exec_ring_length(f, bufs) + sizeof(pi);
		if (meta->flags & htole16(TUN_RING_META_VLAN))
			len += 4;
		if (len > to.room)
			pi.flags = TUN_PKT_STRIP;
		pi.proto = meta->protocol;
		exec_sink_put(&to, &pi, sizeof(pi));
	}
	exec_ring_copy(f, &to, bufs, meta);
	ret = (ssize_t)to.put;
give:
	exec_ring_give(f, bufs);
	return ret;
}

/* The kernel has deleted the packets that wait. The caller holds the lock. */
void exec_ring_clear(struct exec_file *f)
{
	if (exec_ring_has(f))
		__atomic_store_n(&f->shared->taken,
				 tr_load_acquire16(&exec_ring_used(f)->idx),
				 __ATOMIC_RELAXED);
}

/*
 * Let the kernel see the buffers that went back. Returns true if the kernel asks for
 * a kick.
 */
bool exec_ring_publish(struct exec_file *f)
{
	const struct vring_used *used = exec_ring_used(f);
	struct exec_shared *s = f->shared;
	uint16_t old = s->published;

	if (old == s->avail || exec_file_state(f) == EXEC_ASIDE)
		return false;
	s->published = s->avail;
	tr_store_release16(&exec_ring_avail(f)->idx, s->avail);	/* a */
	tr_fence();	/* b */
	return vring_need_event(tr_load16((const uint16_t *)&used->ring[s->setup.rx.entries]),
				s->avail, old);
}

/* All buffers, for the first time. */
void exec_ring_fill(struct exec_file *f)
{
	struct exec_shared *s = f->shared;
	struct vring_desc *d = (void *)(f->driver + s->setup.rx.desc);
	struct vring_avail *avail = exec_ring_avail(f);
	unsigned int i;

	for (i = 0; i < s->setup.rx.entries; i++) {
		d[i].addr = htole64((uint64_t)i * s->setup.buf_size);
		d[i].len = htole32(s->setup.buf_size);
		d[i].flags = htole16(VRING_DESC_F_WRITE);
		avail->ring[i] = htole16((uint16_t)i);
	}
	s->avail = (uint16_t)i;
}
