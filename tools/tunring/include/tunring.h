/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * libtunring - packets of a tun/tap device, in place, in bursts
 *
 * A handle is one queue of one device: one file descriptor. On a kernel whose
 * tun has rings (TUNRINGQUERY, see tun_ring(7)) packets are taken from and put
 * into memory shared with the kernel; on any other kernel the same calls work
 * by read and write into memory of the library. tunring_mode() tells which.
 *
 *	receive:  tunring_rx_burst() -> use packets -> tunring_rx_release()
 *	transmit: tunring_tx_reserve() -> fill -> tunring_tx_submit() ...
 *		  -> tunring_tx_kick()
 *	sleep:	  tunring_wait(), or tunring_prepare_wait() and one's own epoll
 *
 * Every buffer has tunring_options.headroom bytes in front of where a received
 * packet starts and tunring_options.tailroom bytes after the room for it, for
 * headers and trailers that the program adds in place.
 *
 * Results: calls that return int give 0 or a count, or a negative errno;
 * tunring_strerror() explains it. No call sets or reads errno.
 *
 * Threads and processes. A handle has a receive side and a transmit side, with
 * separate state and separate buffers. Each function says which side it uses:
 *
 *  - one thread on the receive side and another on the transmit side, at the
 *    same time: safe, without locks;
 *  - two threads on the same side at the same time: not safe. The caller locks;
 *  - functions marked "both sides" need both to be still;
 *  - functions marked "neither" can be called at any time between set-up and
 *    tear-down, by any thread;
 *  - fork(): parent and child have a copy of the handle each. One may go on with
 *    the receive side and the other with the transmit side, if the rings are
 *    mapped (TUNRING_MODE_RING) or nothing is held or queued at the time of the
 *    fork. Both using one side corrupts it. The one that ends first calls
 *    tunring_detach(), not tunring_close();
 *  - exec() or SCM_RIGHTS: see tunring_export().
 *  - attached rings that are not pinned end with the process that set them up.
 */
#ifndef TUNRING_H
#define TUNRING_H

#include <stddef.h>
#include <stdint.h>
#include <sys/select.h>	/* sigset_t, in strict C11, too */
#include <sys/types.h>
#include <sys/uio.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TUNRING_VERSION_MAJOR	0
#define TUNRING_VERSION_MINOR	1

struct tunring;
struct tun_ring_meta;		/* <linux/if_tun_ring.h> */

enum tunring_mode {
	TUNRING_MODE_PLAIN	= 0,	/* emulated by read and write */
	TUNRING_MODE_RING	= 1,	/* rings shared with the kernel */
};

/* Features: bits as in <linux/if_tun_ring.h>. Metadata records, the event index
 * and the 1.x layout are always used where there are rings and need no asking.
 */
#define TUNRING_F_META		(1ULL << 0)
#define TUNRING_F_RX_TSTAMP	(1ULL << 1)	/* both modes */
#define TUNRING_F_TX_MARK	(1ULL << 2)	/* rings only, privileged */
#define TUNRING_F_RX_DROP	(1ULL << 3)	/* rings only */
#define TUNRING_F_INDIRECT_DESC	(1ULL << 28)
#define TUNRING_F_EVENT_IDX	(1ULL << 29)
#define TUNRING_F_VERSION_1	(1ULL << 32)

/* tunring_options.flags */
#define TUNRING_O_NO_RING	(1U << 0)	/* use read and write in any case */
#define TUNRING_O_NEED_RING	(1U << 1)	/* fail where there are no rings */
#define TUNRING_O_NO_EVENT_IDX	(1U << 2)	/* notification by flags only */
#define TUNRING_O_PI		(1U << 3)	/* adopted fd without IFF_NO_PI */
#define TUNRING_O_ATTACH	(1U << 4)	/* rings in memory of the process */
#define TUNRING_O_PIN		(1U << 5)	/* with ATTACH: pinned */
#define TUNRING_O_MEMORY	(1U << 6)	/* with ATTACH: in memory_fd */
#define TUNRING_O_HUGE		(1U << 7)	/* of a pool only: huge pages */
#define TUNRING_O_EVENTFD	(1U << 8)	/* with ATTACH: event_fd */

/* Eventfds of attached rings: of each ring one by which the kernel is kicked, and
 * one by which it calls.
 */
enum tunring_event {
	TUNRING_EVENT_RX_KICK	= 0,	/* buffers were given back */
	TUNRING_EVENT_RX_CALL	= 1,	/* packets came */
	TUNRING_EVENT_TX_KICK	= 2,	/* packets were submitted */
	TUNRING_EVENT_TX_CALL	= 3,	/* transmit buffers are free again */
};

#define TUNRING_EVENTS		4
#define TUNRING_EVENT_NONE	(-1)	/* no eventfd for this */
#define TUNRING_EVENT_NEW	(-2)	/* the library makes one */

/**
 * struct tunring_options - how a handle is set up
 * @size: sizeof(struct tunring_options) of the caller; tunring_options_init()
 *	sets it
 * @flags: TUNRING_O_*
 * @rx_entries: receive buffers, a power of two up to 32768. Default 256
 * @tx_entries: transmit buffers, a power of two up to 32768. Default 256
 * @buf_size: bytes of one buffer, headroom and tailroom included; rounded up to
 *	a multiple of 64. Default 2048
 * @headroom: bytes kept free before a packet. Default 64
 * @tailroom: bytes kept free after the room for a packet. Default 64
 * @features: TUNRING_F_* that must be there: -EOPNOTSUPP if one is not
 * @want: TUNRING_F_* that are used if they are there (TX_MARK: and permitted)
 * @memory_fd: with TUNRING_O_MEMORY: the file in which rings and packets lie, a
 *	memfd or one of /dev/shm; the handle has a duplicate of it. Else 0
 * @reserved0: 0
 * @memory_offset: with TUNRING_O_MEMORY: where in it they begin, a multiple of
 *	the page size; see tunring_memory_size(). Else 0
 * @event_fd: with TUNRING_O_EVENTFD: for each enum tunring_event an eventfd, of
 *	which the handle has a duplicate; or TUNRING_EVENT_NEW; or
 *	TUNRING_EVENT_NONE. Else 0
 *
 * A received packet of more than @buf_size - @headroom - @tailroom bytes comes
 * in several buffers. Pool memory is (@rx_entries + @tx_entries) * @buf_size; in
 * ring mode it is the kernel's, and does not count against RLIMIT_MEMLOCK.
 *
 * With TUNRING_O_ATTACH rings and pool are in a memfd that this process maps, and
 * others may (tunring_memory_fd(), tunring_import_memory()). With TUNRING_O_PIN,
 * too, all of it is pinned, counts against RLIMIT_MEMLOCK, and is as fast as
 * memory of the kernel. Without, a thread of the kernel serves the rings; they
 * end with the process that set them up (-EFAULT). Both flags change nothing
 * where there are no rings.
 */
struct tunring_options {
	size_t		size;
	uint32_t	flags;
	uint32_t	rx_entries;
	uint32_t	tx_entries;
	uint32_t	buf_size;
	uint32_t	headroom;
	uint32_t	tailroom;
	uint64_t	features;
	uint64_t	want;
	int32_t		memory_fd;
	uint32_t	reserved0;
	uint64_t	memory_offset;
	int32_t		event_fd[TUNRING_EVENTS];
};

/**
 * struct tunring_packet - one packet in its buffer (or buffers)
 * @data: first byte
 * @meta: the raw record (little-endian). Of a received packet it is read-only
 *	memory. Use tunring_meta_get() and tunring_meta_set()
 * @len: bytes of the whole packet
 * @first_len: bytes of it at @data; equals @len if @nsegs is 1
 * @headroom: free bytes before @data in the same buffer
 * @tailroom: free bytes after the last byte of the packet in its last buffer
 * @nsegs: buffers that the packet occupies; nearly always 1
 * @side: 0 received, 1 to be sent
 * @slot: the library's; leave alone
 * @reserved: the library's; leave alone
 *
 * The program may move @data and change @len (and @first_len, if @nsegs is more
 * than 1) within the buffer; tunring_packet_push(), _pull(), _put() keep all
 * fields consistent. Submission goes by @data and @len alone if @nsegs is 1.
 */
struct tunring_packet {
	uint8_t			*data;
	struct tun_ring_meta	*meta;
	uint32_t		len;
	uint32_t		first_len;
	uint32_t		headroom;
	uint32_t		tailroom;
	uint16_t		nsegs;
	uint16_t		side;
	uint32_t		slot;
	uint64_t		reserved[2];
};

/* tunring_meta.flags: the fields that are valid, as TUN_RING_META_* */
#define TUNRING_META_VLAN	(1U << 0)
#define TUNRING_META_HASH	(1U << 1)
#define TUNRING_META_HASH_L4	(1U << 2)
#define TUNRING_META_MARK	(1U << 3)
#define TUNRING_META_PRIORITY	(1U << 4)
#define TUNRING_META_TSTAMP	(1U << 5)

/* tunring_meta.vnet_flags and .gso_type: as in <linux/virtio_net.h> */
#define TUNRING_VNET_NEEDS_CSUM	1
#define TUNRING_VNET_DATA_VALID	2
#define TUNRING_GSO_NONE	0
#define TUNRING_GSO_TCPV4	1
#define TUNRING_GSO_UDP		3
#define TUNRING_GSO_TCPV6	4
#define TUNRING_GSO_UDP_L4	5
#define TUNRING_GSO_ECN		0x80

/**
 * struct tunring_meta - a packet's metadata in host byte order
 * @vnet_flags: TUNRING_VNET_*
 * @gso_type: TUNRING_GSO_*
 * @hdr_len: bytes of headers, a hint
 * @gso_size: payload bytes per segment
 * @csum_start: where checksumming begins, from the packet's first byte
 * @csum_offset: where the checksum goes, from @csum_start
 * @flags: TUNRING_META_*
 * @protocol: EtherType. Received: always set. To be sent on a TUN device: 0
 *	takes it from the IP version; on a TAP device: 0
 * @vlan_proto: EtherType of the VLAN tag
 * @vlan_tci: VLAN tag
 * @hash: flow hash
 * @mark: firewall mark; to be sent: needs TUNRING_F_TX_MARK
 * @priority: queueing priority; to be sent: needs TUNRING_F_TX_MARK
 * @tstamp: nanoseconds since the epoch; to be sent: what sockets see as the time
 *	of arrival; needs TUNRING_F_TX_MARK
 * @reserved: 0
 *
 * In plain mode a VLAN tag stays in a received packet (stock tun leaves it
 * there) and the fields from @hash to @priority are not known. Checksum and GSO
 * fields are then there only if the fd has IFF_VNET_HDR.
 */
struct tunring_meta {
	uint8_t		vnet_flags;
	uint8_t		gso_type;
	uint16_t	hdr_len;
	uint16_t	gso_size;
	uint16_t	csum_start;
	uint16_t	csum_offset;
	uint16_t	flags;
	uint16_t	protocol;
	uint16_t	vlan_proto;
	uint16_t	vlan_tci;
	uint16_t	reserved16;
	uint32_t	hash;
	uint32_t	mark;
	uint32_t	priority;
	uint64_t	tstamp;
	uint64_t	reserved[2];
};

/* ------------------------------------------------------------- life cycle */

/** tunring_options_init() - fill in the defaults. Call it before setting any. */
void tunring_options_init(struct tunring_options *opt);

/**
 * tunring_open() - open or create a device by name and set up its queue
 * @handle: where the handle goes
 * @name: name of the interface, a pattern as "tun%d", or NULL or "" for any
 * @iff: IFF_TUN or IFF_TAP, and IFF_MULTI_QUEUE, IFF_VNET_HDR ... as TUNSETIFF.
 *	IFF_NO_PI is added. Give IFF_VNET_HDR if checksum and GSO fields matter
 *	in plain mode, too
 * @opt: options, or NULL for the defaults
 *
 * Returns 0 or a negative errno. The fd is close-on-exec.
 */
int tunring_open(struct tunring **handle, const char *name, unsigned int iff,
		 const struct tunring_options *opt);

/* tunring_adopt() flags */
#define TUNRING_ADOPT_CLOSE	(1U << 0)	/* tunring_close() closes the fd */

/**
 * tunring_adopt() - set up a queue on a tun fd that is open and attached
 * @handle: where the handle goes
 * @fd: the fd, after TUNSETIFF. In plain mode the library handles the headers
 *	that the fd asks for: virtio_net_hdr by itself; struct tun_pi if told by
 *	TUNRING_O_PI, because the kernel does not tell (in what TUNGETIFF returns,
 *	IFF_NO_PI and IFF_NOFILTER are one bit). With rings, there are none
 * @flags: TUNRING_ADOPT_*
 * @opt: options, or NULL for the defaults
 *
 * In plain mode the fd is made non-blocking until tunring_close(). If the call
 * fails the fd is as it was, and open.
 */
int tunring_adopt(struct tunring **handle, int fd, unsigned int flags,
		  const struct tunring_options *opt);

/**
 * tunring_close() - tear down, unmap, close the fd if owned. Both sides.
 *
 * Submitted packets are sent first; packets held are gone. An adopted fd that is
 * not owned is in plain mode afterwards. NULL is allowed.
 */
void tunring_close(struct tunring *h);

/**
 * tunring_detach() - let go of a handle without tearing the rings down. Both
 * sides.
 *
 * For the process that ends first of two that share a queue (fork, import):
 * memory is unmapped, the fd closed if owned, the rings live on. NULL is allowed.
 */
void tunring_detach(struct tunring *h);

/* ------------------------------------------------------------ what is there */

/** tunring_mode() - TUNRING_MODE_RING or TUNRING_MODE_PLAIN. Neither side. */
enum tunring_mode tunring_mode(const struct tunring *h);

/** tunring_fd() - the fd, for epoll and ioctls. Neither side. */
int tunring_fd(const struct tunring *h);

/** tunring_features() - TUNRING_F_* in force. Neither side. */
uint64_t tunring_features(const struct tunring *h);

/**
 * struct tunring_info - geometry of a handle, see tunring_get_info()
 * @mode: enum tunring_mode
 * @iff: flags of the fd, as TUNGETIFF tells (IFF_NO_PI may be IFF_NOFILTER)
 * @features: TUNRING_F_* in force
 * @rx_entries: receive buffers
 * @tx_entries: transmit buffers
 * @buf_size: bytes of a buffer (may be more than was asked for)
 * @headroom: bytes before a packet
 * @tailroom: bytes after the room
 * @room: bytes of a packet that fit one buffer: @buf_size - @headroom - @tailroom
 * @ring_errno: plain mode: why there are no rings, a positive errno (ENOTTY:
 *	the kernel has none); 0 if they were not asked for
 * @name: of the interface at set-up
 * @flags: TUNRING_O_ATTACH: rings lie in memory of the process; TUNRING_O_PIN:
 *	packets (and such rings) lie in memory that is pinned;
 *	TUNRING_O_EVENTFD: tunring_event_fd() has those that were asked for
 * @reserved: 0
 */
struct tunring_info {
	uint32_t	mode;
	uint32_t	iff;
	uint64_t	features;
	uint32_t	rx_entries;
	uint32_t	tx_entries;
	uint32_t	buf_size;
	uint32_t	headroom;
	uint32_t	tailroom;
	uint32_t	room;
	uint32_t	ring_errno;
	char		name[16];
	uint32_t	flags;
	uint32_t	reserved[8];
};

/** tunring_get_info() - geometry and mode. Neither side. */
void tunring_get_info(const struct tunring *h, struct tunring_info *info);

/**
 * struct tunring_caps - what the kernel offers on a tun fd
 * @features: TUNRING_F_*
 * @max_entries: per ring
 * @max_chain: buffers in one packet
 * @max_pool: bytes
 * @mode: what the queue is doing, enum tunring_mode
 * @reserved: 0
 */
struct tunring_caps {
	uint64_t	features;
	uint32_t	max_entries;
	uint32_t	max_chain;
	uint64_t	max_pool;
	uint32_t	mode;
	uint32_t	reserved[5];
};

/**
 * tunring_query() - ask a tun fd (attached or not) what it offers
 *
 * Returns 0, or -ENOTTY if the kernel has no rings (stock tun says EBADFD
 * before TUNSETIFF and EINVAL after it; both come as ENOTTY).
 */
int tunring_query(int fd, struct tunring_caps *caps);

/**
 * tunring_memory_size() - bytes of a file that TUNRING_O_MEMORY takes, from
 * memory_offset on
 *
 * A multiple of the page size: the next handle's may begin there. 0 if the
 * options are not valid.
 */
size_t tunring_memory_size(const struct tunring_options *opt);

/**
 * tunring_memory_fd() - the file in which attached rings lie. Neither side.
 *
 * It is close-on-exec, and closed with the handle. -ENXIO if they lie in none.
 */
int tunring_memory_fd(const struct tunring *h);

/* ------------------------------------------------------------------ receive */

/**
 * tunring_rx_burst() - take up to @n received packets. Receive side.
 *
 * Returns how many were stored in @pkts, 0 if there are none now. Never sleeps;
 * no syscall in ring mode. The packets, in place, are the caller's until
 * tunring_rx_release() or tunring_rx_forward(), in any order; as long as they
 * are held their buffers are missing from the ring.
 * Errors, only if no packet was taken: plain mode: what read() says, e.g.
 * -EBADFD after the device was deleted. In ring mode errors show in
 * tunring_wait(), tunring_check() and as EPOLLERR.
 */
int tunring_rx_burst(struct tunring *h, struct tunring_packet *pkts,
		     unsigned int n);

/**
 * tunring_rx_release() - give packets back; their buffers receive anew. Receive
 * side.
 *
 * Kicks the kernel if, and only if, it asked for it (it does after the ring ran
 * full). Returns 0 or a negative errno of that kick; the packets are given back
 * in any case. -EINVAL: a packet that was not received or was given back before;
 * those after it are not given back.
 */
int tunring_rx_release(struct tunring *h, const struct tunring_packet *pkts,
		       unsigned int n);

/**
 * tunring_rx_forward() - send received packets back into the stack from the
 * buffer that they are in, without a copy. Both sides.
 *
 * As tunring_tx_submit() for received packets: goes by @data and @len; checksum,
 * GSO, protocol and VLAN metadata goes along, mark and priority if
 * TUNRING_F_TX_MARK is in force. The packet's buffer changes places with a free
 * one of the transmit side. Returns the number of packets submitted: fewer than
 * @n if the transmit side has no buffers left, or if one is not valid; the others
 * are still held. -EINVAL if the first is not valid.
 */
int tunring_rx_forward(struct tunring *h, const struct tunring_packet *pkts,
		       unsigned int n);

/* ----------------------------------------------------------------- transmit */

/**
 * tunring_tx_reserve() - take up to @n empty transmit buffers. Transmit side.
 *
 * Each packet has @data at headroom bytes from the start of its buffer, @len 0
 * and zeroed metadata. Returns how many there were; 0 if all are in flight (then
 * kick, and see tunring_tx_prepare_wait()). They are the caller's until
 * submitted or cancelled, in any order.
 */
int tunring_tx_reserve(struct tunring *h, struct tunring_packet *pkts,
		       unsigned int n);

/**
 * tunring_tx_reserve_len() - take buffers for one packet of @len bytes. Transmit
 * side.
 *
 * As many as are needed, each filled up to its room. Fill the packet by
 * tunring_packet_write() or through tunring_packet_iov().
 * Returns 1, or 0 if there are not enough now, or -EMSGSIZE if there never are.
 */
int tunring_tx_reserve_len(struct tunring *h, struct tunring_packet *pkt,
			   uint32_t len);

/**
 * tunring_tx_cancel() - give reserved buffers back unsent. Transmit side.
 *
 * Returns 0, or -EINVAL as tunring_rx_release().
 */
int tunring_tx_cancel(struct tunring *h, const struct tunring_packet *pkts,
		      unsigned int n);

/**
 * tunring_tx_submit() - queue filled packets for the stack. Transmit side.
 *
 * A packet is @len bytes at @data, anywhere in its buffer. No syscall.
 * Returns the number queued, in order; fewer than @n if a packet was not valid
 * (data outside of its buffer, no bytes, not reserved): that one and those after
 * it are still reserved. -EINVAL if the first was not valid.
 * Nothing moves before tunring_tx_kick() or tunring_wait() is called.
 */
int tunring_tx_submit(struct tunring *h, const struct tunring_packet *pkts,
		      unsigned int n);

/**
 * tunring_tx_kick() - have the kernel look at what was submitted. Transmit side.
 *
 * Makes a syscall only if the kernel asked to be told. Takes buffers back that
 * the kernel is done with. In plain mode, this writes the packets.
 * Returns 0 or a negative errno: -EIO the device is down (the packets stay
 * queued until it is up, and this call says so again), -EPROTO the kernel
 * stopped the ring, -EBADFD the device is gone, plain mode: -EAGAIN the socket
 * buffer is full (packets stay queued).
 */
int tunring_tx_kick(struct tunring *h);

/**
 * tunring_tx_space() - buffers that tunring_tx_reserve() would give now. Transmit
 * side.
 */
unsigned int tunring_tx_space(struct tunring *h);

/* --------------------------------------------------------------------- wait */

/* tunring_wait() flags */
#define TUNRING_WAIT_TX		(1U << 0)	/* kick transmission, too */

/**
 * tunring_wait() - sleep until packets are received. Receive side; both sides
 * with TUNRING_WAIT_TX.
 * @timeout_ns: nanoseconds; 0 returns at once; -1 waits for ever
 * @mask: signal mask in force meanwhile, as ppoll(2); or NULL
 * @flags: TUNRING_WAIT_*
 *
 * In ring mode one syscall does all of it, and none is made if packets are there
 * and no kick is due. While the device is down it sleeps. Returns the number of
 * receive ring entries with packets (plain mode: 1), 0 after a time-out, or a
 * negative errno: -EINTR, -EPROTO, -EBADFD.
 */
int tunring_wait(struct tunring *h, int64_t timeout_ns, const sigset_t *mask,
		 unsigned int flags);

/**
 * tunring_prepare_wait() - ask for EPOLLIN on tunring_fd(). Receive side.
 *
 * Call it before every poll or epoll_wait of one's own. Returns 1 if packets are
 * there already: take them instead of sleeping (or poll with time-out 0). Returns
 * 0 if there are none: the fd becomes readable when the next one comes.
 */
int tunring_prepare_wait(struct tunring *h);

/**
 * tunring_tx_prepare_wait() - ask for EPOLLOUT on tunring_fd(). Transmit side.
 *
 * Returns 1 if there are transmit buffers already, 0 if not: the fd becomes
 * writable when there are.
 */
int tunring_tx_prepare_wait(struct tunring *h);

/**
 * tunring_event_fd() - an eventfd of attached rings (TUNRING_O_EVENTFD). Neither
 * side.
 *
 * It is close-on-exec, and closed with the handle; those that the library made are
 * non-blocking. -ENXIO: there is none, or there are no rings; -EINVAL: @event.
 *
 * A call (RX_CALL, TX_CALL) does for a loop of one's own what EPOLLIN and EPOLLOUT
 * of tunring_fd() do, under the same rule: tunring_prepare_wait(), or
 * tunring_tx_prepare_wait(), before each sleep. After it, first read the eventfd,
 * then take packets. Both are called, too, when a ring is stopped: ask
 * tunring_check() if there is nothing to take. That the device is gone only EPOLLERR
 * of tunring_fd() tells.
 *
 * Who has a kick (RX_KICK, TX_KICK) may have the kernel look by writing to it,
 * another process, too, and one that has no tun fd: 1, as eventfd(2) says, after
 * tunring_tx_submit() instead of tunring_tx_kick(). What is wrong, tunring_check()
 * tells. The library itself does not write to it: tunring_tx_kick() and the others
 * are system calls on the tun fd, as ever.
 */
int tunring_event_fd(const struct tunring *h, enum tunring_event event);

/**
 * tunring_check() - is the queue in order? Neither side.
 *
 * Returns 0, -EPROTO the kernel stopped a ring that broke the rules, -EBADFD the
 * device is gone. For EPOLLERR.
 */
int tunring_check(struct tunring *h);

/* ------------------------------------------------------ packets and metadata */

/** tunring_meta_get() - read a packet's metadata. The packet's side. */
void tunring_meta_get(const struct tunring_packet *pkt,
		      struct tunring_meta *meta);

/**
 * tunring_meta_set() - set the metadata of a packet to be sent. Transmit side.
 *
 * Returns 0, or -EINVAL for a received packet or an unknown flag.
 */
int tunring_meta_set(struct tunring_packet *pkt,
		     const struct tunring_meta *meta);

/**
 * tunring_packet_iov() - the packet's bytes as segments. The packet's side.
 *
 * Stores up to @n entries. Returns the number that the packet has.
 */
unsigned int tunring_packet_iov(const struct tunring *h,
				const struct tunring_packet *pkt,
				struct iovec *iov, unsigned int n);

/**
 * tunring_packet_read() - copy bytes out of a packet, across its segments. The
 * packet's side.
 *
 * With @offset 0 and @len of the packet, this linearises it. Returns the bytes
 * copied: fewer than @len at the packet's end.
 */
size_t tunring_packet_read(const struct tunring *h,
			   const struct tunring_packet *pkt, size_t offset,
			   void *dst, size_t len);

/**
 * tunring_packet_write() - copy bytes into a packet, across its segments. The
 * packet's side.
 *
 * Returns the bytes copied: fewer than @len at the packet's end.
 */
size_t tunring_packet_write(const struct tunring *h,
			    const struct tunring_packet *pkt, size_t offset,
			    const void *src, size_t len);

/** tunring_packet_push() - prepend @n bytes; NULL if the headroom is less. */
static inline uint8_t *tunring_packet_push(struct tunring_packet *pkt,
					   uint32_t n)
{
	if (n > pkt->headroom)
		return NULL;
	pkt->headroom -= n;
	pkt->len += n;
	pkt->first_len += n;
	pkt->data -= n;
	return pkt->data;
}

/** tunring_packet_pull() - drop @n bytes in front; NULL if there are fewer. */
static inline uint8_t *tunring_packet_pull(struct tunring_packet *pkt,
					   uint32_t n)
{
	if (n > pkt->first_len)
		return NULL;
	pkt->headroom += n;
	pkt->len -= n;
	pkt->first_len -= n;
	pkt->data += n;
	return pkt->data;
}

/**
 * tunring_packet_put() - append @n bytes to a packet in one buffer
 *
 * Returns where they go; NULL if there is no room or the packet has several
 * buffers.
 */
static inline uint8_t *tunring_packet_put(struct tunring_packet *pkt,
					  uint32_t n)
{
	uint8_t *end;

	if (n > pkt->tailroom || pkt->nsegs != 1)
		return NULL;
	end = pkt->data + pkt->len;
	pkt->tailroom -= n;
	pkt->len += n;
	pkt->first_len += n;
	return end;
}

/* --------------------------------------------------------------- statistics */

/**
 * struct tunring_counters - of one direction
 * @packets: rx: given to the program. tx: given to the stack
 * @bytes: of these
 * @kicks: times the kernel was told to look (plain mode: writes and reads)
 * @wakeups: times the kernel woke the program (ring mode)
 * @full: rx: times the queue stopped because the ring was full (ring mode)
 * @dropped: dropped for want of room, of memory, or by XDP
 * @too_big: rx: dropped because the buffers could not hold them
 * @errors: tx: dropped because the packet or its metadata was not valid
 */
struct tunring_counters {
	uint64_t	packets;
	uint64_t	bytes;
	uint64_t	kicks;
	uint64_t	wakeups;
	uint64_t	full;
	uint64_t	dropped;
	uint64_t	too_big;
	uint64_t	errors;
};

/**
 * struct tunring_stats - statistics of a handle
 * @rx: receive
 * @tx: transmit
 * @syscalls: syscalls that this handle made for receiving, sending, waiting
 * @broken: 0, or the errno with which the kernel stopped a ring
 * @mode: enum tunring_mode
 * @reserved: 0
 */
struct tunring_stats {
	struct tunring_counters rx;
	struct tunring_counters tx;
	uint64_t	syscalls;
	uint32_t	broken;
	uint32_t	mode;
	uint64_t	reserved[4];
};

/**
 * tunring_get_stats() - counters since set-up. Neither side in ring mode; both
 * sides in plain mode. Returns 0 or a negative errno.
 */
int tunring_get_stats(struct tunring *h, struct tunring_stats *stats);

/* ------------------------------------------------------------ two processes */

/**
 * struct tunring_layout - what another process needs to map the same rings
 *
 * Plain bytes without pointers: send it beside the fd (SCM_RIGHTS), or keep it
 * across exec(). Only for the same version of the library.
 */
struct tunring_layout {
	uint64_t	word[32];
};

/**
 * tunring_export() - describe a handle for tunring_import(). Both sides.
 *
 * Hands over nothing by itself: after the import one process uses the receive
 * side and the other the transmit side, or one uses both and the other detaches.
 * Returns 0; -EBUSY if packets are held, reserved or in flight (release, cancel,
 * kick, try again); -EOPNOTSUPP if they lie in a pool (tunring_open_pool()).
 */
int tunring_export(struct tunring *h, struct tunring_layout *layout);

/**
 * tunring_import() - a handle for rings that another process has set up
 * @fd: the tun fd, received from that process
 * @flags: TUNRING_ADOPT_*
 *
 * Returns 0; -EINVAL the layout is of another version or was damaged, or a flag is
 * not known; -EBUSY packets moved since the export; -ENXIO the queue has no rings
 * any more.
 */
int tunring_import(struct tunring **handle, int fd, unsigned int flags,
		   const struct tunring_layout *layout);

/**
 * tunring_import_memory() - the same for attached rings
 * @fd: the tun fd
 * @memory_fd: tunring_memory_fd(), both received from that process
 *
 * As tunring_import(), which gives -EINVAL for attached rings, as this call does
 * for others. The receive side of rings that are not pinned stays with the process
 * that set them up: the kernel looks for a waiting program's place in the memory
 * of who waits. -EINVAL, too, if the file is too short.
 */
int tunring_import_memory(struct tunring **handle, int fd, int memory_fd,
			  unsigned int flags,
			  const struct tunring_layout *layout);

/* ------------------------------------------------------- one pool for many */

struct tunring_pool;

/**
 * tunring_pool_new() - packet buffers for several handles of a process
 * @bufs: their number: what all handles together have entries
 * @buf_size: bytes of each, as in struct tunring_options
 * @flags: TUNRING_O_PIN: pinned by the first handle, as long as the pool is
 *	there, and counted against RLIMIT_MEMLOCK, once for all handles.
 *	TUNRING_O_HUGE: on huge pages of the default size (vm.nr_hugepages), each of
 *	which is one pin. If there are not enough of them, on ordinary pages:
 *	tunring_pool_get_info() tells
 *
 * Set-up and tear-down of handles in one pool, and this and the next call: one
 * thread at a time. Returns 0 or a negative errno.
 */
int tunring_pool_new(struct tunring_pool **pool, uint32_t bufs,
		     uint32_t buf_size, uint32_t flags);

/**
 * struct tunring_pool_info - what a pool is, and how much of it is left
 * @bufs: buffers
 * @free: those that no handle has
 * @buf_size: bytes of a buffer (may be more than was asked for)
 * @handles: that are in it
 * @flags: TUNRING_O_PIN, if it was asked for; TUNRING_O_HUGE, if it is so
 * @reserved0: 0
 * @page_size: bytes of the pages that it lies on
 * @reserved: 0
 */
struct tunring_pool_info {
	uint32_t	bufs;
	uint32_t	free;
	uint32_t	buf_size;
	uint32_t	handles;
	uint32_t	flags;
	uint32_t	reserved0;
	uint64_t	page_size;
	uint64_t	reserved[4];
};

/** tunring_pool_get_info() - while no handle is set up or torn down. */
void tunring_pool_get_info(const struct tunring_pool *pool,
			   struct tunring_pool_info *info);

/** tunring_pool_free() - -EBUSY as long as there are handles. NULL is allowed. */
int tunring_pool_free(struct tunring_pool *pool);

/**
 * tunring_open_pool() - tunring_open() of a handle whose packets lie in a pool
 * @opt: as there; buf_size is the pool's. If the pool is pinned, rings are the
 *	kernel's, and cost no locked memory; with TUNRING_O_ATTACH they are of the
 *	process, and pinned, too. If the pool is not, TUNRING_O_ATTACH is implied
 * @pool: the pool; NULL: none, as tunring_open()
 *
 * The handle takes as many buffers as it has entries, and gives as many back
 * when it is closed (not: detached). It has no tunring_export().
 * -ENOBUFS: the pool has fewer left; -ENOMEM, too: it cannot be pinned, by
 * RLIMIT_MEMLOCK.
 */
int tunring_open_pool(struct tunring **handle, const char *name,
		      unsigned int iff, const struct tunring_options *opt,
		      struct tunring_pool *pool);

/** tunring_adopt_pool() - tunring_adopt(), and the same. */
int tunring_adopt_pool(struct tunring **handle, int fd, unsigned int flags,
		       const struct tunring_options *opt,
		       struct tunring_pool *pool);

/**
 * tunring_rx_forward_to() - send received packets out of another handle of the
 * pool, without a copy. Receive side of @h, transmit side of @to.
 *
 * As tunring_rx_forward(), but mark and priority stay behind. -EINVAL, too: the
 * handles are not in one pool, or one is a tun and the other a tap.
 */
int tunring_rx_forward_to(struct tunring *h, struct tunring *to,
			  const struct tunring_packet *pkts, unsigned int n);

/* ------------------------------------------------------------------- errors */

/**
 * tunring_strerror() - what a result of this library means. Neither side.
 * @err: an errno, negative or positive
 *
 * Returns a constant string; unlike strerror() it tells what the error means for
 * a tun queue.
 */
const char *tunring_strerror(int err);

/** tunring_version() - of the library at run time, e.g. "0.1". */
const char *tunring_version(void);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_H */
