// SPDX-License-Identifier: GPL-2.0
/* Users of the tun: read() and write() with epoll, and three kinds with rings. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

#include "latency.h"

#define ENTRIES	256
#define BUF	2048

#define BATCH	8	/* packets turned round before the kernel is told */

static struct ring ring;
static int epoll;

/* To whom it came from; sums stay what they are. */
void packet_turn(void *packet)
{
	struct iphdr *ip = packet;
	struct udphdr *udp = (void *)(ip + 1);
	uint32_t address = ip->saddr;
	uint16_t port = udp->source;

	ip->saddr = ip->daddr;
	ip->daddr = address;
	udp->source = udp->dest;
	udp->dest = port;
}

static const char *epoll_set_up(int fd)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLET };

	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e))
		die("epoll: %s", strerror(errno));
	return NULL;
}

/* Not for ever, to see that it is to stop. */
static void epoll_sleep(void)
{
	struct epoll_event e;

	if (epoll_wait(epoll, &e, 1, 500) < 0)
		die("epoll_wait: %s", strerror(errno));
}

static void read_run(int fd, const bool *stop)
{
	static uint8_t buf[BUF];
	ssize_t len;

	while (!__atomic_load_n(stop, __ATOMIC_RELAXED)) {
		epoll_sleep();
		while ((len = read(fd, buf, sizeof(buf))) >= 0) {
			packet_turn(buf);
			if (write(fd, buf, len) != len)
				die("write: %s", strerror(errno));
		}
		if (errno != EAGAIN)
			die("read: %s", strerror(errno));
	}
}

static unsigned int enter(unsigned int flags, int64_t timeout)
{
	struct tun_ring_enter e = { .flags = flags, .timeout_ns = timeout };
	int n = ioctl(ring.fd, TUNRINGENTER, &e);

	if (n < 0)
		die("TUNRINGENTER: %s", strerror(errno));
	return n;
}

static const char *ring_set_up(int fd)
{
	const char *missing = ring_open(&ring, fd, ENTRIES, BUF);
	unsigned int i;

	if (missing)
		return missing;
	for (i = 0; i < ENTRIES; i++) {
		ring.rx.desc[i] = (struct vring_desc) {
			.addr = i * BUF, .len = BUF,
			.flags = VRING_DESC_F_WRITE,
		};
		vq_give(&ring.rx, i);
	}
	if (vq_publish(&ring.rx))
		enter(TUN_RING_ENTER_RX, 0);
	return epoll_set_up(fd);
}

/* A transmit buffer that is free, by the kernel's working if it must be. */
static uint16_t tx_head(void)
{
	struct ring_vq *tx = &ring.tx;

	for (;;) {
		tx->taken = vq_used(tx);
		vq_taken(tx);
		if ((uint16_t)(tx->avail_idx - tx->taken) < ENTRIES)
			return tx->avail_idx & tx->mask;
		vq_publish(tx);
		enter(TUN_RING_ENTER_TX, 0);
	}
}

static void put(const void *packet, unsigned int len)
{
	uint16_t head = tx_head();
	uint8_t *to = ring_tx_buf(&ring, head);

	memcpy(to, packet, len);
	packet_turn(to);
	ring.tx.desc[head] = (struct vring_desc) {
		.addr = to - ring.pool, .len = len,
	};
	memset(&ring.tx.meta[head], 0, sizeof(*ring.tx.meta));
	vq_give(&ring.tx, head);
}

/* Up to MOST that are there; returns what the kernel is to be kicked for. */
static unsigned int turn(unsigned int most)
{
	const struct vring_used_elem *used;
	unsigned int kick = 0;

	while (most-- && vq_used(&ring.rx) != ring.rx.taken) {
		used = vq_next(&ring.rx);
		put(ring.pool + (size_t)used->id * BUF, used->len);
		vq_give(&ring.rx, used->id);
	}
	vq_taken(&ring.rx);
	if (vq_publish(&ring.rx))
		kick |= TUN_RING_ENTER_RX;
	if (vq_publish(&ring.tx))
		kick |= TUN_RING_ENTER_TX;
	return kick;
}

/* The kick and the sleep are one call. */
static void enter_run(int fd, const bool *stop)
{
	while (!__atomic_load_n(stop, __ATOMIC_RELAXED))
		enter(turn(BATCH) | TUN_RING_ENTER_WAIT, 500000000);
}

/* The fewest calls; but the first of a batch waits for all others of it. */
static void enter_all_run(int fd, const bool *stop)
{
	while (!__atomic_load_n(stop, __ATOMIC_RELAXED))
		enter(turn(ENTRIES) | TUN_RING_ENTER_WAIT, 500000000);
}

static void epoll_run(int fd, const bool *stop)
{
	unsigned int kick;

	while (!__atomic_load_n(stop, __ATOMIC_RELAXED)) {
		kick = turn(BATCH);
		if (kick)
			enter(kick, 0);
		if (vq_used(&ring.rx) == ring.rx.taken)
			epoll_sleep();
	}
}

/*
 * Looks without a call, and sleeps never. No pause instruction between looks, for
 * which an emulator leaves its loop.
 */
static void busy_run(int fd, const bool *stop)
{
	unsigned int kick;

	while (!__atomic_load_n(stop, __ATOMIC_RELAXED)) {
		if (vq_used(&ring.rx) == ring.rx.taken)
			continue;
		kick = turn(BATCH);
		if (kick)
			enter(kick, 0);
	}
}

const struct turner turners[] = {
	{ "read", epoll_set_up, read_run },
	{ "ring-epoll", ring_set_up, epoll_run },
	{ "ring-enter", ring_set_up, enter_run },
	{ "ring-enter-all", ring_set_up, enter_all_run },
	{ "ring-busy", ring_set_up, busy_run },
	{ }
};
