/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Generic XDP: runs the device's program over an skb.
 */
#ifndef _TUN_XDP_GENERIC_H
#define _TUN_XDP_GENERIC_H

#include <linux/filter.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "tun.h"

/**
 * tun_xdp_generic - run the device's program over an skb
 * @tun: the device
 * @pskb: the packet; may be replaced
 *
 * The caller holds rcu_read_lock() and has softirqs off.
 *
 * Return: true if the packet passes, false if it is consumed.
 */
static inline bool tun_xdp_generic(struct tun_dev *tun, struct sk_buff **pskb)
{
	struct bpf_prog *prog = rcu_dereference(tun->xdp_prog);

	return likely(!prog) || do_xdp_generic(prog, pskb) == XDP_PASS;
}

#endif /* _TUN_XDP_GENERIC_H */
