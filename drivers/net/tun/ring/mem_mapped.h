/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ring memory that the kernel allocates and the user maps, and the engine's
 * access to it: plain loads and stores.
 */
#ifndef _TUN_RING_MEM_MAPPED_H
#define _TUN_RING_MEM_MAPPED_H

#include <linux/container_of.h>
#include <linux/string.h>

#include "vring.h"

struct page;
struct vm_area_struct;

/**
 * struct tun_area - pages with one kernel address, to be mapped by the user
 * @base: kernel address
 * @len: bytes, whole pages
 * @pages: each with one reference of ours; a mapping holds its own
 */
struct tun_area {
	void *base;
	unsigned long len;
	struct page **pages;
};

/**
 * struct tun_mem_mapped - memory of one queue's mapped rings
 * @driver: descriptor tables, available rings, tx records; user read/write
 * @device: used rings, rx records; user read-only
 * @pool: packet buffers; user read/write
 */
struct tun_mem_mapped {
	struct tun_area driver;
	struct tun_area device;
	struct tun_area pool;
};

/* Where mmap(2) finds the areas: far enough apart for the largest of them. */
#define TUN_MAP_DRIVER	0x00000000ULL
#define TUN_MAP_DEVICE	0x40000000ULL
#define TUN_MAP_POOL	0x80000000ULL

int tun_mem_mapped_alloc(struct tun_mem_mapped *mem, unsigned long driver_len,
			 unsigned long device_len, unsigned long pool_len);
void tun_mem_mapped_free(struct tun_mem_mapped *mem);
int tun_mem_mapped_mmap(struct tun_mem_mapped *mem, struct vm_area_struct *vma);

/**
 * struct tun_vring_mapped - a ring in mapped memory
 * @vr: the engine's state
 * @pool: address 0 of the buffers
 * @pool_len: bytes of it
 */
struct tun_vring_mapped {
	struct tun_vring vr;
	void *pool;
	u64 pool_len;
};

static __always_inline int tun_mapped_load16(const struct tun_vring *vr,
					     const __virtio16 *p, u16 *v)
{
	*v = le16_to_cpu((__force __le16)READ_ONCE(*p));
	return 0;
}

static __always_inline int tun_mapped_store16(const struct tun_vring *vr,
					      __virtio16 *p, u16 v)
{
	WRITE_ONCE(*p, (__force __virtio16)cpu_to_le16(v));
	return 0;
}

static __always_inline int tun_mapped_release16(const struct tun_vring *vr,
						__virtio16 *p, u16 v)
{
	smp_store_release(p, (__force __virtio16)cpu_to_le16(v));
	return 0;
}

/* Two loads, each done once: no field can change between check and use. */
static __always_inline int tun_mapped_load_desc(const struct tun_vring *vr,
						const struct vring_desc *p,
						struct tun_vring_desc *d)
{
	u64 lo = le64_to_cpu(READ_ONCE(((const __le64 *)p)[0]));
	u64 hi = le64_to_cpu(READ_ONCE(((const __le64 *)p)[1]));

	d->addr = lo;
	d->len = hi;
	d->flags = hi >> 32;
	d->next = hi >> 48;
	return 0;
}

static __always_inline int tun_mapped_segment(const struct tun_vring *vr,
					      u64 addr, u32 len,
					      struct tun_vring_seg *seg)
{
	const struct tun_vring_mapped *m =
		container_of(vr, struct tun_vring_mapped, vr);

	if (unlikely(addr > m->pool_len || len > m->pool_len - addr))
		return -EPROTO;
	seg->base = m->pool + addr;
	seg->len = len;
	return 0;
}

static __always_inline int tun_mapped_load_indirect(const struct tun_vring *vr,
						    u64 addr,
						    struct tun_vring_desc *d)
{
	struct tun_vring_seg seg;
	__le64 raw[2];
	int err;

	err = tun_mapped_segment(vr, addr, sizeof(raw), &seg);
	if (unlikely(err))
		return err;
	memcpy(raw, seg.base, sizeof(raw));
	/* the copy is what counts from here on, not the user's memory */
	barrier();
	d->addr = le64_to_cpu(raw[0]);
	d->len = le64_to_cpu(raw[1]);
	d->flags = le64_to_cpu(raw[1]) >> 32;
	d->next = le64_to_cpu(raw[1]) >> 48;
	return 0;
}

static __always_inline int tun_mapped_store_used(const struct tun_vring *vr,
						 struct vring_used_elem *p,
						 u32 head, u32 len)
{
	WRITE_ONCE(p->id, (__force __virtio32)cpu_to_le32(head));
	WRITE_ONCE(p->len, (__force __virtio32)cpu_to_le32(len));
	return 0;
}

static const struct tun_vring_mem tun_mapped __maybe_unused = {
	.load16		= tun_mapped_load16,
	.store16	= tun_mapped_store16,
	.release16	= tun_mapped_release16,
	.load_desc	= tun_mapped_load_desc,
	.load_indirect	= tun_mapped_load_indirect,
	.store_used	= tun_mapped_store_used,
	.segment	= tun_mapped_segment,
};

#endif /* _TUN_RING_MEM_MAPPED_H */
