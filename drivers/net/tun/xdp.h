/* SPDX-License-Identifier: GPL-2.0 */
/*
 * XDP: the device's program, and frames that are redirected to the device.
 */
#ifndef _TUN_XDP_H
#define _TUN_XDP_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/xdp.h>

struct bpf_prog;
struct tun_dev;

int tun_xdp_bpf(struct net_device *dev, struct netdev_bpf *bpf);
int tun_xdp_xmit(struct net_device *dev, int n, struct xdp_frame **frames,
		 u32 flags);
int tun_xdp_act(struct tun_dev *tun, struct bpf_prog *prog,
		struct xdp_buff *xdp, u32 act);
bool tun_xdp_run_frag(struct tun_dev *tun, struct xdp_buff *xdp,
		      bool *redirected);

/* Tell the stack about metadata that a program put in front of the packet. A
 * buffer without room for metadata has data_meta behind data.
 */
static inline void tun_xdp_meta_to_skb(const struct xdp_buff *xdp,
				       struct sk_buff *skb)
{
	if (xdp->data_meta < xdp->data)
		skb_metadata_set(skb, xdp->data - xdp->data_meta);
}

#endif /* _TUN_XDP_H */
