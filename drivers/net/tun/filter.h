/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Filters for packets from the stack to user space: by destination address
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

/* Addresses that are compared one by one. Further ones are hashed. */
#define TUN_FILTER_EXACT	8

/**
 * struct tun_mac_filter - destination addresses that pass
 * @rcu: frees the struct after a grace period; the filter is never changed in
 *	place
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
 * @mac: destination addresses that pass; NULL lets all packets pass
 * @prog: eBPF program; returns the number of bytes of the packet that pass
 * @fprog: classic program as user space passed it; its instructions are in user
 *	memory, and are read when a queue attaches
 * @fprog_attached: a queue that attaches gets @fprog
 */
struct tun_filters {
	struct tun_mac_filter __rcu	*mac;
	struct bpf_prog __rcu		*prog;
	struct sock_fprog		fprog;
	bool				fprog_attached;
};

/**
 * struct tun_filter_fault - a classic program that a queue could not read
 * @fprog: the program; len is 0 if there is none
 * @lost: the memory of the program is gone
 *
 * No page fault happens under rtnl. The caller of tun_filter_attach_sock() reads
 * the memory of the program without rtnl, and calls again.
 */
struct tun_filter_fault {
	struct sock_fprog	fprog;
	bool			lost;
};

int tun_filter_read_mac(void __user *argp, struct tun_mac_filter **mac);
void tun_filter_set_mac(struct tun_filters *filter, struct tun_mac_filter *mac);
bool tun_filter_fault_in(struct tun_filter_fault *fault);
int tun_filter_attach_new(struct tun_filters *filter, struct sock *sk,
			  struct tun_filter_fault *fault);
void tun_filter_set_prog(struct tun_filters *filter, struct bpf_prog *prog);
int tun_filter_attach_sock(struct tun_filters *filter, struct sock *sk,
			   struct tun_filter_fault *fault);
void tun_filter_detach_sock(struct sock *sk);
void tun_filter_destroy(struct tun_filters *filter);
bool tun_mac_filter_match(const struct tun_mac_filter *mac,
			  const struct sk_buff *skb);

/* Does the destination address pass? The caller holds rcu_read_lock(). */
static inline bool tun_filter_mac(const struct tun_filters *filter,
				  const struct sk_buff *skb)
{
	const struct tun_mac_filter *mac = rcu_dereference(filter->mac);

	return likely(!mac) || tun_mac_filter_match(mac, skb);
}

/* Bytes of the packet that the eBPF program lets pass, 0 to drop the packet.
 * The caller holds rcu_read_lock().
 */
static inline unsigned int tun_filter_len(const struct tun_filters *filter,
					  struct sk_buff *skb)
{
	const struct bpf_prog *prog = rcu_dereference(filter->prog);

	return likely(!prog) ? skb->len : bpf_prog_run_clear_cb(prog, skb);
}

#endif /* _TUN_FILTER_H */
