/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Chooses the queue for a packet from the stack: the queue that the flow's last
 * packet came from, or the result of an eBPF program (TUNSETSTEERINGEBPF).
 */
#ifndef _TUN_STEER_H
#define _TUN_STEER_H

#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

#define TUN_STEER_BUCKETS	1024	/* a power of two */
#define TUN_STEER_MAX_FLOWS	4096

/**
 * struct tun_steer - steering of a device
 * @prog: eBPF program, or NULL to follow the flows
 * @lock: protects writes to @flows, @flow_count and @gc
 * @flow_count: entries in @flows
 * @gc: deletes flows that are idle
 * @flows: by hash; readers are under RCU
 */
struct tun_steer {
	struct bpf_prog __rcu	*prog;
	spinlock_t		lock;	/* flows, flow_count, gc */
	unsigned int		flow_count;
	struct timer_list	gc;
	struct hlist_head	flows[TUN_STEER_BUCKETS];
};

void tun_steer_init(struct tun_steer *steer);
void tun_steer_destroy(struct tun_steer *steer);
void tun_steer_set_prog(struct tun_steer *steer, struct bpf_prog *prog);
u16 tun_steer_select(struct tun_steer *steer, struct sk_buff *skb,
		     unsigned int numqueues);
void tun_steer_learn(struct tun_steer *steer, struct sk_buff *skb, u16 queue);
void tun_steer_forget_queue(struct tun_steer *steer, u16 queue);

#endif /* _TUN_STEER_H */
