/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * Features and options for the set-up of a handle.
 *
 * A program includes <tunring.h>, not this file.
 */
#ifndef TUNRING_OPTIONS_H
#define TUNRING_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Features: bits as in <linux/if_tun_ring.h>. With rings, the library always
 * uses metadata records, the event index and the layout of virtio 1.x.
 */
#define TUNRING_F_META		(1ULL << 0)
#define TUNRING_F_RX_TSTAMP	(1ULL << 1)	/* both modes */
#define TUNRING_F_TX_MARK	(1ULL << 2)	/* rings only, privileged */
#define TUNRING_F_RX_DROP	(1ULL << 3)	/* rings only */
#define TUNRING_F_RX_FLOW	(1ULL << 4)	/* rings only, not RX_DROP */
#define TUNRING_F_INDIRECT_DESC	(1ULL << 28)
#define TUNRING_F_EVENT_IDX	(1ULL << 29)
#define TUNRING_F_VERSION_1	(1ULL << 32)

/* tunring_options.flags */
#define TUNRING_O_NO_RING	(1U << 0)	/* always use read and write */
#define TUNRING_O_NEED_RING	(1U << 1)	/* fail without rings */
#define TUNRING_O_NO_EVENT_IDX	(1U << 2)	/* notification by flags only */
#define TUNRING_O_PI		(1U << 3)	/* adopted fd without IFF_NO_PI */
#define TUNRING_O_ATTACH	(1U << 4)	/* rings in memory of the process */
#define TUNRING_O_PIN		(1U << 5)	/* with ATTACH: pinned */
#define TUNRING_O_MEMORY	(1U << 6)	/* with ATTACH: in memory_fd */
#define TUNRING_O_HUGE		(1U << 7)	/* of a pool only: huge pages */
#define TUNRING_O_EVENTFD	(1U << 8)	/* with ATTACH: event_fd */

/*
 * Eventfds of attached rings. Each ring has an eventfd by which a program kicks
 * the kernel, and an eventfd by which the kernel notifies a program.
 */
enum tunring_event {
	TUNRING_EVENT_RX_KICK	= 0,	/* the program gave buffers back */
	TUNRING_EVENT_RX_CALL	= 1,	/* packets were received */
	TUNRING_EVENT_TX_KICK	= 2,	/* the program submitted packets */
	TUNRING_EVENT_TX_CALL	= 3,	/* transmit buffers are free again */
};

#define TUNRING_EVENTS		4
#define TUNRING_EVENT_NONE	(-1)	/* no eventfd for this event */
#define TUNRING_EVENT_NEW	(-2)	/* the library makes one */

/**
 * struct tunring_options - options for the set-up of a handle
 * @size: sizeof(struct tunring_options) of the caller; tunring_options_init()
 *	sets it
 * @flags: TUNRING_O_*
 * @rx_entries: receive buffers, a power of two up to 32768. Default 256
 * @tx_entries: transmit buffers, a power of two up to 32768. Default 256
 * @buf_size: bytes of one receive buffer, headroom and tailroom included; rounded
 *	up to a multiple of 64. Default 2048
 * @headroom: bytes kept free before a packet. Default 64
 * @tailroom: bytes kept free after the room for a packet. Default 64
 * @features: TUNRING_F_* that the handle needs; the set-up fails with
 *	-EOPNOTSUPP if the kernel lacks one
 * @want: TUNRING_F_* that the handle uses if the kernel has them (TX_MARK: and
 *	permits it)
 * @memory_fd: with TUNRING_O_MEMORY: the file in which rings and packets lie, a
 *	memfd or a file in /dev/shm; the handle duplicates the fd. Otherwise 0
 * @tx_poll_us: microseconds for which the kernel polls for packets to transmit
 *	after the last one, without a kick, up to 1000000. Without privilege the
 *	kernel polls for at most 50. The kernel polls only if the device has a
 *	thread for NAPI (/sys/class/net/DEVICE/threaded), and only rings in
 *	memory that is the kernel's or pinned. Default 0: the kernel does not
 *	poll
 * @memory_offset: with TUNRING_O_MEMORY: offset in the file at which rings and
 *	packets begin, a multiple of the page size; see tunring_memory_size().
 *	Otherwise 0
 * @event_fd: with TUNRING_O_EVENTFD: for each enum tunring_event an eventfd,
 *	which the handle duplicates; or TUNRING_EVENT_NEW; or
 *	TUNRING_EVENT_NONE. Otherwise 0
 * @tx_buf_size: bytes of one transmit buffer, as @buf_size. Default 0: the bytes
 *	of a receive buffer. If the two sizes differ, tunring_rx_forward() fails,
 *	and so does set-up with a pool of several handles
 * @reserved: 0
 *
 * A received packet of more than @buf_size - @headroom - @tailroom bytes
 * occupies several buffers, and so does a packet to be sent of more than
 * @tx_buf_size - @headroom - @tailroom bytes. The pool has @rx_entries * @buf_size
 * + @tx_entries * @tx_buf_size bytes. In ring mode the kernel allocates the pool.
 * If one user has more than 4 MiB of such memory, the rest counts against
 * RLIMIT_MEMLOCK. The default sizes stay below that limit.
 *
 * With TUNRING_O_ATTACH rings and pool are in a memfd. This process maps the
 * memfd, and other processes may do so (tunring_memory_fd(),
 * tunring_import_memory()). With TUNRING_O_PIN the memory is also pinned,
 * counts against RLIMIT_MEMLOCK, and is as fast as memory of the kernel.
 * Without TUNRING_O_PIN a thread of the kernel serves the rings, which end with
 * the process that set them up (-EFAULT). Without rings, both flags have no
 * effect.
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
	uint32_t	tx_poll_us;
	uint64_t	memory_offset;
	int32_t		event_fd[TUNRING_EVENTS];
	uint32_t	tx_buf_size;
	uint32_t	reserved;
};

/**
 * tunring_options_init() - fill in the defaults. Call this before setting
 * options.
 * @opt: the options to fill in
 */
void tunring_options_init(struct tunring_options *opt);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_OPTIONS_H */
