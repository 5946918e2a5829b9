/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets.
 */
#ifndef _TUN_COMPAT_SKB_H
#define _TUN_COMPAT_SKB_H

#include <linux/skbuff.h>

/* Notify the owner of a zerocopy packet's pages that the pages are free. */
static inline void skb_ubuf_complete(struct ubuf_info *uarg, bool zerocopy)
{
#ifdef TUN_HAVE_UBUF_OPS
	uarg->ops->complete(NULL, uarg, zerocopy);
#else
	uarg->callback(NULL, uarg, zerocopy);
#endif
}

#ifndef TUN_HAVE_UBUF_OPS
struct ubuf_info_ops {
	void (*complete)(struct sk_buff *skb, struct ubuf_info *uarg,
			 bool zerocopy);
};
#endif

static inline void skb_ubuf_set_ops(struct ubuf_info *uarg,
				    const struct ubuf_info_ops *ops)
{
#ifdef TUN_HAVE_UBUF_OPS
	uarg->ops = ops;
#else
	uarg->callback = ops->complete;
#endif
}

/* Fragments that the processor cannot read, such as the memory of a device. */
#ifndef TUN_HAVE_FRAGS_READABLE
static inline bool skb_frags_readable(const struct sk_buff *skb)
{
	return true;
}
#endif

/* Has any socket asked for UDP GRO? Some kernels do not let a module know. */
#ifdef TUN_HAVE_UDP_ENCAP_KEY
#define tun_udp_gro_wanted()	static_branch_unlikely(&udp_encap_needed_key)
#else
#define tun_udp_gro_wanted()	true
#endif

#endif /* _TUN_COMPAT_SKB_H */
