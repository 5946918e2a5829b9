/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Description of a VMM's virtqueues, and one virtqueue on the rings of a queue.
 *
 * struct tun_vhost holds the values that the VMM set by vhost ioctls. Rings
 * exist while a virtqueue has a queue as its backend. The ioctls may come
 * through another file than the file of the queue.
 */
#ifndef _TUN_RING_VHOST_VIRTQUEUE_H
#define _TUN_RING_VHOST_VIRTQUEUE_H

#include <linux/mutex.h>
#include <linux/types.h>

struct file;
struct mm_struct;
struct tun_queue;
struct tun_regions;
struct tun_ring;

/* Bits of virtio features: 128 */
#define TUN_VHOST_FEATURE_WORDS	2

enum tun_vhost_vqs {
	TUN_VHOST_RX,		/* receiveq of virtio-net */
	TUN_VHOST_TX,		/* transmitq */
	TUN_VHOST_VQS,
};

/**
 * struct tun_vhost_vq - description of one virtqueue by the VMM
 * @num: entries
 * @base: free-running index of the entry to start from; saved when the
 *	virtqueue stops
 * @log_used: writes to the used ring are logged
 * @desc: address of the descriptor table, in the owner's memory
 * @avail: address of the available ring, in the owner's memory
 * @used: address of the used ring, in the owner's memory
 * @log_addr: address of the used ring, in the guest's memory
 * @busyloop: microseconds to poll for work before sleeping
 * @kick: eventfd by which the guest kicks, or NULL
 * @call: eventfd that notifies the guest, or NULL
 * @err: eventfd that is signalled when the ring breaks, or NULL
 * @backend: the queue of the virtqueue, with a reference on its sock, or NULL
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
 * struct tun_vhost - the values that the vhost ioctls of one file have set
 * @lock: protects all members; taken before any ring_mutex
 * @mm: address space of the owner. The reference keeps the struct, but not the
 *	memory
 * @features: features that the guest's driver has acknowledged
 * @pin: TUN_RING_GUEST_PIN: pin the guest's memory if possible
 * @rx_features: TUN_RING_F_RX_DROP or TUN_RING_F_RX_FLOW, as bit masks, or 0
 * @regions: table of the guest's memory
 * @pinned: pinned table of the same memory, or NULL
 * @log_bitmap: see struct tun_log
 * @log_call: eventfd for the log, or NULL
 * @vq: the virtqueues
 *
 * A virtqueue and its rings on the queue:
 *
 *	   no rings ---- VHOST_NET_SET_BACKEND, an fd ---> rings, virtqueue open
 *	    ^                                              ^  |        ^      |
 *	    |                       SET_BACKEND, an fd     |  |        '------'
 *	    |                                              |  |   vq_update(), or
 *	    |        VHOST_NET_SET_BACKEND, -1             |  v   another server
 *	    '----------------------------------------- rings, virtqueue closed
 *	      the other virtqueue is closed, too
 */
struct tun_vhost {
	struct mutex lock;	/* all members */
	struct mm_struct *mm;
	u64 features[TUN_VHOST_FEATURE_WORDS];
	bool pin;
	u64 rx_features;
	struct tun_regions *regions;
	struct tun_regions *pinned;
	unsigned long __user *log_bitmap;
	struct file *log_call;
	struct tun_vhost_vq vq[TUN_VHOST_VQS];
};

/* True if the guest's driver has acknowledged a feature. */
static inline bool tun_vhost_has(const struct tun_vhost *vh, unsigned int bit)
{
	return vh->features[bit / 64] >> (bit % 64) & 1;
}

int tun_vhost_vq_check(const struct tun_vhost_vq *vq);
int tun_vhost_vq_open(struct tun_vhost *vh, unsigned int i,
		      struct tun_ring *ring);
int tun_vhost_vq_close(struct tun_vhost *vh, unsigned int i,
		       struct tun_ring *ring);
int tun_vhost_vq_update(struct tun_vhost *vh, unsigned int i,
			struct tun_ring *ring, bool addr_changed);
void tun_vhost_vq_set_events(const struct tun_vhost *vh, unsigned int i,
			     struct tun_ring *ring);
u16 tun_vhost_vq_base(struct tun_ring *ring, unsigned int i);

#endif /* _TUN_RING_VHOST_VIRTQUEUE_H */
