// SPDX-License-Identifier: GPL-2.0
/*
 * Start and stop of one virtqueue of a guest, by the server of its rings.
 */
#include "virtqueue.h"

#include <linux/eventfd.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>
#include <linux/vhost.h>

#include "../../compat/vnet.h"
#include "../../tun.h"
#include "../engine/vring.h"
#include "../event/eventfd.h"
#include "../event/replaced.h"
#include "../life/kick.h"
#include "../server.h"
#include "../state.h"

static_assert((int)TUN_VHOST_RX == TUN_RING_RX);
static_assert((int)TUN_VHOST_TX == TUN_RING_TX);

/* Check that a ring lies in the owner's memory. Return: 0 or -EFAULT. */
int tun_vhost_vq_check(const struct tun_vhost_vq *vq)
{
	if (!vq->num || vq->desc > ULONG_MAX || vq->avail > ULONG_MAX ||
	    vq->used > ULONG_MAX)
		return -EFAULT;
	if (access_ok(u64_to_user_ptr(vq->desc), tun_vring_desc_size(vq->num)) &&
	    access_ok(u64_to_user_ptr(vq->avail),
		      tun_vring_avail_size(vq->num)) &&
	    access_ok(u64_to_user_ptr(vq->used), tun_vring_used_size(vq->num)))
		return 0;
	return -EFAULT;
}

/* Bytes of the virtio_net_hdr that the rings make for the device, or 0. */
static u8 tun_vhost_vq_hlen(const struct tun_vhost *vh)
{
	if (!tun_vhost_has(vh, VHOST_NET_F_VIRTIO_NET_HDR))
		return 0;
	if (vh->features[1] & VNET_TUNNEL_BITS)
		return sizeof(union vnet_any_hdr);
	return tun_vhost_has(vh, VIRTIO_NET_F_MRG_RXBUF) ||
	       tun_vhost_has(vh, VIRTIO_F_VERSION_1) ?
	       sizeof(struct virtio_net_hdr_mrg_rxbuf) :
	       sizeof(struct virtio_net_hdr);
}

static struct tun_vq_params tun_vhost_vq_params(const struct tun_vhost *vh,
						unsigned int i)
{
	const struct tun_vhost_vq *vq = &vh->vq[i];

	return (struct tun_vq_params) {
		.num		 = vq->num,
		.base		 = vq->base,
		.indirect	 = tun_vhost_has(vh, VIRTIO_RING_F_INDIRECT_DESC),
		.event_idx	 = tun_vhost_has(vh, VIRTIO_RING_F_EVENT_IDX),
		.notify_on_empty = tun_vhost_has(vh, VIRTIO_F_NOTIFY_ON_EMPTY),
		.mergeable	 = tun_vhost_has(vh, VIRTIO_NET_F_MRG_RXBUF),
		.vhost_hlen	 = tun_vhost_vq_hlen(vh),
		.desc		 = vq->desc,
		.avail		 = vq->avail,
		.used		 = vq->used,
		.busyloop	 = vq->busyloop,
		.log_bitmap	 = vh->log_bitmap,
		.log_used	 = vq->log_used,
		.log_buffers	 = tun_vhost_has(vh, VHOST_F_LOG_ALL),
		.log_addr	 = vq->log_addr,
		.log_call	 = vh->log_call,
	};
}

/**
 * tun_vhost_vq_open - put a virtqueue into service
 * @vh: description of the virtqueues; its lock is held
 * @i: number of the virtqueue, which is closed
 * @ring: the rings; the ring_mutex of their queue is held
 *
 * Return: 0; -EBUSY if the virtqueue is open; or see vq_open of struct
 * tun_ring_server.
 */
int tun_vhost_vq_open(struct tun_vhost *vh, unsigned int i,
		      struct tun_ring *ring)
{
	struct tun_vq_params p = tun_vhost_vq_params(vh, i);

	lockdep_assert_held(&vh->lock);
	lockdep_assert_held(&ring->q->ring_mutex);

	if (!tun_ring_is_closed(ring, i))
		return -EBUSY;
	return ring->server->vq_open(ring, i, &p);
}

/**
 * tun_vhost_vq_close - take a virtqueue out of service
 * @vh: gets the index to continue from; its lock is held
 * @i: number of the virtqueue
 * @ring: the rings; the ring_mutex of their queue is held
 *
 * Return: 0, with nothing in flight, or -EINTR, with nothing changed.
 */
int tun_vhost_vq_close(struct tun_vhost *vh, unsigned int i,
		       struct tun_ring *ring)
{
	int err;

	lockdep_assert_held(&vh->lock);
	lockdep_assert_held(&ring->q->ring_mutex);

	err = ring->server->vq_close(ring, i);
	if (!err)
		vh->vq[i].base = tun_vhost_vq_base(ring, i);
	return err;
}

/* Index of the next available entry of the virtqueue. */
u16 tun_vhost_vq_base(struct tun_ring *ring, unsigned int i)
{
	return READ_ONCE(tun_ring_vq_of(ring, i)->vr.last_avail);
}

/**
 * tun_vhost_vq_update - change addresses and logging of an open virtqueue
 * @vh: the new description; its lock is held
 * @i: number of the virtqueue
 * @ring: the rings; the ring_mutex of their queue is held
 * @addr_changed: the addresses are among the changes
 *
 * Return: see vq_update of struct tun_ring_server.
 */
int tun_vhost_vq_update(struct tun_vhost *vh, unsigned int i,
			struct tun_ring *ring, bool addr_changed)
{
	struct tun_vq_params p = tun_vhost_vq_params(vh, i);

	lockdep_assert_held(&vh->lock);
	lockdep_assert_held(&ring->q->ring_mutex);

	return ring->server->vq_update(ring, i, &p, addr_changed);
}

/*
 * A packet path may signal the old eventfd once more, and the VMM may not read
 * the old eventfd after the ioctl. So the function signals the new eventfd, and
 * no notification is lost.
 */
static void tun_vhost_vq_signal_new(struct eventfd_ctx __rcu **place)
{
	/*
	 * Order the store of the new eventfd before the user's load of the used
	 * index. Matches D in vring.h: a packet path that found the old eventfd
	 * published its entries before.
	 */
	smp_mb();
	rcu_read_lock();
	tun_ring_eventfd_signal(place);
	rcu_read_unlock();
}

/* Return: true if another eventfd was replaced. */
static bool tun_vhost_vq_replace_eventfd(struct tun_ring *ring,
					 struct eventfd_ctx __rcu **place,
					 struct file *file)
{
	struct eventfd_ctx *old =
		rcu_dereference_protected(*place,
					  lockdep_is_held(&ring->q->ring_mutex));
	struct eventfd_ctx *ctx = file ? eventfd_ctx_fileget(file) : NULL;

	if (WARN_ON_ONCE(IS_ERR(ctx)))
		return false;
	rcu_assign_pointer(*place, ctx);
	if (old == ctx && old)
		eventfd_ctx_put(old);
	else if (old)
		tun_ring_event_put_later(old);
	return old && old != ctx;
}

static void tun_vhost_vq_set_call(struct tun_ring *ring,
				  struct eventfd_ctx __rcu **place,
				  struct file *file)
{
	if (tun_vhost_vq_replace_eventfd(ring, place, file))
		tun_vhost_vq_signal_new(place);
}

static void tun_vhost_vq_set_err(struct tun_ring *ring,
				 struct eventfd_ctx __rcu **place,
				 struct file *file)
{
	if (tun_vhost_vq_replace_eventfd(ring, place, file) &&
	    READ_ONCE(ring->broken))
		tun_vhost_vq_signal_new(place);
}

/**
 * tun_vhost_vq_set_events - use the eventfds that the VMM has set
 * @vh: description of the virtqueues; its lock is held
 * @i: number of the virtqueue
 * @ring: the rings; the ring_mutex of their queue is held
 */
void tun_vhost_vq_set_events(const struct tun_vhost *vh, unsigned int i,
			     struct tun_ring *ring)
{
	const struct tun_vhost_vq *vq = &vh->vq[i];

	lockdep_assert_held(&vh->lock);
	lockdep_assert_held(&ring->q->ring_mutex);

	if (i == TUN_VHOST_RX) {
		tun_vhost_vq_set_call(ring, &ring->rx.call, vq->call);
		tun_vhost_vq_set_err(ring, &ring->rx.err, vq->err);
	} else {
		tun_vhost_vq_set_call(ring, &ring->tx.call, vq->call);
		tun_vhost_vq_set_err(ring, &ring->tx.err, vq->err);
	}
	tun_ring_kick_set(ring, i == TUN_VHOST_RX, vq->kick);
}
