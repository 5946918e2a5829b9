// SPDX-License-Identifier: GPL-2.0
#include "access_user.h"

#include <linux/uio.h>

#include "../engine/vring.h"
#include "skb_copy.h"

int tun_umem_walk_write(struct tun_vring *vr,
			const struct tun_vring_desc *first,
			struct tun_vring_chain *c)
{
	return tun_vring_walk(vr, &tun_umem, TUN_VRING_WRITE, first, c);
}

int tun_umem_walk_read(struct tun_vring *vr,
		       const struct tun_vring_desc *first,
		       struct tun_vring_chain *c)
{
	return tun_vring_walk(vr, &tun_umem, TUN_VRING_READ, first, c);
}

/* As tun_umem_copy_from(). @from is memory of an skb, within its bounds. */
static __always_inline int tun_umem_copy_raw(void *to, const void *from,
					     u32 len)
{
	might_fault();
	if (unlikely(!access_ok((void __user *)to, len)))
		return -EFAULT;
	kasan_check_read(from, len);
	return raw_copy_to_user((void __user *)to, from, len) ? -EFAULT : 0;
}

int tun_umem_copy_skb(void *to, const struct sk_buff *skb, u32 off, u32 len)
{
	struct iov_iter iter;
	int err;

	if (likely(tun_frags_plain(skb)))
		return tun_frags_copy(skb, off, to, len, tun_umem_copy_raw);
	err = import_ubuf(ITER_DEST, (__force void __user *)to, len, &iter);
	return err ?: skb_copy_datagram_iter(skb, off, &iter, len);
}
