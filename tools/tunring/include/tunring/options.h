/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Of <tunring.h>, which is to be included: features, and how a handle is set up. */
#ifndef TUNRING_OPTIONS_H
#define TUNRING_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Features: bits as in <linux/if_tun_ring.h>. Metadata records, the event index
 * and the 1.x layout are always used where there are rings and need no asking.
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
 * @tx_poll_us: microseconds for which the kernel goes on looking for packets to
 *	transmit after the last, without a kick, up to 1000000. Only if the device
 *	has a thread for that (/sys/class/net/DEVICE/threaded), and the rings are
 *	the kernel's or pinned. Default 0, not at all
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
	uint32_t	tx_poll_us;
	uint64_t	memory_offset;
	int32_t		event_fd[TUNRING_EVENTS];
};

/**
 * tunring_options_init() - fill in the defaults. Call it before setting any.
 * @opt: the options to fill in
 */
void tunring_options_init(struct tunring_options *opt);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_OPTIONS_H */
