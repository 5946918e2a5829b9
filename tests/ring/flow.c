// SPDX-License-Identifier: GPL-2.0
/*
 * Flow control: a full receive ring stops the queue of the device, so that
 * packets wait in the queueing discipline and hold their sockets. A user that
 * takes next to nothing loses it.
 */
#include <linux/sockios.h>

#include "attach.h"
#include "env.h"
#include "violations.h"

#define STOCK_ONLY_VARIANT	"flags"
#include "harness.h"

#define RX	8

FIXTURE(flow) {
	struct env e;
	struct tring r;
};

FIXTURE_VARIANT(flow) {
	uint64_t features;
};

FIXTURE_VARIANT_ADD(flow, flags) { F_META | F_FLOW };
FIXTURE_VARIANT_ADD(flow, event) { F_META | F_FLOW | F_EVENT };

FIXTURE_SETUP(flow)
{
	struct tconf c = { variant->features, RX, 8, 2048, 0 };

	ASSERT_EQ(0, env_open(&self->e, "flow0", TUN_PLAIN));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	ASSERT_LE(0, tring_rx_fill(&self->r));
}

FIXTURE_TEARDOWN(flow)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

/* Bytes of the packet socket's packets that are in the queueing discipline. */
static int held(const struct env *e)
{
	int n;

	return ioctl(e->sk, SIOCOUTQ, &n) ? -errno : n;
}

static int wait_released(const struct env *e)
{
	long end = now_ms() + WAIT_MS;
	int n;

	while ((n = held(e)) > 0 && now_ms() < end)
		usleep(1000);
	return n;
}

/* The queue stops with the packet that fills the ring, not with the next one. */
TEST_F(flow, stops_when_full)
{
	struct tun_ring_stats st;

	ASSERT_EQ(0, env_inject_n(&self->e, 0, RX - 1, 100));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(0, st.rx.full);
	ASSERT_EQ(0, env_inject(&self->e, RX - 1, 100));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(1, st.rx.full);
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, RX));
}

/*
 * Many more packets than entries, and a consumer slower than the sender. A long
 * fifo takes the packets that come while a slow machine lets flow control lapse.
 */
TEST_F(flow, nothing_is_lost)
{
	struct flood f = { .name = "flow0", .len = 200, .n = 3000 };
	struct tun_ring_stats st;
	unsigned int i;

	ASSERT_EQ(0, if_txqlen("flow0", 5000));
	ASSERT_EQ(0, flood_start(&f));
	ASSERT_EQ(0, tring_wait_count(self->e.fd, &st.rx.full, &st, 1));
	for (i = 0; i < f.n; i += 100) {
		usleep(i % 500 ? 100 : 4000);
		ASSERT_EQ(0, env_expect(&self->e, &self->r, i, 100));
	}
	EXPECT_EQ(0, flood_join(&f, false));
	EXPECT_EQ(0, env_none_lost(&self->e, f.n));
}

/* Buffers and no kick that nobody asks for: the queue runs again. */
TEST_F(flow, wakes)
{
	unsigned int i;

	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, env_inject_n(&self->e, i * RX, RX, 100));
		ASSERT_EQ(0, env_expect(&self->e, &self->r, i * RX, RX));
	}
}

/* A user that takes nothing holds up the senders for 200 ms. */
TEST_F(flow, lapses)
{
	struct tun_ring_stats st;
	long begin = now_ms();
	unsigned int i;

	ASSERT_EQ(0, env_inject_n(&self->e, 0, RX + 20, 100));
	if (held(&self->e) > 0) {
		ASSERT_EQ(0, wait_released(&self->e));
		EXPECT_LE(200, now_ms() - begin);
	}
	/* the lapse lasts: more packets hold no socket */
	ASSERT_EQ(0, env_inject_n(&self->e, RX + 20, 20, 100));
	EXPECT_EQ(0, held(&self->e));
	/* the fifo kept them all */
	for (i = 0; i < RX + 40; i += RX)
		ASSERT_EQ(0, env_expect(&self->e, &self->r, i, RX));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(0, st.rx.dropped);
	/* the user has taken a ring of packets: the queue stops again */
	ASSERT_EQ(0, env_inject_n(&self->e, 100, RX, 100));
	ASSERT_EQ(0, tring_wait_count(self->e.fd, &st.rx.full, &st,
				      st.rx.full + 1));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 100, RX));
}

/*
 * Packets wait from before the set-up, and the timer has stopped. A packet that stops
 * the queue then still finds a timer that lets flow control lapse.
 */
TEST_F(flow, lapses_after_backlog)
{
	struct tconf c = { variant->features, RX, 8, 2048, 0 };

	ASSERT_EQ(0, tring_teardown(self->e.fd));
	tring_unmap(&self->r);
	ASSERT_EQ(0, env_inject_n(&self->e, 0, RX + 4, 100));
	ASSERT_EQ(0, tring_start(&self->r, self->e.fd, &c));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, RX));
	ASSERT_EQ(0, tvq_wait_asks(&self->r, &self->r.rx));
	ASSERT_EQ(0, env_inject_n(&self->e, RX + 4, 20, 100));
	EXPECT_EQ(0, wait_released(&self->e));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, RX + 24));
}

/* A user that takes one packet at a time, and pauses, is served to the end. */
TEST_F(flow, slow_user)
{
	unsigned int i;

	ASSERT_EQ(0, env_inject_n(&self->e, 0, RX + 12, 100));
	for (i = 0; i < RX + 12; i++) {
		ASSERT_EQ(0, env_expect(&self->e, &self->r, i, 1));
		usleep(3000);
	}
}

/* The queue of a device without a queueing discipline does not stop. */
TEST_F(flow, noqueue)
{
	int log = dmesg_open();

	ASSERT_LE(0, log);
	ASSERT_EQ(0, cmd_run("tc qdisc replace dev flow0 root noqueue"));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, RX + 20, 100));
	EXPECT_EQ(0, held(&self->e));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, RX + 20));
	EXPECT_EQ(0, dmesg_count(log, "flow0"));
	close(log);
}

TEST_F(flow, down_and_up_while_stopped)
{
	ASSERT_EQ(0, env_inject_n(&self->e, 0, RX, 100));
	ASSERT_EQ(0, env_down(&self->e));
	ASSERT_EQ(0, env_up(&self->e));
	ASSERT_EQ(0, env_inject_n(&self->e, RX, 5, 100));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, RX + 5));
}

TEST_F(flow, delete_while_stopped)
{
	ASSERT_EQ(0, env_inject_n(&self->e, 0, RX + 20, 100));
	EXPECT_EQ(0, rtnl_del("flow0"));
	EXPECT_EQ(RX, tvq_pending(&self->r.rx));
}

/* After the teardown read() gets the packets of the queueing discipline, too. */
TEST_F(flow, teardown_while_stopped)
{
	ASSERT_EQ(0, env_inject_n(&self->e, 0, RX + 20, 100));
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	EXPECT_EQ(0, env_expect_plain(&self->e, RX, 20));
}

/* Packets of a stopped queue are released when the ring becomes broken. */
TEST_F(flow, broken_while_stopped)
{
	struct tun_ring_stats st;

	ASSERT_EQ(0, env_inject_n(&self->e, 0, RX + 12, 100));
	avail_runs_away(&self->r, &self->r.tx, 0);
	tvq_publish(&self->r.tx);
	/* the kick may be handled on another CPU */
	tring_enter(self->e.fd, TUN_RING_ENTER_TX, 0);
	ASSERT_EQ(0, tring_wait_broken(self->e.fd, &st));
	EXPECT_EQ(0, wait_released(&self->e));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(RX, st.rx.packets);
}

TEST_F(flow, refused_with_drop)
{
	struct tconf c = { F_META | F_FLOW | F_DROP, 8, 8, 2048, 0 };
	struct tun_ring_setup s = tring_params(&c);

	EXPECT_EQ(0, tring_teardown(self->e.fd));
	EXPECT_EQ(-EINVAL, tring_setup_raw(self->e.fd, &s));
}

/* A thread serves rings that are not pinned, and has no flow control. */
TEST_F(flow, refused_with_a_thread)
{
	struct aconf c = { .c = { F_META | F_FLOW, 8, 8, 2048, 0 } };
	struct tring r;

	EXPECT_EQ(0, tring_teardown(self->e.fd));
	EXPECT_EQ(-EOPNOTSUPP, attach_rings(&r, self->e.fd, &c));
	tring_unmap(&r);
	c.pin = true;
	EXPECT_EQ(0, attach_rings(&r, self->e.fd, &c));
	tring_unmap(&r);
}

TEST_HARNESS_MAIN
