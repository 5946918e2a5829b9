// SPDX-License-Identifier: GPL-2.0
#include "read.h"

#include <linux/if_vlan.h>
#include <linux/sched/signal.h>
#include <linux/skbuff.h>
#include <linux/uio.h>

#include "ring/ring.h"
#include "stats.h"
#include "tun.h"
#include "vnet.h"

/* Put the virtio_net_hdr in front of a packet. If the user's header is longer
 * than the struct, the rest stays as the user left it.
 */
static int put_vnet_hdr(struct iov_iter *to, const struct virtio_net_hdr *hdr,
			size_t hdr_sz)
{
	if (unlikely(copy_to_iter(hdr, sizeof(*hdr), to) != sizeof(*hdr)))
		return -EFAULT;
	if (hdr_sz > sizeof(*hdr))
		iov_iter_advance(to, hdr_sz - sizeof(*hdr));
	return 0;
}

/* xdp_frames come from ndo_xdp_xmit. They have no tun_pi. */
static ssize_t put_xdp_frame(const struct tun_dev *tun,
			     const struct xdp_frame *frame,
			     struct iov_iter *to)
{
	size_t vnet_hdr_sz = 0;
	size_t total;

	if (READ_ONCE(tun->flags) & IFF_VNET_HDR) {
		const struct virtio_net_hdr hdr = { };
		int err;

		vnet_hdr_sz = READ_ONCE(tun->vnet_hdr_sz);
		if (unlikely(iov_iter_count(to) < vnet_hdr_sz))
			return -EINVAL;
		err = put_vnet_hdr(to, &hdr, vnet_hdr_sz);
		if (unlikely(err))
			return err;
	}

	total = copy_to_iter(frame->data, frame->len, to) + vnet_hdr_sz;
	tun_stats_tx(tun, total);

	return total;
}

static int put_skb_vnet_hdr(const struct tun_dev *tun,
			    const struct sk_buff *skb, struct iov_iter *to,
			    size_t hdr_sz, int vlan_hlen)
{
	struct virtio_net_hdr hdr;
	int err;

	if (unlikely(iov_iter_count(to) < hdr_sz))
		return -EINVAL;

	err = tun_vnet_hdr_from_skb(tun, skb, &hdr,
				    tun_vnet_is_little_endian(tun), vlan_hlen);
	if (unlikely(err))
		return err;

	return put_vnet_hdr(to, &hdr, hdr_sz);
}

/* The tag is beside the packet: put it where it is on the wire, behind the
 * addresses. What does not fit the user's buffer is cut off.
 */
static void put_vlan_payload(const struct sk_buff *skb, struct iov_iter *to)
{
	const int offset = offsetof(struct vlan_ethhdr, h_vlan_proto);
	struct {
		__be16 proto;
		__be16 tci;
	} tag = {
		.proto = skb->vlan_proto,
		.tci = htons(skb_vlan_tag_get(skb)),
	};

	BUILD_BUG_ON(sizeof(tag) != VLAN_HLEN);

	if (skb_copy_datagram_iter(skb, 0, to, offset) || !iov_iter_count(to))
		return;
	if (copy_to_iter(&tag, sizeof(tag), to) != sizeof(tag) ||
	    !iov_iter_count(to))
		return;
	skb_copy_datagram_iter(skb, offset, to, skb->len - offset);
}

/* Returns the length that the whole packet would have taken. */
static ssize_t put_skb(const struct tun_dev *tun, const struct sk_buff *skb,
		       struct iov_iter *to)
{
	int vlan_hlen = skb_vlan_tag_present(skb) ? VLAN_HLEN : 0;
	unsigned int flags = READ_ONCE(tun->flags);
	size_t vnet_hdr_sz = 0;
	size_t total;
	int err;

	if (flags & IFF_VNET_HDR)
		vnet_hdr_sz = READ_ONCE(tun->vnet_hdr_sz);
	total = skb->len + vlan_hlen + vnet_hdr_sz;

	if (!(flags & IFF_NO_PI)) {
		struct tun_pi pi = { .proto = skb->protocol };

		if (unlikely(iov_iter_count(to) < sizeof(pi)))
			return -EINVAL;
		total += sizeof(pi);
		if (iov_iter_count(to) < total)
			pi.flags = TUN_PKT_STRIP;
		if (unlikely(copy_to_iter(&pi, sizeof(pi), to) != sizeof(pi)))
			return -EFAULT;
	}

	if (vnet_hdr_sz) {
		err = put_skb_vnet_hdr(tun, skb, to, vnet_hdr_sz, vlan_hlen);
		if (unlikely(err))
			return err;
	}

	if (unlikely(vlan_hlen))
		put_vlan_payload(skb, to);
	else
		skb_copy_datagram_iter(skb, 0, to, skb->len);

	tun_stats_tx(tun, skb->len + vlan_hlen);

	return total;
}

/* Sleep until there is a packet. Returns it or an ERR_PTR(). */
static noinline void *wait_for_packet(struct tun_queue *q)
{
	DECLARE_WAITQUEUE(wait, current);
	void *ptr;

	add_wait_queue(&q->socket.wq.wait, &wait);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		ptr = ptr_ring_consume(&q->fifo);
		if (ptr)
			break;
		if (signal_pending(current)) {
			ptr = ERR_PTR(-ERESTARTSYS);
			break;
		}
		if (READ_ONCE(q->sk.sk_shutdown) & RCV_SHUTDOWN) {
			ptr = ERR_PTR(-EFAULT);
			break;
		}
		/* Set up while we slept: packets take another way now. */
		if (rcu_access_pointer(q->ring) && tun_ring_refuses_read(q)) {
			ptr = ERR_PTR(-EBUSY);
			break;
		}
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	remove_wait_queue(&q->socket.wq.wait, &wait);

	return ptr;
}

/**
 * tun_read - give one packet to the user
 * @tun: the device
 * @q: the queue
 * @to: where to; what does not fit is cut off
 * @noblock: -EAGAIN rather than wait
 * @ptr: a packet that vhost_net took from the queue before, or NULL to take
 *	the next one; consumed in any case
 *
 * Return: the length of the whole packet with its headers, or a negative errno.
 */
ssize_t tun_read(struct tun_dev *tun, struct tun_queue *q,
		 struct iov_iter *to, bool noblock, void *ptr)
{
	ssize_t ret;

	if (unlikely(!iov_iter_count(to))) {
		tun_ptr_free(ptr);
		return 0;
	}

	if (!ptr) {
		ptr = ptr_ring_consume(&q->fifo);
		if (unlikely(!ptr)) {
			if (noblock)
				return -EAGAIN;
			ptr = wait_for_packet(q);
			if (IS_ERR(ptr))
				return PTR_ERR(ptr);
		}
	}

	if (unlikely(tun_is_xdp_frame(ptr))) {
		struct xdp_frame *frame = tun_ptr_to_xdp(ptr);

		ret = put_xdp_frame(tun, frame, to);
		xdp_return_frame(frame);
	} else {
		struct sk_buff *skb = ptr;

		ret = put_skb(tun, skb, to);
		if (likely(ret >= 0))
			consume_skb(skb);
		else
			kfree_skb(skb);
	}

	return ret;
}
