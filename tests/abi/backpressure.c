// SPDX-License-Identifier: GPL-2.0
/*
 * IFF_BACKPRESSURE of Linux 7.3: a full queue stops, and packets wait in the queueing
 * discipline. Older kernels ignore the flag, and drop packets.
 */
#include "lib.h"
#include "qdisc.h"

#define STOCK_ONLY_VARIANT	"tap"
#include "harness.h"

#ifndef IFF_BACKPRESSURE
#define IFF_BACKPRESSURE	0x0080
#endif

#define ROOM	8	/* packets that may wait for read(), at first */
#define SENT	100
/* Our driver lets a queue lapse that is stopped for so long. */
#define LAPSE_MS	200
#define ROUNDS	100

FIXTURE(full) {
	int fd, sk;
	bool known;	/* the kernel has the flag */
	unsigned int room;	/* packets that may wait for read() */
	struct rtnl_link_stats64 st;
};

FIXTURE_VARIANT(full) {
	int flags;
};

FIXTURE_VARIANT_ADD(full, tun) { IFF_TUN };
FIXTURE_VARIANT_ADD(full, tap) { IFF_TAP };

FIXTURE_SETUP(full)
{
	unsigned int features;

	ASSERT_EQ(0, ns_enter());
	self->fd = tunfd_create("t0", variant->flags | IFF_NO_PI |
				      IFF_BACKPRESSURE);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, fd_nonblock(self->fd));
	ASSERT_EQ(0, ioctl(self->fd, TUNGETFEATURES, &features));
	self->known = features & IFF_BACKPRESSURE;
	EXPECT_EQ(kernel_since(7, 3, 0), self->known);
	self->room = ROOM;
	ASSERT_EQ(0, if_txqlen("t0", ROOM));
	ASSERT_EQ(0, if_up("t0"));
	ASSERT_EQ(0, qdisc_plain("t0", 500));
	self->sk = psock_open("t0", false);
	ASSERT_LE(0, self->sk);
}

FIXTURE_TEARDOWN(full)
{
	close(self->sk);
	close(self->fd);
}

/* Without a queueing discipline the sender of a dropped packet sees ENOBUFS. */
static int send_run(int sk, bool tap, int from, int to)
{
	struct flow f = { .sport = 1, .dport = 2 };
	int ret = 0;

	for (; from < to && !ret; from++) {
		f.seq = from;
		ret = psock_send_flow(sk, tap, &f, 20);
		if (ret == -ENOBUFS)
			ret = 0;
	}
	return ret;
}

/* Reads packets from number @from to @to, and waits for each, but not for more. */
static int read_run(int fd, bool tap, int from, int to)
{
	struct flow f = { .sport = 1, .dport = 2 };
	char buf[256], want[256];

	for (; from < to; from++) {
		ssize_t n;

		if (!(fd_wait(fd, POLLIN, LAPSE_MS) & POLLIN))
			return -ETIME;
		n = fd_read(fd, buf, sizeof(buf));
		f.seq = from;
		if (n != (ssize_t)pkt_any(want, tap, &f, 20) ||
		    memcmp(want, buf, n))
			return -EBADMSG;
	}
	return fd_wait(fd, POLLIN, 0) & POLLIN ? -EEXIST : 0;
}

/* The old socket has the error that the device was down. */
static int down_and_up(struct _test_data_full *self)
{
	int ret = if_down("t0") ?: if_up("t0");

	close(self->sk);
	self->sk = psock_open("t0", false);
	return ret ?: self->sk < 0 ? self->sk : 0;
}

/* No packet is lost, but on kernels that do not know the flag. */
static int stop_and_wake(struct _test_data_full *self, bool tap)
{
	const unsigned int got = self->known ? SENT : self->room;
	struct rtnl_link_stats64 before, after;
	int ret = rtnl_stats("t0", &before) ?:
		  send_run(self->sk, tap, 0, SENT) ?:
		  read_run(self->fd, tap, 0, got) ?:
		  rtnl_stats("t0", &after);

	return ret ?: after.tx_dropped - before.tx_dropped == SENT - got ?
			      0 : -ENOBUFS;
}

/*
 * A round that fails after LAPSE_MS or longer proves nothing: the queue may have
 * lapsed. Then another round begins, with an empty queue.
 */
static int quickly(struct _test_data_full *self, bool tap,
		   int (*round)(struct _test_data_full *self, bool tap))
{
	char buf[256];
	int i, ret;

	for (i = 0; i < ROUNDS; i++) {
		const long began = now_ms();

		ret = round(self, tap);
		if (!ret || now_ms() - began < LAPSE_MS)
			return ret;
		ret = down_and_up(self);
		if (ret)
			return ret;
		while (fd_read(self->fd, buf, sizeof(buf)) > 0)
			;
	}
	return -ETIME;
}

TEST_F(full, queue_stops_and_wakes)
{
	const bool tap = variant->flags & IFF_TAP;
	int i;

	for (i = 0; i < 3; i++)
		EXPECT_EQ(0, quickly(self, tap, stop_and_wake));
}

/* A queue that is full gets more room, and a device with a full queue comes up. */
TEST_F(full, more_room)
{
	const bool tap = variant->flags & IFF_TAP;
	char buf[256];

	ASSERT_EQ(0, send_run(self->sk, tap, 0, 2 * ROOM));
	/* a larger ptr_ring would free entries in batches */
	self->room = 2 * ROOM;
	ASSERT_EQ(0, if_txqlen("t0", self->room));
	while (fd_read(self->fd, buf, sizeof(buf)) > 0)
		;
	EXPECT_EQ(0, quickly(self, tap, stop_and_wake));
	ASSERT_EQ(0, send_run(self->sk, tap, 0, 2 * self->room));
	ASSERT_EQ(0, down_and_up(self));
	EXPECT_EQ(0, read_run(self->fd, tap, 0, self->room));
	EXPECT_EQ(0, quickly(self, tap, stop_and_wake));
}

TEST_F(full, flag_is_kept)
{
	struct ifreq ifr;

	ASSERT_EQ(0, ioctl(self->fd, TUNGETIFF, &ifr));
	EXPECT_EQ(self->known, !!(ifr.ifr_flags & IFF_BACKPRESSURE));
}

/* A device without a queueing discipline has no place for packets to wait. */
TEST_F(full, without_a_discipline)
{
	const bool tap = variant->flags & IFF_TAP;

	ASSERT_EQ(0, cmd_run("tc qdisc replace dev t0 root noqueue"));
	ASSERT_EQ(0, send_run(self->sk, tap, 0, SENT));
	EXPECT_EQ(0, read_run(self->fd, tap, 0, ROOM));
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(SENT - ROOM, self->st.tx_dropped);
}

/*
 * Our driver lets a queue lapse whose reader takes nothing for 200 ms: packets in the
 * queueing discipline hold sockets that others need. The stock driver waits for ever.
 */
TEST_F(full, reader_that_takes_nothing)
{
	const bool tap = variant->flags & IFF_TAP;
	const unsigned int lost = SENT - ROOM;
	const struct timespec ms = { .tv_nsec = 1000000 };
	int i;

	if (!self->known || kernel_tun_is_stock())
		return;
	ASSERT_EQ(0, send_run(self->sk, tap, 0, SENT));
	for (i = 0; i < WAIT_MS && self->st.tx_dropped < lost; i++) {
		nanosleep(&ms, NULL);
		ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	}
	EXPECT_EQ(lost, self->st.tx_dropped);
	/* the reader takes ROOM packets, and has backpressure again */
	EXPECT_EQ(0, read_run(self->fd, tap, 0, ROOM));
	EXPECT_EQ(0, quickly(self, tap, stop_and_wake));
}

TEST_HARNESS_MAIN
