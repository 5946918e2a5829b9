/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Filters between the stack and the user: by destination address
 * (TUNSETTXFILTER), by classic socket filter (TUNATTACHFILTER), by eBPF program
 * (TUNSETFILTEREBPF).
 */
#ifndef _TUN_FILTER_H
#define _TUN_FILTER_H

#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/skbuff.h>

struct sock;

/* Addresses that are compared one by one; any others are hashed. */
#define TUN_FILTER_EXACT	8

/**
 * struct tun_mac_filter - destination addresses that pass
 * @rcu: it is replaced, never changed
 * @count: used entries of @addr
 * @mask: 64 bits, one for each hash value of the multicast addresses that pass
 * @addr: addresses that pass
 */
struct tun_mac_filter {
	struct rcu_head	rcu;
	unsigned int	count;
	u32		mask[2];
	u8		addr[TUN_FILTER_EXACT][ETH_ALEN];
};

/**
 * struct tun_filters - the filters of a device
 * @mac: NULL lets everything pass
 * @prog: eBPF program: how many bytes of the packet pass
 * @fprog: classic program, as the user named it; its instructions are the
 *	user's memory, read when a queue is attached
 * @fprog_attached: queues that attach get @fprog
 */
struct tun_filters {
	struct tun_mac_filter __rcu	*mac;
	struct bpf_prog __rcu		*prog;
	struct sock_fprog		fprog;
	bool				fprog_attached;
};

int tun_filter_set_mac(struct tun_filters *filter, void __user *argp);
void tun_filter_set_prog(struct tun_filters *filter, struct bpf_prog *prog);
int tun_filter_attach_sock(struct tun_filters *filter, struct sock *sk);
void tun_filter_detach_sock(struct sock *sk);
void tun_filter_destroy(struct tun_filters *filter);
bool tun_mac_filter_match(const struct tun_mac_filter *mac,
			  const struct sk_buff *skb);

/* Does the destination address pass? rcu_read_lock() is held. */
static inline bool tun_filter_mac(const struct tun_filters *filter,
				  const struct sk_buff *skb)
{
	const struct tun_mac_filter *mac = rcu_dereference(filter->mac);

	return likely(!mac) || tun_mac_filter_match(mac, skb);
}

/* How many bytes does the eBPF program let pass? rcu_read_lock() is held. */
static inline unsigned int tun_filter_len(const struct tun_filters *filter,
					  struct sk_buff *skb)
{
	const struct bpf_prog *prog = rcu_dereference(filter->prog);

	return likely(!prog) ? skb->len : bpf_prog_run_clear_cb(prog, skb);
}

#endif /* _TUN_FILTER_H */
