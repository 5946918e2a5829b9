// SPDX-License-Identifier: GPL-2.0
#include "steer.h"

#include <linux/jiffies.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/sock.h>

#define FLOW_IDLE	(3 * HZ)

/**
 * struct tun_steer_flow - one flow, known by the symmetric hash of its addresses
 * @node: entry in its bucket
 * @rcu: frees the flow after readers have left it
 * @hash: the hash
 * @queue: index of the queue that the flow's last packet came from
 * @transmitted: the stack has sent packets of the flow, so the flow has a local
 *	socket
 * @updated: jiffies of the last packet from user space; on a cache line that
 *	the transmit side does not read
 */
struct tun_steer_flow {
	struct hlist_node	node;
	struct rcu_head		rcu;
	u32			hash;
	u16			queue;
	bool			transmitted;
	unsigned long		updated ____cacheline_aligned_in_smp;
};

static struct hlist_head *tun_steer_flow_bucket(struct tun_steer *steer,
						u32 hash)
{
	return &steer->flows[hash & (TUN_STEER_BUCKETS - 1)];
}

static struct tun_steer_flow *tun_steer_flow_find(struct hlist_head *bucket,
						  u32 hash)
{
	struct tun_steer_flow *flow;

	hlist_for_each_entry_rcu(flow, bucket, node)
		if (flow->hash == hash)
			return flow;

	return NULL;
}

static void tun_steer_flow_add(struct tun_steer *steer,
			       struct hlist_head *bucket, u32 hash, u16 queue)
{
	struct tun_steer_flow *flow;

	lockdep_assert_held(&steer->lock);

	if (steer->flow_count >= TUN_STEER_MAX_FLOWS)
		return;

	flow = kmalloc(sizeof(*flow), GFP_ATOMIC);
	if (!flow)
		return;

	flow->hash = hash;
	flow->queue = queue;
	flow->transmitted = false;
	flow->updated = jiffies;
	hlist_add_head_rcu(&flow->node, bucket);
	steer->flow_count++;
}

static void tun_steer_flow_del(struct tun_steer *steer,
			       struct tun_steer_flow *flow)
{
	lockdep_assert_held(&steer->lock);

	hlist_del_rcu(&flow->node);
	kfree_rcu(flow, rcu);
	steer->flow_count--;
}

static void tun_steer_start_gc(struct tun_steer *steer, unsigned long when)
{
	mod_timer(&steer->gc, round_jiffies_up(when));
}

static void tun_steer_collect_idle(struct timer_list *timer)
{
	struct tun_steer *steer = timer_container_of(steer, timer, gc);
	unsigned long next = jiffies + FLOW_IDLE;
	struct hlist_node *tmp;
	struct tun_steer_flow *flow;
	int i;

	spin_lock(&steer->lock);
	for (i = 0; i < TUN_STEER_BUCKETS; i++) {
		hlist_for_each_entry_safe(flow, tmp, &steer->flows[i], node) {
			unsigned long expires = READ_ONCE(flow->updated) +
						FLOW_IDLE;

			if (time_before_eq(expires, jiffies))
				tun_steer_flow_del(steer, flow);
			else if (time_before(expires, next))
				next = expires;
		}
	}
	if (steer->flow_count)
		tun_steer_start_gc(steer, next);
	spin_unlock(&steer->lock);
}

/**
 * tun_steer_learn - record the queue that a packet of a flow came from
 * @steer: the device's steering
 * @skb: the packet, on its way to the stack
 * @queue: index of the queue
 *
 * Callers skip this if the device has only one queue.
 */
void tun_steer_learn(struct tun_steer *steer, struct sk_buff *skb, u16 queue)
{
	struct hlist_head *bucket;
	unsigned long now = jiffies;
	struct tun_steer_flow *flow;
	u32 hash;

	if (rcu_access_pointer(steer->prog))
		return;

	hash = __skb_get_hash_symmetric(skb);
	if (!hash)
		return;
	bucket = tun_steer_flow_bucket(steer, hash);

	rcu_read_lock();
	flow = tun_steer_flow_find(bucket, hash);
	if (likely(flow)) {
		/* Write only on change: the transmit side reads this line. */
		if (READ_ONCE(flow->queue) != queue)
			WRITE_ONCE(flow->queue, queue);
		if (READ_ONCE(flow->updated) != now)
			WRITE_ONCE(flow->updated, now);
		if (READ_ONCE(flow->transmitted))
			sock_rps_record_flow_hash(hash);
	} else {
		spin_lock_bh(&steer->lock);
		if (!tun_steer_flow_find(bucket, hash))
			tun_steer_flow_add(steer, bucket, hash, queue);
		if (!timer_pending(&steer->gc))
			tun_steer_start_gc(steer, now + FLOW_IDLE);
		spin_unlock_bh(&steer->lock);
	}
	rcu_read_unlock();
}

static u16 tun_steer_select_by_flow(struct tun_steer *steer,
				    struct sk_buff *skb, unsigned int numqueues)
{
	u32 hash = __skb_get_hash_symmetric(skb);
	struct tun_steer_flow *flow =
		tun_steer_flow_find(tun_steer_flow_bucket(steer, hash), hash);

	if (!flow)
		return reciprocal_scale(hash, numqueues);

	if (unlikely(!READ_ONCE(flow->transmitted)))
		WRITE_ONCE(flow->transmitted, true);

	return READ_ONCE(flow->queue);
}

/**
 * tun_steer_select - choose the queue for a packet from the stack
 * @steer: the device's steering
 * @skb: the packet
 * @numqueues: active queues; may be 0
 *
 * Return: an index. The index of a flow may be too high if its queue just left.
 * The stack then replaces it with a valid one.
 */
u16 tun_steer_select(struct tun_steer *steer, struct sk_buff *skb,
		     unsigned int numqueues)
{
	struct bpf_prog *prog;
	u16 queue;

	rcu_read_lock();
	prog = rcu_dereference(steer->prog);
	if (!prog)
		queue = tun_steer_select_by_flow(steer, skb, numqueues);
	else if (numqueues)
		queue = (u16)bpf_prog_run_clear_cb(prog, skb) % numqueues;
	else
		queue = 0;
	rcu_read_unlock();

	return queue;
}

static void tun_steer_delete_flows(struct tun_steer *steer, bool all, u16 queue)
{
	struct hlist_node *tmp;
	struct tun_steer_flow *flow;
	int i;

	spin_lock_bh(&steer->lock);
	for (i = 0; i < TUN_STEER_BUCKETS; i++)
		hlist_for_each_entry_safe(flow, tmp, &steer->flows[i], node)
			if (all || flow->queue == queue)
				tun_steer_flow_del(steer, flow);
	spin_unlock_bh(&steer->lock);
}

/* Delete the flows of an index that is no longer in use. */
void tun_steer_forget_queue(struct tun_steer *steer, u16 queue)
{
	if (READ_ONCE(steer->flow_count))
		tun_steer_delete_flows(steer, false, queue);
}

/**
 * tun_steer_set_prog - TUNSETSTEERINGEBPF
 * @steer: the device's steering
 * @prog: the program, with the caller's reference; NULL to remove
 *
 * bpf_prog_put() frees a program after a grace period, so readers need only
 * rcu_read_lock().
 */
void tun_steer_set_prog(struct tun_steer *steer, struct bpf_prog *prog)
{
	ASSERT_RTNL();

	prog = rcu_replace_pointer(steer->prog, prog, lockdep_rtnl_is_held());
	if (prog)
		bpf_prog_put(prog);
}

void tun_steer_init(struct tun_steer *steer)
{
	spin_lock_init(&steer->lock);
	timer_setup(&steer->gc, tun_steer_collect_idle, 0);
}

/* The device is unregistered: no path learns or selects any more. */
void tun_steer_destroy(struct tun_steer *steer)
{
	struct bpf_prog *prog = rcu_access_pointer(steer->prog);

	timer_delete_sync(&steer->gc);
	tun_steer_delete_flows(steer, true, 0);
	if (prog)
		bpf_prog_put(prog);
}
