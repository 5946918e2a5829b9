/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Accessors that the engine uses for memory of the owner that is not pinned.
 * Every access may fault and sleep, so the context is a process that uses the
 * owner's mm. The pointers in a struct tun_vring and in segments are the
 * owner's addresses.
 */
#ifndef _TUN_RING_MEM_USER_H
#define _TUN_RING_MEM_USER_H

#include <linux/container_of.h>
#include <linux/kasan-checks.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/skbuff.h>
#include <linux/uaccess.h>

#include "../engine/regions_find.h"
#include "access.h"
#include "dirty_log.h"

static __always_inline int tun_umem_load16(const struct tun_vring *vr,
					   const __virtio16 *p, u16 *v)
{
	__virtio16 raw;

	/* the ioctl that set the addresses called access_ok() */
	if (__get_user(raw, (const __virtio16 __user *)p))
		return -EFAULT;
	*v = le16_to_cpu((__force __le16)raw);
	return 0;
}

/* Log a write to the used ring. */
static __always_inline int tun_umem_log(const struct tun_vring *vr,
					const void *at, u32 len)
{
	const struct tun_vq *vq = container_of(vr, struct tun_vq, vr);

	return unlikely(vq->log) ? tun_log_used(vq, at, len) : 0;
}

/* Store a word, without dirty logging. */
static __always_inline int tun_umem_put16(const struct tun_vring *vr,
					  __virtio16 *p, u16 v)
{
	return __put_user((__force __virtio16)cpu_to_le16(v),
			  (__virtio16 __user *)p);
}

static __always_inline int tun_umem_store16(const struct tun_vring *vr,
					    __virtio16 *p, u16 v)
{
	return tun_umem_put16(vr, p, v) ?: tun_umem_log(vr, p, sizeof(*p));
}

static __always_inline int tun_umem_release16(const struct tun_vring *vr,
					      __virtio16 *p, u16 v)
{
	/* C: no store-release exists for a user's address */
	smp_mb();
	return tun_umem_store16(vr, p, v);
}

static __always_inline int tun_umem_load_desc(const struct tun_vring *vr,
					      const struct vring_desc *p,
					      struct tun_vring_desc *d)
{
	const __le64 __user *from = (const void __user *)p;
	__le64 raw[2];

	/* copy_from_user() of so few bytes is slower than two loads */
	if (!user_read_access_begin(from, sizeof(raw)))
		return -EFAULT;
	unsafe_get_user(raw[0], &from[0], fault);
	unsafe_get_user(raw[1], &from[1], fault);
	user_read_access_end();
	tun_vring_desc_decode(d, raw[0], raw[1]);
	return 0;
fault:
	user_read_access_end();
	return -EFAULT;
}

static __always_inline int tun_umem_segment(struct tun_vring *vr,
					    u64 addr, u32 len,
					    struct tun_vring_seg *seg)
{
	struct tun_vq *vq = container_of(vr, struct tun_vq, vr);
	const struct tun_regions *regions =
		rcu_dereference_protected(vq->regions,
					  lockdep_is_held(vq->lock));

	return tun_regions_find(regions, &vq->found, addr, len, seg);
}

static __always_inline int tun_umem_load_indirect(const struct tun_vring *vr,
						  const void *p,
						  struct tun_vring_desc *d)
{
	__le64 raw[2];

	if (copy_from_user(raw, (const void __user *)p, sizeof(raw)))
		return -EFAULT;
	tun_vring_desc_decode(d, raw[0], raw[1]);
	return 0;
}

/* Store a used element, without dirty logging. */
static __always_inline int tun_umem_put_used(const struct tun_vring *vr,
					     struct vring_used_elem *p,
					     u32 head, u32 len)
{
	struct vring_used_elem __user *to = (void __user *)p;

	if (!user_write_access_begin(to, sizeof(*to)))
		return -EFAULT;
	unsafe_put_user((__force __virtio32)cpu_to_le32(head), &to->id, fault);
	unsafe_put_user((__force __virtio32)cpu_to_le32(len), &to->len, fault);
	user_write_access_end();
	return 0;
fault:
	user_write_access_end();
	return -EFAULT;
}

static __always_inline int tun_umem_store_used(const struct tun_vring *vr,
					       struct vring_used_elem *p,
					       u32 head, u32 len)
{
	return tun_umem_put_used(vr, p, head, len) ?:
	       tun_umem_log(vr, p, sizeof(*p));
}

static const struct tun_vring_mem tun_umem __maybe_unused = {
	.load16		= tun_umem_load16,
	.store16	= tun_umem_store16,
	.release16	= tun_umem_release16,
	.load_desc	= tun_umem_load_desc,
	.load_indirect	= tun_umem_load_indirect,
	.store_used	= tun_umem_store_used,
	.segment	= tun_umem_segment,
};

static __always_inline int tun_umem_copy_to(void *to, const void *from, u32 len)
{
	return copy_to_user((void __user *)to, from, len) ? -EFAULT : 0;
}

/*
 * Like an iov_iter, the function omits the checks of hardened usercopy. @to is
 * a variable of exactly @len bytes, or memory of an skb that was allocated for
 * @len bytes. An skb's memory consists of pages, in which these checks find
 * nothing. KASAN checks the bounds of @to.
 */
static __always_inline int tun_umem_copy_from(void *to, const void *from,
					      u32 len)
{
	might_fault();
	if (unlikely(!access_ok((const void __user *)from, len)))
		return -EFAULT;
	kasan_check_write(to, len);
	return raw_copy_from_user(to, (const void __user *)from, len) ?
	       -EFAULT : 0;
}

int tun_umem_copy_skb(void *to, const struct sk_buff *skb, u32 off, u32 len);
int tun_umem_walk_write(struct tun_vring *vr,
			const struct tun_vring_desc *first,
			struct tun_vring_chain *c);
int tun_umem_walk_read(struct tun_vring *vr,
		       const struct tun_vring_desc *first,
		       struct tun_vring_chain *c);

static const struct tun_ring_mem tun_ring_umem __maybe_unused = {
	.faults		= true,
	.vring		= &tun_umem,
	.walk_write	= tun_umem_walk_write,
	.walk_read	= tun_umem_walk_read,
	.copy_to	= tun_umem_copy_to,
	.copy_from	= tun_umem_copy_from,
	.copy_skb	= tun_umem_copy_skb,
};

#endif /* _TUN_RING_MEM_USER_H */
