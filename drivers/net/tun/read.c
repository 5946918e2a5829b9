// SPDX-License-Identifier: GPL-2.0
#include "read.h"

#include <linux/if_vlan.h>
#include <linux/sched/signal.h>
#include <linux/skbuff.h>
#include <linux/uio.h>

#include "backpressure/backpressure.h"
#include "ptr.h"
#include "rings.h"
#include "stats.h"
#include "tun.h"
#include "vnet.h"

/**
 * struct tun_read_hdrs - the headers in front of a packet
 * @pi: true for a struct tun_pi
 * @whole: true to return -EFAULT if not all of the packet could be written
 * @vnet_hdr_sz: bytes of the virtio_net_hdr, or 0
 */
struct tun_read_hdrs {
	bool pi;
	bool whole;
	size_t vnet_hdr_sz;
};

/* Frames of ndo_xdp_xmit are read without a struct tun_pi, even if the device
 * has one.
 */
static __always_inline ssize_t
tun_read_put_xdp_frame(const struct tun_dev *tun, const struct xdp_frame *frame,
		       struct iov_iter *to, const struct tun_read_hdrs *f)
{
	size_t vnet_hdr_sz = f->vnet_hdr_sz;
	size_t total;

	if (vnet_hdr_sz) {
		const struct virtio_net_hdr hdr = { };
		int err;

		if (unlikely(iov_iter_count(to) < vnet_hdr_sz))
			return -EINVAL;
		err = tun_vnet_put_hdr(to, &hdr, sizeof(hdr), vnet_hdr_sz);
		if (unlikely(err))
			return err;
	}

	total = copy_to_iter(frame->data, frame->len, to) + vnet_hdr_sz;
	if (unlikely(f->whole) && total != frame->len + vnet_hdr_sz)
		return -EFAULT;
	tun_stats_tx(tun, 1, total);

	return total;
}

static __always_inline int
tun_read_put_skb_vnet_hdr(const struct tun_dev *tun, const struct sk_buff *skb,
			  struct iov_iter *to, size_t hdr_sz, int vlan_hlen)
{
	struct virtio_net_hdr hdr;
	int err;

	if (unlikely(iov_iter_count(to) < hdr_sz))
		return -EINVAL;

	if (VNET_HAS_TUNNEL && tun->dev->features & NETIF_F_GSO_UDP_TUNNEL)
		return tun_vnet_put_tunnel_hdr(tun, skb, to, hdr_sz, vlan_hlen);

	err = tun_vnet_hdr_from_skb(tun, skb, &hdr,
				    tun_vnet_is_little_endian(tun), vlan_hlen);
	if (unlikely(err))
		return err;

	return tun_vnet_put_hdr(to, &hdr, sizeof(hdr), hdr_sz);
}

/* The skb keeps the VLAN tag outside of its data. Put the tag behind the
 * addresses, its place on the wire. The packet is cut off at the end of the
 * user's buffer.
 */
static void tun_read_put_vlan_payload(const struct sk_buff *skb,
				      struct iov_iter *to)
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

/* Returns the length of the whole packet, even if it was cut off. */
static __always_inline ssize_t tun_read_put_skb(const struct tun_dev *tun,
						const struct sk_buff *skb,
						struct iov_iter *to,
						const struct tun_read_hdrs *f)
{
	int vlan_hlen = skb_vlan_tag_present(skb) ? VLAN_HLEN : 0;
	size_t vnet_hdr_sz = f->vnet_hdr_sz;
	size_t room = iov_iter_count(to);
	size_t total;
	int err;

	total = skb->len + vlan_hlen + vnet_hdr_sz;

	if (f->pi) {
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
		err = tun_read_put_skb_vnet_hdr(tun, skb, to, vnet_hdr_sz,
						vlan_hlen);
		if (unlikely(err))
			return err;
	}

	if (unlikely(vlan_hlen))
		tun_read_put_vlan_payload(skb, to);
	else
		skb_copy_datagram_iter(skb, 0, to, skb->len);

	if (unlikely(f->whole) && room - iov_iter_count(to) != total)
		return -EFAULT;
	tun_stats_tx(tun, 1, skb->len + vlan_hlen);

	return total;
}

static ssize_t tun_read_put(const struct tun_dev *tun, void *ptr,
			    struct iov_iter *to, const struct tun_read_hdrs *f)
{
	if (unlikely(tun_is_xdp_frame(ptr)))
		return tun_read_put_xdp_frame(tun, tun_ptr_to_xdp(ptr), to, f);
	return tun_read_put_skb(tun, ptr, to, f);
}

/* Bytes of a packet without its headers. */
size_t tun_read_packet_len(void *ptr)
{
	const struct sk_buff *skb = ptr;

	if (tun_is_xdp_frame(ptr))
		return tun_ptr_to_xdp(ptr)->len;
	return skb->len + (skb_vlan_tag_present(skb) ? VLAN_HLEN : 0);
}

/**
 * tun_read_vring - copy a packet into a buffer of a vringfd
 * @tun: the device
 * @to: the buffer
 * @ptr: the packet, from the queue; not consumed
 *
 * A virtio_net_hdr is in front of the packet and no other header; the device's
 * flags do not matter.
 *
 * Return: the length with the header; -EMSGSIZE if the buffer is too short;
 * -EFAULT if the user memory is gone; or another errno for an invalid packet.
 */
ssize_t tun_read_vring(const struct tun_dev *tun, struct iov_iter *to,
		       void *ptr)
{
	const struct tun_read_hdrs f = {
		.vnet_hdr_sz = READ_ONCE(tun->vnet_hdr_sz),
		.whole = true,
	};

	if (iov_iter_count(to) < f.vnet_hdr_sz + tun_read_packet_len(ptr))
		return -EMSGSIZE;
	return tun_read_put(tun, ptr, to, &f);
}

/* Sleep until a packet arrives in the queue, which was empty. Returns the taken
 * packet, or an ERR_PTR(): -EAGAIN if the caller may not sleep; -ERESTARTSYS;
 * -EFAULT if the device is gone; -EBUSY if a ring or vringfd takes the packets.
 */
static noinline void *tun_read_wait(struct tun_queue *q, bool noblock)
{
	DECLARE_WAITQUEUE(wait, current);
	void *ptr;

	if (noblock)
		return ERR_PTR(-EAGAIN);
	add_wait_queue(&q->socket.wq.wait, &wait);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		/* a ring or vringfd was set up, and gets the packets */
		if ((rcu_access_pointer(q->ring) && tun_ring_refuses_read(q)) ||
		    tun_queue_has_rx_vring(q)) {
			ptr = ERR_PTR(-EBUSY);
			break;
		}
		ptr = ptr_ring_consume(&q->tx_ring);
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
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	remove_wait_queue(&q->socket.wq.wait, &wait);

	return ptr;
}

static __always_inline void *tun_read_take(struct tun_queue *q, bool noblock)
{
	void *ptr = ptr_ring_consume(&q->tx_ring) ?: tun_read_wait(q, noblock);

	if (!IS_ERR(ptr))
		tun_backpressure_consumed(q, 1);
	return ptr;
}

/**
 * tun_do_read - copy one packet to user space
 * @tun: the device
 * @q: the queue
 * @to: the user's buffer; the packet is cut off at its end
 * @noblock: return -EAGAIN rather than wait for a packet
 * @ptr: a packet that was taken before, consumed in any case; NULL to take one
 *
 * Return: the length of the whole packet with its headers; 0 if @to has no
 * room; or a negative errno, see also tun_read_wait().
 */
ssize_t tun_do_read(struct tun_dev *tun, struct tun_queue *q,
		    struct iov_iter *to, bool noblock, void *ptr)
{
	struct tun_read_hdrs f = { };
	unsigned int flags;
	ssize_t ret;

	if (unlikely(!iov_iter_count(to))) {
		tun_ptr_free(ptr);
		return 0;
	}

	if (!ptr) {
		ptr = tun_read_take(q, noblock);
		if (IS_ERR(ptr))
			return PTR_ERR(ptr);
	}

	flags = READ_ONCE(tun->flags);
	f.pi = !(flags & IFF_NO_PI);
	if (flags & IFF_VNET_HDR)
		f.vnet_hdr_sz = READ_ONCE(tun->vnet_hdr_sz);

	if (unlikely(tun_is_xdp_frame(ptr))) {
		struct xdp_frame *frame = tun_ptr_to_xdp(ptr);

		ret = tun_read_put_xdp_frame(tun, frame, to, &f);
		xdp_return_frame(frame);
	} else {
		struct sk_buff *skb = ptr;

		ret = tun_read_put_skb(tun, skb, to, &f);
		if (likely(ret >= 0))
			consume_skb(skb);
		else
			kfree_skb(skb);
	}

	return ret;
}
