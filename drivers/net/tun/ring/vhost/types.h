/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a VMM says of its virtqueues.
 *
 * A struct tun_vhost is what a VMM has told us; rings exist while a queue is
 * named as a backend. The file that is told need not be the queue's.
 */
#ifndef _TUN_RING_VHOST_TYPES_H
#define _TUN_RING_VHOST_TYPES_H

#include <linux/mutex.h>
#include <linux/types.h>

struct file;
struct mm_struct;
struct tun_queue;
struct tun_regions;

enum tun_vhost_vqs {
	TUN_VHOST_RX,		/* receiveq of virtio-net, its number */
	TUN_VHOST_TX,		/* transmitq */
	TUN_VHOST_VQS,
};

/**
 * struct tun_vhost_vq - one virtqueue, as it was described
 * @num: entries
 * @base: where to go on, or where it was stopped: free-running
 * @log_used: writes to the used ring are logged
 * @desc: address of the descriptor table, in the owner's memory
 * @avail: of the available ring
 * @used: of the used ring
 * @log_addr: of the used ring, in the guest's memory
 * @busyloop: microseconds to look for work before sleeping
 * @kick: eventfd of the driver, or NULL
 * @call: eventfd to the driver, or NULL
 * @err: eventfd to the owner: the ring was stopped; or NULL
 * @backend: the queue that it serves, with a reference on its sock, or NULL
 */
struct tun_vhost_vq {
	u32 num;
	u16 base;
	bool log_used;
	u64 desc;
	u64 avail;
	u64 used;
	u64 log_addr;
	u32 busyloop;
	struct file *kick;
	struct file *call;
	struct file *err;
	struct tun_queue *backend;
};

/**
 * struct tun_vhost - what a file was told
 * @lock: everything here. Taken before any ring_mutex
 * @mm: of the owner, one reference that does not keep its memory
 * @features: that the driver has acknowledged
 * @pin: TUN_RING_GUEST_PIN: it is to be pinned, if that can be
 * @drop: TUN_RING_GUEST_DROP
 * @regions: the guest's memory
 * @pinned: the same, pinned; or NULL
 * @log_bitmap: see struct tun_log
 * @log_call: likewise
 * @vq: the virtqueues
 */
struct tun_vhost {
	struct mutex lock;	/* everything here */
	struct mm_struct *mm;
	u64 features;
	bool pin;
	bool drop;
	struct tun_regions *regions;
	struct tun_regions *pinned;
	unsigned long __user *log_bitmap;
	struct file *log_call;
	struct tun_vhost_vq vq[TUN_VHOST_VQS];
};

static inline bool tun_vhost_has(const struct tun_vhost *vh, unsigned int bit)
{
	return vh->features >> bit & 1;
}

#endif /* _TUN_RING_VHOST_TYPES_H */
