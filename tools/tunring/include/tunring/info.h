/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Of <tunring.h>, which is to be included: geometry, features, counters. */
#ifndef TUNRING_INFO_H
#define TUNRING_INFO_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct tunring;

enum tunring_mode {
	TUNRING_MODE_PLAIN	= 0,	/* emulated by read and write */
	TUNRING_MODE_RING	= 1,	/* rings shared with the kernel */
};

/**
 * tunring_mode() - TUNRING_MODE_RING or TUNRING_MODE_PLAIN. Neither side.
 * @h: the handle
 */
enum tunring_mode tunring_mode(const struct tunring *h);

/**
 * tunring_fd() - the fd, for epoll and ioctls. Neither side.
 * @h: the handle
 */
int tunring_fd(const struct tunring *h);

/**
 * tunring_features() - TUNRING_F_* in force. Neither side.
 * @h: the handle
 */
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
 *	TUNRING_O_EVENTFD: tunring_event_fd() returns the eventfds
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

/**
 * tunring_get_info() - geometry and mode. Neither side.
 * @h: the handle
 * @info: where the answer is stored
 */
void tunring_get_info(const struct tunring *h, struct tunring_info *info);

/**
 * struct tunring_caps - features and limits of the kernel's rings
 * @features: TUNRING_F_*
 * @max_entries: per ring
 * @max_chain: buffers in one packet
 * @max_pool: bytes
 * @mode: mode of the queue, TUN_RING_MODE_* of <linux/if_tun_ring.h>; 0 is read
 *	and write
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
 * tunring_query() - features and limits of rings, of a tun fd, attached or not
 * @fd: the fd of the tun device
 * @caps: where the answer is stored
 *
 * Returns 0, or -ENOTTY if the kernel has no rings (stock tun says EBADFD
 * before TUNSETIFF and EINVAL after it; both come as ENOTTY).
 */
int tunring_query(int fd, struct tunring_caps *caps);

/**
 * struct tunring_counters - of one direction
 * @packets: rx: given to the program. tx: given to the stack
 * @bytes: of these
 * @kicks: times the kernel was told to look (plain mode: writes and reads)
 * @wakeups: times the kernel woke the program (ring mode)
 * @full: rx: times packets began to wait, or the queue stopped, because the ring
 *	was full (ring mode)
 * @dropped: dropped for want of room, of memory, by XDP, or because the device
 *	was down
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
 * @h: the handle
 * @stats: where the counters are stored
 */
int tunring_get_stats(struct tunring *h, struct tunring_stats *stats);

/** tunring_version() - of the library at run time, e.g. "0.1". */
const char *tunring_version(void);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_INFO_H */
