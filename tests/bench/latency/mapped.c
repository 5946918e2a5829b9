// SPDX-License-Identifier: GPL-2.0
/* Users of mapped rings: with epoll, with TUNRINGENTER, and one that never sleeps. */
#include <errno.h>
#include <string.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>

#include "rings.h"

#define ENTRIES	256

static struct ring ring;

static unsigned int enter(unsigned int flags, int64_t timeout)
{
	struct tun_ring_enter e = { .flags = flags, .timeout_ns = timeout };
	int n = ioctl(ring.fd, TUNRINGENTER, &e);

	if (n < 0)
		die("TUNRINGENTER: %s", strerror(errno));
	return n;
}

static void kick(unsigned int which)
{
	enter(which, 0);
}

static void tx_wait(void)
{
	vq_publish(&ring.tx);
	enter(TUN_RING_ENTER_TX, 0);
}

static struct rings rings = {
	.rx = &ring.rx, .tx = &ring.tx, .kick = kick, .tx_wait = tx_wait,
};

const char *mapped_set_up(void)
{
	const char *missing;
	unsigned int i;

	ring.s.features |= 1 << TUN_RING_F_META;
	missing = ring_open(&ring, net_tun(NAME, IFF_TUN | IFF_NO_PI), ENTRIES,
			    BUF);
	if (missing)
		return missing;
	rings.rx_buf = ring.pool;
	rings.tx_buf = ring_tx_buf(&ring, 0);
	rings.base = (uintptr_t)ring.pool;
	for (i = 0; i < ENTRIES; i++) {
		ring.rx.desc[i] = (struct vring_desc) {
			.addr = i * BUF, .len = BUF,
			.flags = VRING_DESC_F_WRITE,
		};
		vq_give(&ring.rx, i);
	}
	if (vq_publish(&ring.rx))
		kick(TUN_RING_ENTER_RX);
	epoll_open(ring.fd);
	return NULL;
}

const char *mapped_flow_set_up(void)
{
	ring.s.features = 1ULL << TUN_RING_F_RX_FLOW;
	return mapped_set_up();
}

void mapped_epoll_run(const bool *stop)
{
	rings_epoll_run(&rings, stop);
}

/* The kick and the sleep are one call. */
void mapped_enter_run(const bool *stop)
{
	while (!__atomic_load_n(stop, __ATOMIC_RELAXED))
		enter(rings_turn(&rings, BATCH) | TUN_RING_ENTER_WAIT,
		      500000000);
}

/* The fewest calls; but the first of a batch waits for all others of it. */
void mapped_enter_all_run(const bool *stop)
{
	while (!__atomic_load_n(stop, __ATOMIC_RELAXED))
		enter(rings_turn(&rings, ENTRIES) | TUN_RING_ENTER_WAIT,
		      500000000);
}

/* One packet, then the time that the link needs for it. */
void mapped_slow_run(const bool *stop)
{
	while (!__atomic_load_n(stop, __ATOMIC_RELAXED)) {
		if (rings_empty(&rings)) {
			enter(TUN_RING_ENTER_WAIT, 500000000);
			continue;
		}
		enter(rings_turn(&rings, 1), 0);
		take_next();
	}
}

/*
 * Looks without a call, and sleeps never. No pause instruction between looks, for
 * which an emulator leaves its loop.
 */
void mapped_busy_run(const bool *stop)
{
	unsigned int which;

	while (!__atomic_load_n(stop, __ATOMIC_RELAXED)) {
		if (rings_empty(&rings))
			continue;
		which = rings_turn(&rings, BATCH);
		if (which)
			kick(which);
	}
}
