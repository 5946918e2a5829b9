// SPDX-License-Identifier: GPL-2.0
#include "filter.h"

#include <linux/crc32.h>
#include <linux/etherdevice.h>
#include <linux/if_tun.h>
#include <linux/pagemap.h>
#include <linux/rtnetlink.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <net/sock.h>

/* An Ethernet controller's hash filter uses the same six bits of the CRC. */
static unsigned int tun_filter_hash_bit(const u8 *addr)
{
	return ether_crc(ETH_ALEN, addr) >> 26;
}

static void tun_filter_hash_set(u32 *mask, const u8 *addr)
{
	unsigned int bit = tun_filter_hash_bit(addr);

	mask[bit / 32] |= BIT(bit % 32);
}

static bool tun_filter_hash_test(const u32 *mask, const u8 *addr)
{
	unsigned int bit = tun_filter_hash_bit(addr);

	return mask[bit / 32] & BIT(bit % 32);
}

bool tun_mac_filter_match(const struct tun_mac_filter *mac,
			  const struct sk_buff *skb)
{
	/* On transmit the packet starts with its link-layer header, but
	 * skb->mac_header need not point to it yet.
	 */
	const u8 *dest = skb->data;
	unsigned int i;

	if (unlikely(skb_headlen(skb) < ETH_ALEN))
		return false;

	for (i = 0; i < mac->count; i++)
		if (ether_addr_equal_unaligned(dest, mac->addr[i]))
			return true;

	return is_multicast_ether_addr(dest) &&
	       tun_filter_hash_test(mac->mask, dest);
}

/* Returns false if there are more unicast addresses than exact entries. The
 * device must then let all packets pass.
 */
static bool tun_filter_mac_fill(struct tun_mac_filter *mac,
				const u8 (*addr)[ETH_ALEN], unsigned int n,
				bool allmulti)
{
	unsigned int i;

	mac->count = min_t(unsigned int, n, TUN_FILTER_EXACT);
	memcpy(mac->addr, addr, mac->count * ETH_ALEN);

	for (i = mac->count; i < n; i++) {
		if (!is_multicast_ether_addr(addr[i]))
			return false;
		tun_filter_hash_set(mac->mask, addr[i]);
	}

	if (allmulti)
		memset(mac->mask, 0xff, sizeof(mac->mask));

	return true;
}

/**
 * tun_filter_read_mac - read the argument of TUNSETTXFILTER
 * @argp: user address of a struct tun_filter, with the addresses behind it
 * @mac: out: the filter, for tun_filter_set_mac(), or NULL if all packets pass
 *
 * Context: without rtnl, because the user's memory may fault.
 *
 * Return: the number of addresses that are compared exactly; 0 if all packets
 * pass; or a negative errno.
 */
int tun_filter_read_mac(void __user *argp, struct tun_mac_filter **mac)
{
	struct tun_filter head;
	u8 (*addr)[ETH_ALEN];
	int ret = 0;

	*mac = NULL;
	if (copy_from_user(&head, argp, sizeof(head)))
		return -EFAULT;
	if (!head.count)
		return 0;

	addr = memdup_user(argp + sizeof(head), ETH_ALEN * head.count);
	if (IS_ERR(addr))
		return PTR_ERR(addr);

	*mac = kzalloc(sizeof(**mac), GFP_KERNEL);
	if (!*mac) {
		ret = -ENOMEM;
	} else if (tun_filter_mac_fill(*mac, addr, head.count,
				       head.flags & TUN_FLT_ALLMULTI)) {
		ret = (*mac)->count;
	} else {
		kfree(*mac);
		*mac = NULL;
	}

	kfree(addr);
	return ret;
}

/**
 * tun_filter_set_mac - TUNSETTXFILTER
 * @filter: the device's filters
 * @mac: the filter, or NULL to let all packets pass
 */
void tun_filter_set_mac(struct tun_filters *filter, struct tun_mac_filter *mac)
{
	ASSERT_RTNL();

	mac = rcu_replace_pointer(filter->mac, mac, lockdep_rtnl_is_held());
	if (mac)
		kfree_rcu(mac, rcu);
}

/**
 * tun_filter_set_prog - TUNSETFILTEREBPF
 * @filter: the device's filters
 * @prog: the program, with the caller's reference; NULL to remove
 *
 * bpf_prog_put() frees a program after a grace period, so readers need only
 * rcu_read_lock().
 */
void tun_filter_set_prog(struct tun_filters *filter, struct bpf_prog *prog)
{
	ASSERT_RTNL();

	prog = rcu_replace_pointer(filter->prog, prog, lockdep_rtnl_is_held());
	if (prog)
		bpf_prog_put(prog);
}

/**
 * tun_filter_attach_sock - attach the classic program to a queue
 * @filter: the device's filters; the program is in the caller's memory
 * @sk: the queue
 * @fault: out: the program, if its memory must be read first
 *
 * Return: 0 or a negative errno; -EFAULT with @fault set.
 */
int tun_filter_attach_sock(struct tun_filters *filter, struct sock *sk,
			   struct tun_filter_fault *fault)
{
	int err;

	ASSERT_RTNL();

	lock_sock(sk);
	pagefault_disable();
	err = sk_attach_filter(&filter->fprog, sk);
	pagefault_enable();
	release_sock(sk);

	if (err == -EFAULT)
		fault->fprog = filter->fprog;
	return err;
}

/**
 * tun_filter_fault_in - read the memory of a program that a queue could not read
 * @fault: the program; set to none
 *
 * Context: without rtnl.
 *
 * Return: true if the caller is to attach again: the program may be read now, or
 * @fault is lost.
 */
bool tun_filter_fault_in(struct tun_filter_fault *fault)
{
	size_t len = fault->fprog.len * sizeof(struct sock_filter);

	fault->fprog.len = 0;
	if (!len || fault->lost || fatal_signal_pending(current))
		return false;
	fault->lost = fault_in_readable((void __user *)fault->fprog.filter,
					len);
	cond_resched();
	return true;
}

/**
 * tun_filter_attach_new - attach the device's classic program, if any, to a queue
 * @filter: the device's filters
 * @sk: the queue
 * @fault: see tun_filter_attach_sock(); NULL for no program
 *
 * The program is read from the memory of the process that attaches, which need
 * not be the process that set the program. So a failure is no error: the queue
 * has no program then, or keeps its old one.
 *
 * Return: 0; or -EFAULT if the caller is to read the memory of the program.
 */
int tun_filter_attach_new(struct tun_filters *filter, struct sock *sk,
			  struct tun_filter_fault *fault)
{
	if (!fault || !filter->fprog_attached ||
	    tun_filter_attach_sock(filter, sk, fault) != -EFAULT)
		return 0;
	return fault->lost ? 0 : -EFAULT;
}

void tun_filter_detach_sock(struct sock *sk)
{
	ASSERT_RTNL();

	lock_sock(sk);
	sk_detach_filter(sk);
	release_sock(sk);
}

/* The device is unregistered: nothing else can use @filter, so rtnl is not
 * needed.
 */
void tun_filter_destroy(struct tun_filters *filter)
{
	struct bpf_prog *prog = rcu_access_pointer(filter->prog);

	if (prog)
		bpf_prog_put(prog);
	kfree(rcu_access_pointer(filter->mac));
}
