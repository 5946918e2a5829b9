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
 * "The user" is the program that uses the rings. The user is virtio's driver,
 * the kernel is virtio's device.
 *
 * The kernel allocates the memory of mapped rings. The user maps it from the fd
 * in three areas (MAP_SHARED only; TUNRINGSETUP returns the offsets):
 *
 *	driver area	read/write	descriptor tables, available rings,
 *					metadata records of tx
 *	device area	read-only	used rings, metadata records of rx
 *	pool		read/write	packet buffers; a descriptor's address is
 *					an offset into the pool
 *
 * Every mapping keeps its pages, also after the ring or the fd is gone.
 *
 * used_event is the word after the available ring, and exists with every set of
 * features. used_event is the user's position: the free-running index up to
 * which the user has taken used entries. poll(2) reports
 *
 *	EPOLLIN		while the used index of rx differs from its used_event
 *	EPOLLOUT	while fewer packets than the tx ring has entries are in
 *			flight, or the used index of tx differs from its
 *			used_event
 *	EPOLLERR	when a ring was stopped, or the device is gone
 *
 * poll gives the packets that wait in the queue to rx, if there are buffers, and
 * moves no other data.
 *
 * A kick is TUNRINGENTER or a write(2) of no bytes. The kernel enables and
 * disables kicks as virtio defines (avail_event, or VRING_USED_F_NO_NOTIFY).
 * The rx ring needs a kick only after it ran full, after flow control stopped
 * the queue, or if packets waited in the queue when the ring was set up. With
 * TUN_RING_F_EVENT_IDX the kernel then asks for a kick when a quarter of the
 * buffers is available again. Any TUNRINGENTER, poll(2) and a timer of 1 ms also
 * find fewer buffers.
 */
#ifndef _UAPI_LINUX_IF_TUN_RING_H
#define _UAPI_LINUX_IF_TUN_RING_H

#include <linux/ioctl.h>
#include <linux/types.h>

/*
 * Features. A feature that virtio defines has virtio's own number. Bits 0..23
 * are features of tun. TUNRINGQUERY returns the features that the kernel
 * offers. TUNRINGSETUP refuses any other feature with EOPNOTSUPP.
 */

/* Each descriptor has a record, struct tun_ring_meta, instead of a header in
 * front of the packet. No packet has a struct tun_pi or a struct virtio_net_hdr
 * in front; the flags of the device do not matter.
 */
#define TUN_RING_F_META			0
/* A receive record has the wall-clock time at which the kernel handed the
 * packet to the ring. Needs TUN_RING_F_META.
 */
#define TUN_RING_F_RX_TSTAMP		1
/* A transmit record may set mark, priority, time stamp and flow hash. Needs
 * TUN_RING_F_META. At set-up the caller needs CAP_NET_RAW or CAP_NET_ADMIN over
 * the network namespace of the device, else EPERM. The feature is valid as long
 * as the device stays in that namespace.
 */
#define TUN_RING_F_TX_MARK		2
/*
 * A packet that finds the receive ring full waits in the fifo of the queue, as
 * for read(2), and comes first when there are buffers. The fifo holds txqueuelen
 * packets. More packets are dropped and counted. Two features change that:
 */
/* A packet that finds the receive ring full is dropped at once and counted. Not
 * with TUN_RING_F_RX_FLOW.
 */
#define TUN_RING_F_RX_DROP		3
/* Flow control: the queue of the device stops when the receive ring becomes
 * full, and runs again when a quarter of the buffers is available. Packets wait
 * in the queueing discipline and hold their sockets, so that senders slow down.
 * With TUN_RING_F_EVENT_IDX the queue also stops when more buffers are in flight
 * than a limit: filled, and not made available again. The limit is between 16
 * and the size of the ring. It adapts to the number that the user takes at a
 * time. The user kicks after a quarter of the buffers in flight.
 * If the queue was stopped for 200 ms and fewer than 16 packets were delivered
 * in that time, flow control lapses until a ring of packets has been delivered.
 * A packet therefore leaves the queueing discipline after at most 200 ms for
 * each 16 packets before it, and 200 ms more. Packets that find the ring full
 * although the queue runs wait in the fifo, as without the feature. The queue
 * does not stop if it has no queueing discipline (noqueue). Not for rings that
 * a thread serves (EOPNOTSUPP), and not with TUN_RING_F_RX_DROP (EINVAL).
 */
#define TUN_RING_F_RX_FLOW		4
/* virtio's: a descriptor may point to a table of descriptors. The table lies in
 * one region.
 */
#define TUN_RING_F_INDIRECT_DESC	28
/* virtio's: used_event and avail_event decide about notifications. */
#define TUN_RING_F_EVENT_IDX		29
/* virtio's: 1.x layout. Always in force; the caller may set the bit. */
#define TUN_RING_F_VERSION_1		32

#define TUN_RING_MAX_ENTRIES		32768	/* per ring, a power of two */
#define TUN_RING_MAX_POOL		(256U << 20)	/* bytes per queue */
#define TUN_RING_MAX_POLL_US		1000000
#define TUN_RING_FREE_POLL_US		50	/* without privilege */
#define TUN_RING_FREE_MEMORY		(4U << 20)	/* bytes of one user */
#define TUN_RING_MIN_BUF		64	/* bytes */
#define TUN_RING_MAX_BUF		(128U << 10)	/* bytes */
#define TUN_RING_MAX_CHAIN		64	/* descriptors of one chain */
#define TUN_RING_MAX_REGIONS		64	/* of one table */

/* rx: the sender of a packet pays for the segments that the packet fills. A
 * packet of n bytes, with its headers, therefore fills at most
 * TUN_RING_BASE_SEGS + n / TUN_RING_BYTES_PER_SEG segments. A packet that would
 * fill more stops the ring with EPROTO. Each descriptor is one segment, and one
 * more for each border of two regions in it. The segments up to the last byte of
 * the packet count, in all its chains.
 */
#define TUN_RING_BASE_SEGS		4
#define TUN_RING_BYTES_PER_SEG		64

/**
 * struct tun_ring_meta - metadata of one packet, beside its descriptor
 * @vnet_flags: VIRTIO_NET_HDR_F_*
 * @gso_type: VIRTIO_NET_HDR_GSO_*. VIRTIO_NET_HDR_GSO_UDP_L4 (5) works on kernels
 *	before 6.2, too: there a queue needs rings before TUNSETOFFLOAD accepts
 *	TUN_F_USO4 and TUN_F_USO6
 * @hdr_len: bytes of the headers, a hint
 * @gso_size: bytes of payload per segment
 * @csum_start: start of the checksummed bytes, bytes from the packet's start
 * @csum_offset: place of the checksum, bytes from @csum_start
 * @num_buffers: rx: used entries that hold this packet, counted in its first
 *	record. tx: 0
 * @flags: TUN_RING_META_*: tell which of the fields below are valid
 * @protocol: EtherType, network byte order. rx: always. tx on a TUN device: 0
 *	takes it from the IP version in the packet's first byte. tx on a TAP
 *	device: must be 0
 * @vlan_proto: EtherType of the VLAN tag, network byte order. tx: TAP only
 * @vlan_tci: VLAN tag
 * @hash: flow hash. tx: ignored without TUN_RING_F_TX_MARK
 * @mark: rx: the packet's mark. tx: needs TUN_RING_F_TX_MARK
 * @priority: rx: the packet's priority. tx: needs TUN_RING_F_TX_MARK
 * @tstamp: nanoseconds since the epoch (CLOCK_REALTIME). rx: with
 *	TUN_RING_F_RX_TSTAMP. tx: the time of arrival that sockets see; needs
 *	TUN_RING_F_TX_MARK
 * @reserved: 0
 *
 * The array of a ring has one record per descriptor. The record of a packet has
 * the index of the packet's first descriptor (the head). All fields but
 * @protocol and @vlan_proto are little-endian, as all fields of a ring. The
 * first twelve bytes are a struct virtio_net_hdr_v1.
 *
 * If a transmit record has an unknown flag or a nonzero reserved field, the
 * kernel drops the packet and counts it as an error.
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
 * struct tun_ring_query - TUNRINGQUERY: features and limits of this kernel
 * @features: bit mask of TUN_RING_F_* that the kernel offers
 * @max_entries: descriptors of one ring, at most
 * @max_chain: descriptors of one chain, at most
 * @max_pool: bytes of a pool, at most
 * @meta_size: bytes of a metadata record
 * @mode: present use of the queue, TUN_RING_MODE_*
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
 * @tx_poll_us: in: microseconds for which the kernel polls the tx ring after
 *	the last packet, up to TUN_RING_MAX_POLL_US; 0 for no polling. out: the
 *	time in force: at most TUN_RING_FREE_POLL_US, if the caller has no
 *	CAP_NET_ADMIN in the initial user namespace
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
 * through the rx ring first. The caller needs no privilege beyond the attached
 * fd.
 *
 * The kernel charges all memory to the caller's memory control group. If the
 * rings of one user, mappings included, have more than TUN_RING_FREE_MEMORY,
 * the rest counts against RLIMIT_MEMLOCK, as memory of io_uring does. The kernel
 * checks the limit at set-up, unless the caller has CAP_IPC_LOCK in the initial
 * user namespace. Rings that were set up before the process dropped its
 * privileges stay.
 *
 * While the kernel polls the tx ring, kicks are disabled. The kernel polls only
 * in a thread. The device has that thread if 1 is written to
 * /sys/class/net/DEVICE/threaded after the rings were set up. Without the
 * thread @tx_poll_us has no effect.
 *
 * Errors:
 *	EINVAL		invalid size, nonzero reserved field, feature without
 *			the feature that it needs, or features that exclude each
 *			other
 *	EOPNOTSUPP	unknown feature or flag
 *	EPERM		see TUN_RING_F_TX_MARK; or the administrator refuses
 *			rings to the caller: the option unprivileged_rings of
 *			the module tun is N, and the caller has no CAP_NET_ADMIN
 *			in the initial user namespace
 *	EBUSY		the queue has rings
 *	EBADFD		the fd has no device
 *	ENXIO		TUN_RING_SETUP_REGIONS without a pinned table
 *	ENOMEM		also beyond RLIMIT_MEMLOCK
 *	EFAULT
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
 * @addr: address of its first byte in descriptors, a multiple of the page size
 * @len: bytes, a multiple of the page size, at least one page
 * @user: address of its first byte in the caller's memory
 * @reserved: 0
 */
struct tun_ring_region {
	__aligned_u64	addr;
	__aligned_u64	len;
	__aligned_u64	user;
	__aligned_u64	reserved;
};

/**
 * struct tun_ring_regions - TUNRINGREGIONS: table of memory for packet buffers
 * @n: elements of @regions, up to TUN_RING_MAX_REGIONS; 0 deletes the table
 * @flags: TUN_RING_REGIONS_*
 * @fd: with TUN_RING_REGIONS_SHARE: another queue, whose pinned table this
 *	queue uses, too; else 0
 * @reserved0: 0
 * @regions: address of an array of struct tun_ring_region. Regions must not
 *	overlap. Their order does not matter
 * @reserved: 0
 *
 * The next TUNRINGATTACH uses the table, and so does the next TUNRINGSETUP with
 * TUN_RING_SETUP_REGIONS. If the queue already has such rings, they use the new
 * table at once. The call returns when the kernel has stopped using the old
 * table. All buffers that are available in the rings must lie in both tables.
 *
 * Errors:
 *	EINVAL		@addr or @len of a region is no multiple of the page
 *			size; a region has no bytes, wraps or overlaps; a
 *			reserved field is not 0; or a table is not pinned that
 *			must be, because the rings are, or for
 *			TUN_RING_REGIONS_SHARE
 *	EOPNOTSUPP	unknown flag; or memory of a file system's file, which
 *			cannot be pinned
 *	EBUSY		the call would delete a table that rings use
 *	EBADF		@fd is no tun queue
 *	ENXIO		@fd has no table
 *	ENOMEM		also beyond RLIMIT_MEMLOCK
 *	EINTR, EFAULT
 */
struct tun_ring_regions {
	__u32		n;
	__u32		flags;
	__s32		fd;
	__u32		reserved0;
	__aligned_u64	regions;
	__aligned_u64	reserved[2];
};

/* Pin the memory, as locked memory, as long as the table is used. The memory is
 * anonymous, shared memory (memfd, tmpfs), or huge pages. A page of a private
 * mapping of a file is anonymous.
 */
#define TUN_RING_REGIONS_PIN	(1U << 0)
/* Use the table of queue @fd. Its pages are pinned and counted once. */
#define TUN_RING_REGIONS_SHARE	(1U << 1)

/**
 * struct tun_ring_attach_vq - one ring in the caller's memory
 * @entries: descriptors, a power of two up to TUN_RING_MAX_ENTRIES
 * @kick: eventfd by which the user kicks this ring, or -1
 * @call: eventfd that the kernel signals when this ring has used entries for
 *	which the user has enabled notification, when the ring was stopped, or
 *	when the device is gone; or -1
 * @reserved0: 0
 * @desc: address of the descriptor table, a multiple of 16
 * @avail: address of the available ring and used_event, a multiple of 2
 * @used: address of the used ring and avail_event, a multiple of 4
 * @meta: address of the metadata records, a multiple of 8; 0 without
 *	TUN_RING_F_META
 * @reserved: 0
 *
 * Both sides start at index 0. The kernel zeroes the used index, the flags
 * before it and avail_event. The kernel takes entries that are available
 * already.
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
 * TUNRINGREGIONS. Without TUN_RING_ATTACH_PIN a kernel thread serves the rings.
 * The thread is named after the device and belongs to the caller's control
 * group. Its passes are bounded. If the memory goes away, or its owner dies,
 * the kernel stops the rings with EFAULT. The threads of one user count against
 * RLIMIT_NPROC at set-up, unless the caller is root or has CAP_SYS_RESOURCE or
 * CAP_SYS_ADMIN in the initial user namespace.
 *
 * Errors as for TUNRINGSETUP, and:
 *	EOPNOTSUPP	TUN_RING_F_RX_FLOW without TUN_RING_ATTACH_PIN
 *	EINVAL		an address has the wrong alignment, or a file descriptor
 *			is no eventfd
 *	EBADF		a file descriptor of an eventfd is not open
 *	ENXIO		there is no table of regions; or the table is not pinned
 *			or not of the caller's memory, as the rings need it
 *	EOPNOTSUPP	also for memory that cannot be pinned, see
 *			TUN_RING_REGIONS_PIN
 *	EAGAIN		beyond RLIMIT_NPROC
 *	ENOMEM		also beyond RLIMIT_MEMLOCK
 */
struct tun_ring_attach {
	__aligned_u64			features;
	__u32				flags;
	__u32				tx_poll_us;
	struct tun_ring_attach_vq	rx;
	struct tun_ring_attach_vq	tx;
	__aligned_u64			reserved[4];
};

/* Pin the rings. The regions must be pinned, too. The kernel then serves the
 * rings as it serves mapped rings, without a thread and without a further copy.
 * The memory of the rings counts as locked memory.
 */
#define TUN_RING_ATTACH_PIN	(1U << 0)

/**
 * struct tun_ring_guest - TUNRINGGUEST: options for the rings of a guest
 * @flags: TUN_RING_GUEST_*
 * @reserved: 0
 *
 * For rings that the VMM describes to this file by vhost ioctls. The file need
 * not have a device. The options stay in force, also for later owners. So the
 * program that opens the file for a VMM can set the options, and the VMM need
 * not know of them.
 *
 * Errors:
 *	EOPNOTSUPP	unknown flag
 *	EINVAL		a reserved field is not 0, or flags exclude each other
 *	EBUSY		the file has an owner (VHOST_SET_OWNER) that is alive
 *	EINTR, ENOMEM, EFAULT
 */
struct tun_ring_guest {
	__u32	flags;
	__u32	reserved[3];
};

/* Pin all memory in the table of VHOST_SET_MEM_TABLE, as locked memory of the
 * VMM. The kernel then serves the rings as it serves mapped rings: no thread and
 * no further copy. A thread still serves rings that cannot be pinned or whose
 * writes are logged. fdinfo shows the server (ring-server). The VMM must not
 * take memory away from the guest without the guest's knowledge (balloon,
 * postcopy): packets would still go to the old pages.
 */
#define TUN_RING_GUEST_PIN	(1U << 0)
/* With TUN_RING_GUEST_PIN: TUN_RING_F_RX_DROP. */
#define TUN_RING_GUEST_DROP	(1U << 1)
/* With TUN_RING_GUEST_PIN: TUN_RING_F_RX_FLOW. Not with TUN_RING_GUEST_DROP
 * (EINVAL). While a thread serves the rings, neither flag has an effect.
 */
#define TUN_RING_GUEST_FLOW	(1U << 2)

/**
 * struct tun_ring_enter - TUNRINGENTER: kick, wait, or both
 * @flags: TUN_RING_ENTER_*
 * @sigsetsize: bytes of the signal mask; 0 with @sigmask 0
 * @timeout_ns: TUN_RING_ENTER_WAIT: nanoseconds, -1 for ever
 * @sigmask: address of the signal mask during the wait, as for ppoll(2); or 0
 * @reserved: 0
 *
 * Returns the number of used receive entries that the user has not taken (used
 * idx less used_event of the rx ring). After a time-out the number is 0.
 *
 * The kicks come before the wait, also if the wait ends with EINTR.
 *
 * Errors:
 *	EINVAL
 *	EINTR
 *	EIO		tx was kicked, and the device is down or the queue is
 *			detached. The kernel uses the available descriptors, and
 *			counts the packets as dropped
 *	EPROTO		a ring broke the rules and was stopped
 *	ENXIO		the queue has no rings
 *	EBUSY		the rings are a guest's
 *	EBADFD		the device is gone
 *	EFAULT
 */
struct tun_ring_enter {
	__u32		flags;
	__u32		sigsetsize;
	__s64		timeout_ns;
	__aligned_u64	sigmask;
	__aligned_u64	reserved[2];
};

#define TUN_RING_ENTER_TX	(1U << 0)	/* kick the tx ring */
#define TUN_RING_ENTER_RX	(1U << 1)	/* rx has new buffers */
#define TUN_RING_ENTER_WAIT	(1U << 2)	/* until rx has a used entry */

/**
 * struct tun_ring_counters - counters of one ring, since it was set up
 * @packets: rx: packets given to the user. tx: packets given to the stack
 * @bytes: bytes of these packets, as the device counts them
 * @kicks: kicks by the user
 * @wakeups: times the kernel woke the user
 * @full: rx: times packets began to wait because the ring was full, or flow
 *	control stopped the queue. tx: 0
 * @dropped: packets dropped because there was no room in the ring
 *	(TUN_RING_F_RX_DROP) or in the fifo, or no memory, by XDP, because the
 *	ring was stopped, because the device was down or the queue detached, or
 *	because a kill ended the tear-down
 * @too_big: rx: packets dropped because the buffers could not hold them. tx: 0
 * @errors: tx: packets dropped because the packet or its record was invalid.
 *	rx: 0
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
 * @features: features in force
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
 * ioctl numbers. The numbers that the kernel itself uses with this type end at
 * 227.
 *
 * TUNRINGTEARDOWN takes no argument. The kernel first processes the transmit
 * descriptors that were made available, or drops them if the device is down.
 * Packets in the receive ring stay readable in the mapping. ENXIO if the queue
 * has no rings.
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
 * TUNSETRECVVRING, TUNSETXMITVRING: attach a vringfd, see <linux/vring.h>. The
 * vringfd takes the queue's packets from the stack, or gives packets to the
 * queue. The argument is the file descriptor itself; -1 detaches. Each packet
 * has a struct virtio_net_hdr in front, of the length of TUNSETVNETHDRSZ, and
 * no struct tun_pi. The flags of the device do not matter.
 *
 * Receive: read(2) fails with EBUSY while a vringfd is attached. A packet takes
 * exactly one buffer. A packet that is too long for the buffer is dropped, and
 * the device counts the drop.
 *
 * Transmit: write(2) still works. The payload of a packet of more than a page
 * may stay in the user's pages, if the process that attaches has the ring's
 * memory and may lock it. The buffer of such a packet is used when the packet
 * is freed.
 *
 * Errors:
 *	EBADF		the argument is no open file
 *	EINVAL		the file is no vringfd
 *	EBADFD		the queue has no device
 *	EBUSY		a vringfd is attached already, the vringfd is attached
 *			to something else, or the queue has rings of its own
 *	EPROTO, EFAULT	the vringfd was stopped
 *	ENXIO		the argument is -1, and no vringfd is attached
 *	EAGAIN		beyond RLIMIT_NPROC: each attached vringfd has a thread
 *	EPERM		as for TUNRINGSETUP, of the option unprivileged_rings
 *	EINTR, ENOMEM
 */
#define TUNSETRECVVRING	_IOW('T', 250, int)
#define TUNSETXMITVRING	_IOW('T', 251, int)

#endif /* _UAPI_LINUX_IF_TUN_RING_H */
