/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The two objects of the driver: a device, and a queue of the device.
 *
 * Lock order, outermost first, for all of the driver. A thread takes a lock only
 * while it holds locks above that lock. "BH" means that softirqs are off where
 * the lock is held, "irq" that interrupts are off. Documentation/design.md has
 * the same table, with the locks that may not be held together.
 *
 *	tun_vhost.lock		settings of a VMM
 *	tun_queue.ring_mutex	set-up and end of a queue's rings, and vringfds
 *	vringfd.attach_lock	attach of a driver to a vringfd
 *	vringfd.lock		engine of a vringfd
 *	tun_worker.lock		both rings of a queue that a worker serves
 *	vrings_lock		vringfds of all queues
 *	tun_vring_end.lock	queue of a vringfd, against its end
 *	rtnl			life of devices and queues, all set-up; never
 *				held for the locks of a vringfd or a worker
 *	sk lock			socket filter of a queue (lock_sock)
 *	tun_queue.napi_mutex	one writer at a time on a NAPI_FRAGS queue;
 *				never taken under rtnl
 *	vringfd_calls_lock	how tun.ko finds vringfd.ko
 *	mmap_lock of the owner	page faults and pins
 *	tx_ring.consumer_lock	readers of the packets that wait for the user
 *	users_lock		threads and memory of a user
 *	tun_ring_rx.lock	BH: receive ring that NAPI serves; consumer_lock is
 *				only tried under it
 *	tx_ring.producer_lock	BH: transmitters, backpressure; both for a resize
 *	sk_write_queue.lock	BH: packets that wait for the queue's NAPI
 *	tun_steer.lock		BH: flow table
 *	vringfd.used_lock	irq: used half of a pinned vringfd
 *	lock of a kick eventfd	irq: the eventfd's
 *	wait queue, fasync	irq: wake-ups, taken by the kernel's helpers
 *
 * RCU: inside rcu_read_lock(), data paths reach a queue through
 * tun_dev.queues[] and a device through tun_queue.tun. Both are written under
 * rtnl. A queue lives as long as its file or a reference on its sock. A device
 * lives as long as a reference on its net_device (tun_dev_get()).
 */
#ifndef _TUN_TUN_H
#define _TUN_TUN_H

#include <linux/ethtool.h>
#include <linux/if_tun.h>
#include <linux/llist.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/ptr_ring.h>
#include <linux/rtnetlink.h>
#include <linux/uidgid.h>
#include <net/sock.h>
#include <net/xdp.h>

#include "backpressure/types.h"
#include "filter.h"
#include "steer.h"

struct tun_regions;
struct tun_ring;
struct tun_vhost;
struct tun_vring_end;

#define TUN_DRV_NAME	"tun"
#define TUN_DRV_VERSION	"1.6"
#define TUN_DRV_DESCRIPTION	"Universal TUN/TAP device driver"

/* A guest may have this many virtual CPUs, with a pair of queues for each. */
#define TUN_MAX_QUEUES	256

/* TUNSETIFF flags that the device keeps. */
#define TUN_FEATURES	(IFF_NO_PI | IFF_ONE_QUEUE | IFF_VNET_HDR | \
			 IFF_MULTI_QUEUE | IFF_NAPI | IFF_NAPI_FRAGS | \
			 TUN_BACKPRESSURE)

/**
 * enum tun_queue_state - state of a queue in its device
 * @TUN_QUEUE_NONE: no device: not attached yet, or the device is gone
 * @TUN_QUEUE_ACTIVE: in tun_dev.queues[]
 * @TUN_QUEUE_DISABLED: detached by TUNSETQUEUE, in tun_dev.disabled
 */
enum tun_queue_state {
	TUN_QUEUE_NONE,
	TUN_QUEUE_ACTIVE,
	TUN_QUEUE_DISABLED,
};

/* Directions as user space sees them: RX is stack to user space. */
enum tun_vrings_direction {
	TUN_VRINGS_RX,
	TUN_VRINGS_TX,
	TUN_VRINGS_DIRECTIONS,
};

/**
 * struct tun_queue - one open file, which is a queue once it has a device
 * @sk: makes the queue a socket for vhost_net; accounts for written packets;
 *	its sk_write_queue holds packets on their way to NAPI
 * @socket: has the wait queue of readers and writers
 * @tun: the device, NULL before TUNSETIFF and after the device is gone
 * @ring: rings that replace read(), or NULL; written under @ring_mutex and rtnl
 * @parked_rings: rings whose last reference mmap(2) put, which cannot free them
 * @ring_mutex: protects the life of @ring; @regions; @vrings
 * @closed: the file was closed, so no rings can be set up any more
 * @ending: the file was closed, and the queue has not ended: see tun_ring_closed()
 * @regions: table of the memory for packet buffers, or NULL
 * @vrings: attached vringfds, or NULL; a queue with @ring has none
 * @vhost: virtqueues that a VMM described by vhost ioctls on this file, or NULL
 * @index: position in tun_dev.queues[], stable under rtnl
 * @state: written under rtnl
 * @napi_enabled: written packets take the NAPI of the queue
 * @napi_frags: written packets are built in napi_get_frags(), too
 * @ifindex: TUNSETIFINDEX: index of the device to be created, 0 for any
 * @fasync: receivers of SIGIO
 * @napi_index: number of the queue in packets that GRO holds; owned by @napi
 * @napi: NAPI that receives written packets
 * @napi_mutex: held by a writer, if @napi_frags
 * @node: entry in tun_dev.disabled, or in a list of queues that end
 * @tx_ring: packets that wait for the user: skbs, or xdp_frames with a tag bit
 * @backpressure: IFF_BACKPRESSURE: a full @tx_ring stops the netdev queue
 * @xdp_rxq: this queue as XDP programs see it
 */
struct tun_queue {
	struct sock		sk;
	struct socket		socket;
	struct tun_dev __rcu	*tun;
	struct tun_ring __rcu	*ring;
	struct llist_head	parked_rings;
	struct mutex		ring_mutex;	/* life of rings */
	bool			closed;
	bool			ending;
	struct tun_regions	*regions;
	struct tun_vring_end	*vrings[TUN_VRINGS_DIRECTIONS];
	struct tun_vhost	*vhost;
	u16			index;
	u8			state;
	bool			napi_enabled;
	bool			napi_frags;
	u16			napi_index;
	unsigned int		ifindex;
	struct fasync_struct	*fasync;
	struct napi_struct	napi;
	struct mutex		napi_mutex;	/* NAPI_FRAGS writers */
	struct list_head	node;
	struct ptr_ring		tx_ring;
	struct tun_backpressure	backpressure;
	struct xdp_rxq_info	xdp_rxq;
};

/**
 * struct tun_dev - private part of the net_device
 * @queues: active queues, dense from 0
 * @numqueues: number of active queues; read without rtnl by data paths
 * @flags: IFF_TUN or IFF_TAP, IFF_PERSIST, TUN_FEATURES
 * @dev: the net_device
 * @align: headroom of written packets
 * @vnet_hdr_sz: bytes of the virtio_net_hdr, at least the ten of the struct
 * @vnet_le: TUNSETVNETLE: header is little-endian on every machine
 * @vnet_be: TUNSETVNETBE: header is big-endian, if not @vnet_le
 * @rx_batched: written packets that may wait for one another, 0 for none
 * @msg_enable: netif_msg_*() classes
 * @xdp_prog: native XDP program
 * @filter: filters for packets to user space
 * @rx_frame_errors: written packets whose virtio_net_hdr does not match them
 * @owner: user who may attach without privilege
 * @group: group that may attach without privilege
 * @sndbuf: TUNSETSNDBUF, for all queues
 * @set_features: offloads that user space can handle
 * @numdisabled: length of @disabled
 * @disabled: queues that TUNSETQUEUE detached
 * @security: LSM state
 * @link_ksettings: link mode, set by ethtool
 * @creator: queue that creates the device; valid in ndo_init only
 * @steer: chooses the queue for a packet
 *
 * A field without another rule is written under rtnl.
 */
struct tun_dev {
	struct tun_queue __rcu	*queues[TUN_MAX_QUEUES];
	unsigned int		numqueues;
	unsigned int		flags;
	struct net_device	*dev;
	int			align;
	int			vnet_hdr_sz;
	bool			vnet_le;
	bool			vnet_be;
	u32			rx_batched;
	u32			msg_enable;
	struct bpf_prog __rcu	*xdp_prog;
	struct tun_filters	filter;
	atomic_long_t		rx_frame_errors;

	kuid_t			owner;
	kgid_t			group;
	int			sndbuf;
	netdev_features_t	set_features;
	unsigned int		numdisabled;
	struct list_head	disabled;
	void			*security;
	struct ethtool_link_ksettings link_ksettings;
	struct tun_queue	*creator;
	struct tun_steer	steer;
};

static inline bool tun_flags_tap(unsigned int flags)
{
	return (flags & TUN_TYPE_MASK) == IFF_TAP;
}

static inline bool tun_is_tap(const struct tun_dev *tun)
{
	return tun_flags_tap(READ_ONCE(tun->flags));
}

/* Without rtnl the state may change at any time. */
static inline bool tun_queue_is_active(const struct tun_queue *q)
{
	return READ_ONCE(q->state) == TUN_QUEUE_ACTIVE;
}

/**
 * tun_queue_record - record the number of the queue that a packet came from
 * @q: the queue
 * @skb: the packet
 *
 * The stack complains about a number that the device has not. The number of a queue
 * that leaves becomes 0, and the last queue takes its number, before a grace period.
 * Then the device has fewer queues. tun_napi_follow() renumbers packets in GRO.
 *
 * Context: under RCU or with bottom halves disabled, until the stack or the XDP
 * program has the packet.
 */
static inline void tun_queue_record(const struct tun_queue *q,
				    struct sk_buff *skb)
{
	skb_record_rx_queue(skb, READ_ONCE(q->index));
}

/* True if a vringfd takes the packets, so that read() must not. */
static inline bool tun_queue_has_rx_vring(const struct tun_queue *q)
{
	return READ_ONCE(q->vrings[TUN_VRINGS_RX]);
}

/* Does the queue have rings: mapped, attached, or of a guest? */
static inline bool tun_queue_has_rings(const struct tun_queue *q)
{
	return rcu_access_pointer(q->ring);
}

static inline bool tun_queue_has_vrings(const struct tun_queue *q)
{
	return tun_queue_has_rx_vring(q) || READ_ONCE(q->vrings[TUN_VRINGS_TX]);
}

/**
 * tun_dev_get - the device of a queue, with a reference
 * @q: the queue
 *
 * Return: the device, or NULL. tun_dev_put() gives the reference back.
 */
static inline struct tun_dev *tun_dev_get(struct tun_queue *q)
{
	struct tun_dev *tun;

	rcu_read_lock();
	tun = rcu_dereference(q->tun);
	if (tun)
		dev_hold(tun->dev);
	rcu_read_unlock();

	return tun;
}

static inline void tun_dev_put(struct tun_dev *tun)
{
	dev_put(tun->dev);
}

static inline bool tun_dev_is_up(const struct tun_dev *tun)
{
	/* The core sets and clears the flag by plain stores, under rtnl. When the
	 * flag changes, a grace period or a wake-up follows for each reader.
	 */
	return data_race(tun->dev->flags & IFF_UP);
}

/* Return: the device of a queue. The caller holds rtnl. */
static inline struct tun_dev *tun_dev_rtnl(struct tun_queue *q)
{
	return rtnl_dereference(q->tun);
}

/* Return: an active queue. The caller holds rtnl. */
static inline struct tun_queue *tun_queue_rtnl(struct tun_dev *tun,
					       unsigned int index)
{
	return rtnl_dereference(tun->queues[index]);
}

#endif /* _TUN_TUN_H */
