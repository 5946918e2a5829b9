/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Rings built into a tun/tap file descriptor.
 *
 * A queue of a tun device (one open /dev/net/tun after TUNSETIFF) can carry
 * two virtio 1.x split rings, little-endian, in the format of
 * <linux/virtio_ring.h>:
 *
 *	rx	stack -> user	the user makes empty buffers available, the
 *				kernel writes packets into them (device-
 *				writable descriptors only)
 *	tx	user -> stack	the user makes packets available, the kernel
 *				reads them (device-readable descriptors only)
 *
 * The user is virtio's driver, the kernel is virtio's device.
 *
 * Memory of a mapped ring is allocated by the kernel and mapped from the fd,
 * in three areas (MAP_SHARED only; offsets come back from TUNRINGSETUP):
 *
 *	driver area	read/write	descriptor tables, available rings,
 *					metadata records of tx
 *	device area	read-only	used rings, metadata records of rx
 *	pool		read/write	packet buffers; a descriptor's address is
 *					an offset into the pool
 *
 * Every mapping keeps its pages alive, also after the ring or the fd is gone.
 *
 * used_event (the word after the available ring, there in any case) is the
 * user's position: the free-running index up to which it has taken used
 * entries. poll(2) reports EPOLLIN while the used index of rx differs from it,
 * EPOLLOUT while fewer packets than the tx ring has entries are in flight or
 * the used index of tx differs from it, EPOLLERR when a ring was stopped or
 * the device is gone. poll moves no data.
 *
 * A kick is TUNRINGENTER or a write(2) of no bytes; the kernel asks for it or
 * declines it as virtio says (avail_event, or VRING_USED_F_NO_NOTIFY). rx needs
 * one only after the ring ran full, or if packets waited in the queue when it
 * was set up.
 */
#ifndef _UAPI_LINUX_IF_TUN_RING_H
#define _UAPI_LINUX_IF_TUN_RING_H

#include <linux/ioctl.h>
#include <linux/types.h>

/*
 * Features: virtio's own numbers for what virtio defines, bits 0..23 for what
 * is particular to tun. TUNRINGQUERY tells which are offered; TUNRINGSETUP
 * refuses any other with EOPNOTSUPP.
 */

/* Each descriptor has a record, struct tun_ring_meta, instead of a header in
 * front of the packet: neither struct tun_pi nor struct virtio_net_hdr is
 * prepended, whatever the flags of the device say.
 */
#define TUN_RING_F_META			0
/* Receive records carry the wall-clock time at which the packet was handed to
 * the ring. Needs TUN_RING_F_META.
 */
#define TUN_RING_F_RX_TSTAMP		1
/* Transmit records may set mark, priority and time stamp. Needs TUN_RING_F_META,
 * and CAP_NET_RAW or CAP_NET_ADMIN over the network namespace of the device when
 * the ring is set up (EPERM); good for as long as the device is in it.
 */
#define TUN_RING_F_TX_MARK		2
/* A packet that finds the receive ring full is dropped and counted. Without
 * this feature it waits in the queue of the device, and nothing is lost.
 */
#define TUN_RING_F_RX_DROP		3
/* virtio's: a descriptor may point to a table of descriptors. */
#define TUN_RING_F_INDIRECT_DESC	28
/* virtio's: notification is decided by used_event and avail_event. */
#define TUN_RING_F_EVENT_IDX		29
/* virtio's: 1.x layout. Always in force; may be named. */
#define TUN_RING_F_VERSION_1		32

#define TUN_RING_MAX_ENTRIES		32768	/* per ring, a power of two */
#define TUN_RING_MAX_POOL		(256U << 20)	/* bytes per queue */
#define TUN_RING_MAX_POLL_US		1000000
#define TUN_RING_MIN_BUF		64	/* bytes */
#define TUN_RING_MAX_BUF		(128U << 10)	/* bytes */
#define TUN_RING_MAX_CHAIN		64	/* descriptors of one chain */
#define TUN_RING_MAX_REGIONS		64	/* of one table */

/**
 * struct tun_ring_meta - metadata of one packet, beside its descriptor
 * @vnet_flags: VIRTIO_NET_HDR_F_*
 * @gso_type: VIRTIO_NET_HDR_GSO_*
 * @hdr_len: bytes of the headers, a hint
 * @gso_size: bytes of payload per segment
 * @csum_start: where checksumming begins, bytes from the packet's start
 * @csum_offset: where the checksum goes, bytes from @csum_start
 * @num_buffers: rx: used entries that hold this packet, counted in its first
 *	record. tx: 0
 * @flags: TUN_RING_META_*: which of the fields below are valid
 * @protocol: EtherType, network byte order. rx: always. tx on a TUN device: 0
 *	takes it from the IP version in the packet's first byte. tx on a TAP
 *	device: must be 0
 * @vlan_proto: EtherType of the VLAN tag, network byte order. tx: TAP only
 * @vlan_tci: VLAN tag
 * @hash: flow hash
 * @mark: rx: the packet's mark. tx: needs TUN_RING_F_TX_MARK
 * @priority: rx: the packet's priority. tx: needs TUN_RING_F_TX_MARK
 * @tstamp: nanoseconds since the epoch (CLOCK_REALTIME). rx: with
 *	TUN_RING_F_RX_TSTAMP. tx: what sockets see as the time of arrival;
 *	needs TUN_RING_F_TX_MARK
 * @reserved: 0
 *
 * The array of a ring has one record per descriptor; a packet's record is the
 * one with the index of the packet's first descriptor (the head). All fields
 * but @protocol and @vlan_proto are little-endian, as everything in a ring.
 * The first twelve bytes are a struct virtio_net_hdr_v1.
 *
 * A transmit record with an unknown flag or a nonzero reserved field has its
 * packet dropped and counted as an error.
 */
struct tun_ring_meta {
	__u8	vnet_flags;
	__u8	gso_type;
	__le16	hdr_len;
	__le16	gso_size;
	__le16	csum_start;
	__le16	csum_offset;
	__le16	num_buffers;
	__le16	flags;
	__be16	protocol;
	__be16	vlan_proto;
	__le16	vlan_tci;
	__le32	hash;
	__le32	mark;
	__le32	priority;
	__aligned_le64	tstamp;
	__aligned_le64	reserved[3];
};

#define TUN_RING_META_VLAN	(1U << 0)	/* vlan_proto, vlan_tci */
#define TUN_RING_META_HASH	(1U << 1)	/* hash */
#define TUN_RING_META_HASH_L4	(1U << 2)	/* hash covers the ports, too */
#define TUN_RING_META_MARK	(1U << 3)	/* mark */
#define TUN_RING_META_PRIORITY	(1U << 4)	/* priority */
#define TUN_RING_META_TSTAMP	(1U << 5)	/* tstamp */

/**
 * struct tun_ring_query - TUNRINGQUERY: what this kernel offers
 * @features: bit mask of TUN_RING_F_*
 * @max_entries: per ring
 * @max_chain: descriptors in one chain
 * @max_pool: bytes
 * @meta_size: bytes of a metadata record
 * @mode: what the queue is doing, TUN_RING_MODE_*
 * @reserved: 0
 */
struct tun_ring_query {
	__aligned_u64	features;
	__u32		max_entries;
	__u32		max_chain;
	__aligned_u64	max_pool;
	__u32		meta_size;
	__u32		mode;
	__aligned_u64	reserved[4];
};

#define TUN_RING_MODE_PLAIN	0	/* read() and write() */
#define TUN_RING_MODE_MAPPED	1	/* rings allocated by the kernel */
#define TUN_RING_MODE_ATTACHED	2	/* rings in the caller's memory */
#define TUN_RING_MODE_GUEST	3	/* rings of a guest, by the vhost ioctls */
#define TUN_RING_MODE_VRINGFD	4	/* TUNSETRECVVRING, TUNSETXMITVRING */

/**
 * struct tun_ring_vq - one ring of a set-up
 * @entries: in: descriptors, a power of two up to TUN_RING_MAX_ENTRIES
 * @desc: out: descriptor table, byte offset in the driver area
 * @avail: out: available ring, byte offset in the driver area
 * @used: out: used ring, byte offset in the device area
 * @meta: out: metadata records, byte offset: rx in the device area, tx in the
 *	driver area; 0 without TUN_RING_F_META
 * @reserved: 0
 */
struct tun_ring_vq {
	__u32	entries;
	__u32	desc;
	__u32	avail;
	__u32	used;
	__u32	meta;
	__u32	reserved[3];
};

/**
 * struct tun_ring_setup - TUNRINGSETUP: give this queue mapped rings
 * @features: in: bit mask of TUN_RING_F_*
 * @flags: in: TUN_RING_SETUP_*
 * @buf_size: in: bytes of one buffer; 0 with TUN_RING_SETUP_REGIONS
 * @buf_count: in: buffers in the pool, for both rings together; 0 with
 *	TUN_RING_SETUP_REGIONS
 * @tx_poll_us: in: microseconds for which the kernel goes on looking for packets
 *	to transmit after the last, up to TUN_RING_MAX_POLL_US; 0 not at all
 * @rx: stack -> user
 * @tx: user -> stack
 * @driver_offset: out: mmap offset of the driver area
 * @driver_len: out: its bytes
 * @device_offset: out: mmap offset of the device area
 * @device_len: out: its bytes
 * @pool_offset: out: mmap offset of the pool
 * @pool_len: out: its bytes, @buf_size * @buf_count rounded up to pages
 * @reserved: 0
 *
 * Both rings start empty and zeroed. Packets that wait in the queue come
 * through the ring first. Needs no privilege beyond the attached fd.
 *
 * While the kernel looks for packets itself, it asks for no kick. It does so only
 * in a thread, which the device has when 1 is written to
 * /sys/class/net/DEVICE/threaded once there are rings; without, @tx_poll_us changes
 * nothing.
 *
 * Errors: EINVAL a size, a nonzero reserved field or a feature without the one
 * it needs; EOPNOTSUPP a feature or flag that is not known; EPERM see
 * TUN_RING_F_TX_MARK; EBUSY the queue has rings; EBADFD the fd has no device;
 * ENXIO TUN_RING_SETUP_REGIONS without a pinned table; ENOMEM; EFAULT.
 */
struct tun_ring_setup {
	__aligned_u64		features;
	__u32			flags;
	__u32			buf_size;
	__u32			buf_count;
	__u32			tx_poll_us;
	struct tun_ring_vq	rx;
	struct tun_ring_vq	tx;
	__aligned_u64		driver_offset;
	__aligned_u64		driver_len;
	__aligned_u64		device_offset;
	__aligned_u64		device_len;
	__aligned_u64		pool_offset;
	__aligned_u64		pool_len;
	__aligned_u64		reserved[4];
};

/* There is no pool: buffers lie in the pinned regions of TUNRINGREGIONS. */
#define TUN_RING_SETUP_REGIONS	(1U << 0)

/**
 * struct tun_ring_region - a piece of the caller's memory for packets
 * @addr: its first address as descriptors have it
 * @len: bytes, at least 1
 * @user: where it lies, an address of the caller
 * @reserved: 0
 */
struct tun_ring_region {
	__aligned_u64	addr;
	__aligned_u64	len;
	__aligned_u64	user;
	__aligned_u64	reserved;
};

/**
 * struct tun_ring_regions - TUNRINGREGIONS: where packet buffers lie
 * @n: elements of @regions, up to TUN_RING_MAX_REGIONS; 0 forgets the table
 * @flags: TUN_RING_REGIONS_*
 * @fd: with TUN_RING_REGIONS_SHARE another queue, whose pinned table this one
 *	uses, too; else 0
 * @reserved0: 0
 * @regions: address of an array of struct tun_ring_region, which must not
 *	overlap; their order does not matter
 * @reserved: 0
 *
 * The table is used by the next TUNRINGATTACH, or TUNRINGSETUP with
 * TUN_RING_SETUP_REGIONS. A queue that has such rings goes on with the new table
 * at once, and the call returns when nobody uses the old one any more; all that
 * is available in the rings must lie in both.
 *
 * Errors: EINVAL a region of no bytes, or one that wraps or overlaps; a nonzero
 * reserved field; a table that is not pinned for rings that are, or with
 * TUN_RING_REGIONS_SHARE; EOPNOTSUPP a flag that is not known; EBUSY the table
 * is in use, and there is no other; EBADF @fd is no tun queue; ENXIO it has no
 * table; ENOMEM, also beyond RLIMIT_MEMLOCK; EINTR; EFAULT.
 */
struct tun_ring_regions {
	__u32		n;
	__u32		flags;
	__s32		fd;
	__u32		reserved0;
	__aligned_u64	regions;
	__aligned_u64	reserved[2];
};

/* Pin the memory for as long as the table is used. Counts as locked memory. */
#define TUN_RING_REGIONS_PIN	(1U << 0)
/* The table of queue @fd; its pages are pinned and counted once. */
#define TUN_RING_REGIONS_SHARE	(1U << 1)

/**
 * struct tun_ring_attach_vq - one ring in the caller's memory
 * @entries: descriptors, a power of two up to TUN_RING_MAX_ENTRIES
 * @kick: eventfd by which the user kicks this ring, or -1
 * @call: eventfd that is signalled when this ring has used entries that the
 *	user wants to hear of, was stopped, or has lost its device; or -1
 * @reserved0: 0
 * @desc: address of the descriptor table, a multiple of 16
 * @avail: of the available ring and used_event, a multiple of 2
 * @used: of the used ring and avail_event, a multiple of 4
 * @meta: of the metadata records, a multiple of 8; 0 without TUN_RING_F_META
 * @reserved: 0
 *
 * Both sides start at index 0: the kernel zeroes the used index, the flags before
 * it and avail_event; what is available already it takes.
 */
struct tun_ring_attach_vq {
	__u32		entries;
	__s32		kick;
	__s32		call;
	__u32		reserved0;
	__aligned_u64	desc;
	__aligned_u64	avail;
	__aligned_u64	used;
	__aligned_u64	meta;
	__aligned_u64	reserved[2];
};

/**
 * struct tun_ring_attach - TUNRINGATTACH: use rings where they lie
 * @features: bit mask of TUN_RING_F_*
 * @flags: TUN_RING_ATTACH_*
 * @tx_poll_us: as in struct tun_ring_setup; with TUN_RING_ATTACH_PIN, else 0
 * @rx: stack -> user
 * @tx: user -> stack
 * @reserved: 0
 *
 * The rings lie in the caller's memory, the packets in the regions of
 * TUNRINGREGIONS. Without TUN_RING_ATTACH_PIN a kernel thread serves them, named
 * after the device, in the caller's control group. Its passes are bounded. When
 * the memory goes, or its owner dies, the rings are stopped with EFAULT.
 *
 * Errors: those of TUNRINGSETUP; EINVAL, too, for an address of the wrong
 * alignment; ENXIO there is no table of regions, or it is not pinned, or not of
 * the caller's memory, as the rings need it; EBADF or EINVAL an eventfd; ENOMEM,
 * also beyond RLIMIT_MEMLOCK.
 */
struct tun_ring_attach {
	__aligned_u64			features;
	__u32				flags;
	__u32				tx_poll_us;
	struct tun_ring_attach_vq	rx;
	struct tun_ring_attach_vq	tx;
	__aligned_u64			reserved[4];
};

/* Pin the rings; the regions must be pinned, too. Takes the way of mapped rings:
 * no thread, no copy more. Counts as locked memory.
 */
#define TUN_RING_ATTACH_PIN	(1U << 0)

/**
 * struct tun_ring_guest - TUNRINGGUEST: how a guest's rings are to be served
 * @flags: TUN_RING_GUEST_*
 * @reserved: 0
 *
 * For rings that the vhost ioctls describe to this file, which need not have a
 * device. It stays in force, also for later owners: whoever opens the file for
 * a VMM says it, the VMM need not know.
 *
 * Errors: EOPNOTSUPP unknown flag; EINVAL; EBUSY the file has an owner
 * (VHOST_SET_OWNER) who lives; EINTR; ENOMEM; EFAULT.
 */
struct tun_ring_guest {
	__u32	flags;
	__u32	reserved[3];
};

/* Pin all memory that VHOST_SET_MEM_TABLE names, as locked memory of the VMM.
 * The rings take the way of mapped rings then: no thread, no copy more, and a
 * full receive ring stops the queue of the device. What cannot be pinned, and
 * rings whose writes are logged, are served by a thread all the same; fdinfo
 * tells which (ring-server). Memory must not be taken away from the guest
 * behind its back (balloon, postcopy): packets would still go to where it was.
 */
#define TUN_RING_GUEST_PIN	(1U << 0)
/* With TUN_RING_GUEST_PIN: a packet that finds the receive ring full is dropped
 * and counted, so that a guest which takes none cannot hold up who sends them.
 */
#define TUN_RING_GUEST_DROP	(1U << 1)

/**
 * struct tun_ring_enter - TUNRINGENTER: kick, wait, or both
 * @flags: TUN_RING_ENTER_*
 * @sigsetsize: bytes of the signal mask; 0 with @sigmask 0
 * @timeout_ns: TUN_RING_ENTER_WAIT: nanoseconds, -1 for ever
 * @sigmask: address of the signal mask in force while waiting, as ppoll(2); or 0
 * @reserved: 0
 *
 * Returns the number of used receive entries that the user has not taken
 * (used idx less used_event of the rx ring), which is 0 after a time-out.
 *
 * Kicks are done before the wait, also if that ends with EINTR.
 *
 * Errors: EINVAL; EINTR; EIO tx was kicked and the device is down or the queue
 * detached (what was made available stays queued until it is up); EPROTO a ring
 * broke the rules and was stopped; ENXIO the queue has no rings; EBUSY they are a
 * guest's; EBADFD the device is gone; EFAULT.
 */
struct tun_ring_enter {
	__u32		flags;
	__u32		sigsetsize;
	__aligned_s64	timeout_ns;
	__aligned_u64	sigmask;
	__aligned_u64	reserved[2];
};

#define TUN_RING_ENTER_TX	(1U << 0)	/* look at the tx ring now */
#define TUN_RING_ENTER_RX	(1U << 1)	/* rx buffers were made available */
#define TUN_RING_ENTER_WAIT	(1U << 2)	/* until rx has a used entry */

/**
 * struct tun_ring_counters - counters of one ring, since it was set up
 * @packets: rx: given to the user. tx: given to the stack
 * @bytes: of these packets, as the device counts them
 * @kicks: times the user told the kernel to look
 * @wakeups: times the kernel woke the user
 * @full: rx: times the queue stopped because the ring was full. tx: 0
 * @dropped: dropped for want of room (TUN_RING_F_RX_DROP, XDP frames), of
 *	memory, by XDP, because the ring was stopped, or with what was left in
 *	the tx ring of a device that was down at its tear-down
 * @too_big: rx: dropped because the buffers could not hold them, or it would
 *	take too many. tx: 0
 * @errors: tx: dropped because the packet or its record was not valid. rx: 0
 * @reserved: 0
 */
struct tun_ring_counters {
	__aligned_u64	packets;
	__aligned_u64	bytes;
	__aligned_u64	kicks;
	__aligned_u64	wakeups;
	__aligned_u64	full;
	__aligned_u64	dropped;
	__aligned_u64	too_big;
	__aligned_u64	errors;
	__aligned_u64	reserved[4];
};

/**
 * struct tun_ring_stats - TUNRINGSTATS: the counters of both rings
 * @rx: stack -> user
 * @tx: user -> stack
 * @features: in force
 * @broken: 0, or the errno with which a ring was stopped
 * @mode: TUN_RING_MODE_*
 *
 * Errors: ENXIO the queue has no rings; EFAULT.
 */
struct tun_ring_stats {
	struct tun_ring_counters	rx;
	struct tun_ring_counters	tx;
	__aligned_u64			features;
	__u32				broken;
	__u32				mode;
};

/*
 * ioctl numbers: the kernel's own of this type end at 227.
 *
 * TUNRINGTEARDOWN takes no argument. Transmit descriptors that were made
 * available are processed first (dropped, if the device is down); packets in
 * the receive ring stay readable in the mapping. ENXIO if the queue has no rings.
 */
#define TUNRINGQUERY	_IOR('T', 240, struct tun_ring_query)
#define TUNRINGSETUP	_IOWR('T', 241, struct tun_ring_setup)
#define TUNRINGTEARDOWN	_IO('T', 242)
#define TUNRINGENTER	_IOW('T', 243, struct tun_ring_enter)
#define TUNRINGSTATS	_IOR('T', 244, struct tun_ring_stats)
#define TUNRINGREGIONS	_IOW('T', 245, struct tun_ring_regions)
#define TUNRINGATTACH	_IOW('T', 246, struct tun_ring_attach)
#define TUNRINGGUEST	_IOW('T', 247, struct tun_ring_guest)

/*
 * TUNSETRECVVRING, TUNSETXMITVRING: let a vringfd, see <linux/vring.h>, take
 * the queue's packets from the stack, or give it packets. The argument is the
 * descriptor itself; -1 detaches. Each packet has a struct virtio_net_hdr in
 * front, of the length of TUNSETVNETHDRSZ, whatever flags the device has, and
 * no struct tun_pi.
 *
 * Receive: read(2) says EBUSY meanwhile. A packet is one buffer's; one that is
 * too long for it is dropped, and counted by the device. Transmit: write(2)
 * goes on working. The payload of a packet of more than a page may stay in the
 * user's pages, if the process that attaches has the ring's memory and may lock
 * it; its buffer is used when the packet is freed.
 *
 * Errors: EBADF no descriptor; EINVAL no vringfd; EBADFD no device; EBUSY a
 * vringfd is attached already, or the vringfd to something else, or the queue
 * has rings of its own; EPROTO, EFAULT the vringfd was stopped; ENXIO -1, and
 * none is attached; EINTR; ENOMEM.
 */
#define TUNSETRECVVRING	_IOW('T', 250, int)
#define TUNSETXMITVRING	_IOW('T', 251, int)

#endif /* _UAPI_LINUX_IF_TUN_RING_H */
