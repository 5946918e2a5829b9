/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Functions of the rings that the rest of the driver calls, with stubs for a
 * driver without CONFIG_TUN_RING.
 */
#ifndef _TUN_RINGS_H
#define _TUN_RINGS_H

#include <linux/netdevice.h>
#include <linux/poll.h>

#include "ring/common.h"

struct seq_file;
struct sk_buff;
struct tun_dev;
struct tun_queue;
struct tun_ring;
struct vm_area_struct;
struct xdp_frame;

#if IS_ENABLED(CONFIG_TUN_RING)

#include "ring/event/poll.h"
#include "ring/event/replaced.h"
#include "ring/ioctl/enter.h"
#include "ring/ioctl/ioctl.h"
#include "ring/ioctl/stats.h"
#include "ring/life/close.h"
#include "ring/life/kick.h"
#include "ring/life/ring.h"
#include "ring/life/switch.h"
#include "ring/limit/refuse.h"
#include "ring/rx/rx.h"
#include "ring/skb/frags.h"
#include "ring/vhost/ioctl.h"

#else

static inline bool tun_ring_limit_refuses(void)
{
	return false;
}

static inline bool tun_vhost_is_cmd(unsigned int cmd)
{
	return false;
}

static inline long tun_ring_ioctl(struct tun_queue *q, unsigned int cmd,
				  void __user *argp)
{
	return -ENOIOCTLCMD;
}

static inline int tun_ring_mmap(struct tun_queue *q,
				struct vm_area_struct *vma)
{
	return -ENODEV;
}

static inline __poll_t tun_ring_poll(struct tun_ring *ring)
{
	return 0;
}

static inline int tun_ring_enter_write(struct tun_queue *q)
{
	return -ENXIO;
}

static inline void tun_ring_show_fdinfo(struct seq_file *m,
					struct tun_queue *q)
{
}

static inline int tun_ring_stats_ethtool_count(struct tun_dev *tun)
{
	return 0;
}

static inline void tun_ring_stats_ethtool_names(struct tun_dev *tun, u8 *to)
{
}

static inline void tun_ring_stats_ethtool_values(struct tun_dev *tun, u64 *to)
{
}

static inline bool tun_ring_refuses_read(struct tun_queue *q)
{
	return false;
}

static inline bool tun_ring_rx_takes_tunnels(const struct tun_dev *tun,
					     const struct tun_queue *q)
{
	return true;
}

static inline void tun_ring_rx_notify(struct tun_ring *ring)
{
}

static inline netdev_tx_t tun_ring_rx_xmit(struct tun_ring *ring,
					   struct sk_buff *skb, u16 txq)
{
	kfree_skb(skb);
	return NETDEV_TX_OK;
}

static inline void tun_ring_rx_xmit_flush(struct tun_ring *ring)
{
}

static inline void tun_ring_rx_flush_queue(struct tun_queue *q)
{
}

static inline int tun_ring_rx_xdp_xmit(struct tun_ring *ring, int n,
				       struct xdp_frame **frames, u32 flags)
{
	return 0;
}

static inline void tun_ring_switch_attach(struct tun_queue *q)
{
}

static inline void tun_ring_switch_detach(struct tun_queue *q)
{
}

static inline void tun_ring_switch_dead(struct tun_queue *q)
{
}

static inline void tun_ring_switch_purge(struct tun_queue *q)
{
}

static inline int tun_ring_release_dead(struct tun_queue *q)
{
	return 0;
}

static inline void tun_ring_kick_space(struct tun_queue *q)
{
}

static inline void tun_ring_closed(struct tun_queue *q)
{
}

static inline bool tun_ring_close(struct tun_queue *q)
{
	return true;
}

static inline void tun_ring_skb_frags_drain(void)
{
}

static inline void tun_ring_event_drain(void)
{
}

#endif /* CONFIG_TUN_RING */

#endif /* _TUN_RINGS_H */
