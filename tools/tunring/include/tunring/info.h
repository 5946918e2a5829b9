/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * Layout, features and counters of a handle.
 *
 * A program includes <tunring.h>, not this file.
 */
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
 * tunring_mode() - get the mode, TUNRING_MODE_RING or TUNRING_MODE_PLAIN.
 * Neither side.
 * @h: the handle
 */
enum tunring_mode tunring_mode(const struct tunring *h);

/**
 * tunring_fd() - get the fd, for epoll and ioctls. Neither side.
 * @h: the handle
 */
int tunring_fd(const struct tunring *h);

/**
 * tunring_features() - get the TUNRING_F_* in force. Neither side.
 * @h: the handle
 */
uint64_t tunring_features(const struct tunring *h);

/**
 * struct tunring_info - layout and mode of a handle, see tunring_get_info()
 * @mode: enum tunring_mode
 * @iff: flags of the fd, as TUNGETIFF reports them (IFF_NO_PI may be
 *	IFF_NOFILTER)
 * @features: TUNRING_F_* in force
 * @rx_entries: receive buffers
 * @tx_entries: transmit buffers
 * @buf_size: bytes of a receive buffer (may be more than was asked for)
 * @headroom: free bytes before a packet
 * @tailroom: free bytes after the room for a packet
 * @room: bytes of a packet that fit one receive buffer: @buf_size - @headroom -
 *	@tailroom
 * @ring_errno: plain mode: the positive errno for which the handle has no rings
 *	(ENOTTY: the kernel has none; EPERM: the administrator refuses rings to
 *	this process); 0 if the program asked for none
 * @name: of the interface at set-up
 * @flags: TUNRING_O_ATTACH: rings lie in memory of the process; TUNRING_O_PIN:
 *	packets (and such rings) lie in memory that is pinned;
 *	TUNRING_O_EVENTFD: tunring_event_fd() returns the eventfds
 * @tx_buf_size: bytes of a transmit buffer
 * @tx_room: bytes of a packet that fit one transmit buffer
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
	uint32_t	tx_buf_size;
	uint32_t	tx_room;
	uint32_t	reserved[6];
};

/**
 * tunring_get_info() - get layout and mode. Neither side.
 * @h: the handle
 * @info: the function stores the result here
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
 * tunring_query() - get features and limits of the kernel's rings
 * @fd: a tun fd, before TUNSETIFF or after it
 * @caps: the function stores the result here
 *
 * Returns 0, or -ENOTTY if the kernel has no rings. (Stock tun fails with
 * EBADFD before TUNSETIFF and with EINVAL after it; the library returns -ENOTTY
 * for both.)
 */
int tunring_query(int fd, struct tunring_caps *caps);

/**
 * struct tunring_counters - counters of one direction
 * @packets: rx: packets given to the program. tx: packets given to the stack
 * @bytes: bytes of these packets
 * @kicks: times the library kicked the kernel (plain mode: writes and reads)
 * @wakeups: times the kernel woke the program (ring mode)
 * @full: rx: times packets began to wait, or the queue stopped, because the ring
 *	was full (ring mode)
 * @dropped: packets dropped because room or memory was missing, or by XDP, or
 *	because the device was down
 * @too_big: rx: packets dropped because the buffers could not hold them
 * @errors: tx: packets dropped because the packet or its metadata was not valid
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
 * @syscalls: system calls that this handle made to receive, send and wait
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
 * tunring_get_stats() - get the counters since set-up. Neither side in ring
 * mode; both sides in plain mode. Returns 0 or a negative errno.
 * @h: the handle
 * @stats: the function stores the counters here
 */
int tunring_get_stats(struct tunring *h, struct tunring_stats *stats);

/**
 * tunring_version() - get the version of the library at run time, e.g. "0.1".
 */
const char *tunring_version(void);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_INFO_H */
