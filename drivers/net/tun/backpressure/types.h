/* SPDX-License-Identifier: GPL-2.0 */
/*
 * State of IFF_BACKPRESSURE on one queue.
 */
#ifndef _TUN_BACKPRESSURE_TYPES_H
#define _TUN_BACKPRESSURE_TYPES_H

#include <linux/hrtimer.h>
#include <linux/if_tun.h>
#include <linux/types.h>

/* A flag of the newest kernels. Without the flag a full tx_ring drops packets. */
#ifdef IFF_BACKPRESSURE
#define TUN_BACKPRESSURE	IFF_BACKPRESSURE
#else
#define TUN_BACKPRESSURE	0
#endif

/**
 * enum tun_backpressure_state - is the netdev queue stopped?
 * @TUN_BACKPRESSURE_RUNNING: the netdev queue runs
 * @TUN_BACKPRESSURE_STOPPED: the tx_ring became full
 * @TUN_BACKPRESSURE_LAPSED: the netdev queue runs, and a full tx_ring drops
 *	packets, because the reader takes next to nothing
 *
 *	          the tx_ring is full
 *	RUNNING ----------------------> STOPPED
 *	 ^   ^    half of it is free     |  |
 *	 |   '---------------------------'  | for 200 ms, and the reader took
 *	 |                                  | fewer than 16 packets
 *	 '------------ LAPSED <-------------'
 *	  the reader took as many packets as the tx_ring has entries
 */
enum tun_backpressure_state {
	TUN_BACKPRESSURE_RUNNING,
	TUN_BACKPRESSURE_STOPPED,
	TUN_BACKPRESSURE_LAPSED,
};

/**
 * struct tun_backpressure - backpressure of a queue
 * @on: the device has IFF_BACKPRESSURE; written under rtnl
 * @state: see enum tun_backpressure_state; written under the producer_lock of
 *	the tx_ring, as are the members after @state
 * @taken: packets that the reader took since @stopped_ns was 0, or since the
 *	lapse
 * @since: packets that the reader took since the stop
 * @stopped_at: time of the stop, nanoseconds of CLOCK_MONOTONIC
 * @stopped_ns: time that the netdev queue was stopped
 * @timer: expires when the netdev queue was stopped for 200 ms
 */
struct tun_backpressure {
	bool on;
	enum tun_backpressure_state state;
	u32 taken;
	u32 since;
	u64 stopped_at;
	u64 stopped_ns;
	struct hrtimer timer;
};

#endif /* _TUN_BACKPRESSURE_TYPES_H */
