/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The server of a queue's rings: NAPI or a worker.
 *
 * NAPI serves rings that the kernel can reach at any time: mapped rings, and
 * rings in pinned memory. With NAPI, ndo_start_xmit fills the receive ring
 * itself, and the NAPI instance of the queue empties the transmit ring. A
 * worker, a thread in the owner's address space, serves rings in memory that
 * may fault. The worker takes packets from the queue's tx_ring.
 *
 *	prepare -> attach -> begin -> open ... close -> stop -> detach -> release
 *
 * Only the rings of a guest change their server: dirty logging needs the
 * worker, and tun_ring_switch_server() replaces one server by the other.
 */
#ifndef _TUN_RING_SERVER_H
#define _TUN_RING_SERVER_H

#include <linux/types.h>
#include <linux/virtio_types.h>

struct file;
struct tun_dev;
struct tun_regions;
struct tun_ring;

/**
 * struct tun_vq_params - description of one virtqueue of a guest
 * @num: entries
 * @base: index of the next available entry: free-running
 * @indirect: VIRTIO_RING_F_INDIRECT_DESC
 * @event_idx: VIRTIO_RING_F_EVENT_IDX
 * @notify_on_empty: VIRTIO_F_NOTIFY_ON_EMPTY
 * @mergeable: VIRTIO_NET_F_MRG_RXBUF
 * @vhost_hlen: see struct tun_ring
 * @desc: address of the descriptor table, in the owner's memory
 * @avail: address of the available ring
 * @used: address of the used ring
 * @busyloop: microseconds to poll for work before sleeping
 * @log_bitmap: see struct tun_log
 * @log_used: writes to the used ring are logged
 * @log_buffers: writes to buffers are logged
 * @log_addr: address of the used ring in the guest's memory
 * @log_call: eventfd for the log, or NULL
 */
struct tun_vq_params {
	u32 num;
	u16 base;
	bool indirect;
	bool event_idx;
	bool notify_on_empty;
	bool mergeable;
	u8 vhost_hlen;
	u64 desc;
	u64 avail;
	u64 used;
	u32 busyloop;
	unsigned long __user *log_bitmap;
	bool log_used;
	bool log_buffers;
	u64 log_addr;
	struct file *log_call;
};

/**
 * struct tun_ring_server - operations of a server
 * @name: the server, in fdinfo
 * @via_ptr_ring: packets for the user go into the queue's tx_ring
 * @prepare: allocate the threads of the server. Context: the queue's
 *	ring_mutex, no rtnl. Return: 0 or a negative errno
 * @stop: process the available entries of the transmit ring, and end the
 *	threads that may wait for the owner's memory. Context: as @prepare
 * @release: free the resources of @prepare; no packet path and no system call
 *	finds the server any more. Context: process
 * @attach: the rings get a device. Context: rtnl
 * @detach: the rings lose their device; they are quiescent. Context: rtnl
 * @resume: let the server run, also while the queue is detached. Context: rtnl
 * @quiesce: the server does not run any more when this returns. Context: rtnl
 * @begin: the rings are published, and all transmitters see them; both rings
 *	are closed. Context: rtnl
 * @open: open both rings at once. Context: rtnl
 * @deliver_waiting: deliver the packets that came before the rings were open.
 *	The context is the queue's ring_mutex, no rtnl
 * @unpublish: close the receive ring: packets wait in the tx_ring. Context: rtnl
 * @purge: drop the packets that the server has taken from the tx_ring. Context:
 *	rtnl
 * @kick_rx: the user made receive buffers available. Context: RCU
 * @poll_rx: receive buffers may be available without a kick. Context: RCU
 * @kick_tx: the transmit ring may have available entries. Context: RCU
 * @kickfd_rx: as @kick_rx. Context: RCU, interrupts off
 * @kickfd_tx: as @kick_tx. Context: RCU, interrupts off
 * @flush: publish the packets of a burst that has ended. Context: RCU, bottom
 *	halves off
 * @peek16: load a word of the user without sleeping. Return: false if the word
 *	cannot be loaded
 * @replace_regions: give live rings another table of buffers; the server takes
 *	a reference to the table. Context: the queue's ring_mutex. Return: 0
 *	when the old table is out of use, or -EINTR
 * @vq_open: put a closed virtqueue into service: 0 is rx, 1 is tx. Context: the
 *	queue's ring_mutex. Return: 0; -EBADFD if the device is gone; -EINTR;
 *	-EFAULT; -ENOMEM
 * @vq_close: take a virtqueue out of service; afterwards nothing is in flight.
 *	The context is as of @vq_open. Return: 0; -EINTR, nothing changed
 * @vq_update: the description of an open virtqueue changed. Context and return
 *	as @vq_open; the virtqueue may be closed after an error
 */
struct tun_ring_server {
	const char *name;
	bool via_ptr_ring;
	int (*prepare)(struct tun_ring *ring);
	void (*stop)(struct tun_ring *ring);
	void (*release)(struct tun_ring *ring);
	void (*attach)(struct tun_ring *ring, struct tun_dev *tun);
	void (*detach)(struct tun_ring *ring);
	void (*resume)(struct tun_ring *ring);
	void (*quiesce)(struct tun_ring *ring);
	void (*begin)(struct tun_ring *ring);
	void (*open)(struct tun_ring *ring, struct tun_dev *tun);
	void (*deliver_waiting)(struct tun_ring *ring);
	void (*unpublish)(struct tun_ring *ring);
	void (*purge)(struct tun_ring *ring);
	void (*kick_rx)(struct tun_ring *ring);
	void (*poll_rx)(struct tun_ring *ring);
	void (*kick_tx)(struct tun_ring *ring);
	void (*kickfd_rx)(struct tun_ring *ring);
	void (*kickfd_tx)(struct tun_ring *ring);
	void (*flush)(struct tun_ring *ring);
	bool (*peek16)(const struct tun_ring *ring, const __virtio16 *p, u16 *v);
	int (*replace_regions)(struct tun_ring *ring,
			       struct tun_regions *regions);
	int (*vq_open)(struct tun_ring *ring, unsigned int i,
		       const struct tun_vq_params *p);
	int (*vq_close)(struct tun_ring *ring, unsigned int i);
	int (*vq_update)(struct tun_ring *ring, unsigned int i,
			 const struct tun_vq_params *p, bool addr_changed);
};

#endif /* _TUN_RING_SERVER_H */
