// SPDX-License-Identifier: GPL-2.0
/* poll(2) and epoll(7): levels, edges, wake-ups. */
#include <sys/epoll.h>

#include "env.h"
#include "harness.h"

#define IN	(POLLIN | POLLRDNORM)
#define OUT	(POLLOUT | POLLWRNORM)

FIXTURE(poll) {
	struct env e;
	struct tring r;
};

FIXTURE_VARIANT(poll) {
	uint64_t features;
};

FIXTURE_VARIANT_ADD(poll, flags) { F_META };
FIXTURE_VARIANT_ADD(poll, event) { F_EVENT };

FIXTURE_SETUP(poll)
{
	struct tconf c = { variant->features, 8, 8, 2048, 0 };

	ASSERT_EQ(0, env_open(&self->e, "poll0", TUN_PLAIN));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	ASSERT_LE(0, tring_rx_fill(&self->r));
}

FIXTURE_TEARDOWN(poll)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

static int now(int fd)
{
	return fd_wait(fd, IN | OUT | POLLPRI, 0);
}

TEST_F(poll, idle)
{
	EXPECT_EQ(OUT, now(self->e.fd));
	EXPECT_EQ(0, fd_wait(self->e.fd, POLLIN, 0));
	EXPECT_EQ(0, fd_wait(self->e.fd, POLLIN, 30));
}

/* EPOLLIN depends on the distance from used_event to the used index. */
TEST_F(poll, level_follows_used_event)
{
	struct tvq *rx = &self->r.rx;

	ASSERT_EQ(0, env_inject_n(&self->e, 0, 3, 60));
	ASSERT_EQ(0, tvq_wait(rx, 3));
	EXPECT_EQ(IN | OUT, now(self->e.fd));
	EXPECT_EQ(IN | OUT, now(self->e.fd));
	tvq_set_used_event(rx, 2);
	EXPECT_EQ(IN | OUT, now(self->e.fd));
	tvq_set_used_event(rx, 3);
	EXPECT_EQ(OUT, now(self->e.fd));
	tvq_set_used_event(rx, 4);
	EXPECT_EQ(IN | OUT, now(self->e.fd));
	tvq_set_used_event(rx, 3);
	EXPECT_EQ(OUT, now(self->e.fd));
	ASSERT_EQ(0, env_inject(&self->e, 3, 60));
	ASSERT_EQ(0, tvq_wait(rx, 4));
	EXPECT_EQ(IN | OUT, now(self->e.fd));
}

/* The queue is writable with room in the ring, or with unconsumed used entries. */
TEST_F(poll, writable)
{
	uint8_t pkt[64];
	unsigned int i;

	/* set-up polls new rings once without a kick */
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	for (i = 0; i < 7; i++)
		ASSERT_LE(0, tring_tx_put(&self->r, pkt,
					  seq_pkt(pkt, false, i, 60), NULL));
	tvq_publish(&self->r.tx);
	EXPECT_EQ(OUT, now(self->e.fd));
	ASSERT_LE(0, tring_tx_put(&self->r, pkt, 60, NULL));
	tvq_publish(&self->r.tx);
	EXPECT_EQ(0, now(self->e.fd));
	ASSERT_LE(0, tring_enter(self->e.fd, TUN_RING_ENTER_TX, 0));
	ASSERT_EQ(0, tvq_wait(&self->r.tx, 8));
	EXPECT_EQ(OUT, now(self->e.fd));
	tvq_take(&self->r.tx, 8);
	EXPECT_EQ(OUT, now(self->e.fd));
}

/* poll() delivers the packets that wait, and changes nothing else. */
TEST_F(poll, moves_waiting_packets)
{
	struct tun_ring_stats a, b;
	uint8_t pkt[64];
	unsigned int i;

	ASSERT_EQ(0, env_inject_n(&self->e, 0, 12, 60));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, 8));
	tvq_take(&self->r.rx, 8);
	for (i = 0; i < 8; i++)
		tring_rx_give(&self->r, i);
	tvq_publish(&self->r.rx);
	/* set-up polls new rings once without a kick */
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	ASSERT_LE(0, tring_tx_put(&self->r, pkt, seq_pkt(pkt, false, 0, 60),
				  NULL));
	tvq_publish(&self->r.tx);
	EXPECT_EQ(IN | OUT, now(self->e.fd));
	EXPECT_EQ(4, tvq_pending(&self->r.rx));
	ASSERT_EQ(0, tring_stats(self->e.fd, &a));
	for (i = 0; i < 20; i++)
		EXPECT_EQ(IN | OUT, now(self->e.fd));
	EXPECT_EQ(4, tvq_pending(&self->r.rx));
	EXPECT_EQ(0, tvq_pending(&self->r.tx));
	ASSERT_EQ(0, tring_stats(self->e.fd, &b));
	EXPECT_EQ(0, memcmp(&a, &b, sizeof(a)));
}

static void inject_one(void *arg)
{
	env_inject(arg, 1, 60);
}

TEST_F(poll, wakes_reader)
{
	struct tun_ring_stats st;
	struct after a;

	ASSERT_EQ(0, after_start(&a, inject_one, &self->e));
	EXPECT_EQ(POLLIN, fd_wait(self->e.fd, POLLIN, WAIT_MS));
	EXPECT_EQ(0, after_join(&a));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(1, st.rx.wakeups);
}

static void kick_tx(void *arg)
{
	struct env *e = arg;

	tring_enter(e->fd, TUN_RING_ENTER_TX, 0);
}

TEST_F(poll, wakes_writer)
{
	uint8_t pkt[64];
	struct after a;
	unsigned int i;

	ASSERT_EQ(0, thread_wait_idle(getpid()));
	for (i = 0; i < 8; i++)
		ASSERT_LE(0, tring_tx_put(&self->r, pkt,
					  seq_pkt(pkt, false, i, 60), NULL));
	tvq_publish(&self->r.tx);
	ASSERT_EQ(0, after_start(&a, kick_tx, &self->e));
	EXPECT_EQ(POLLOUT, fd_wait(self->e.fd, POLLOUT, WAIT_MS));
	EXPECT_EQ(0, after_join(&a));
}

/* One wake-up for each used_event, however many packets arrive. */
TEST_F(poll, wakeups_only_if_enabled)
{
	bool event = self->r.s.features & F_EVENT;
	struct tun_ring_stats st;

	if (!event)
		tvq_flags(&self->r.rx, VRING_AVAIL_F_NO_INTERRUPT);
	else
		tvq_set_used_event(&self->r.rx, 100);
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 4, 60));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, 4));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(0, st.rx.wakeups);
	if (!event)
		tvq_flags(&self->r.rx, 0);
	else
		tvq_set_used_event(&self->r.rx, 4);
	ASSERT_EQ(0, env_inject_n(&self->e, 4, 1, 60));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, 5));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(1, st.rx.wakeups);
	ASSERT_EQ(0, env_inject_n(&self->e, 5, 3, 60));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, 8));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(event ? 1 : 4, st.rx.wakeups);
}

TEST_F(poll, epoll_levels_and_edges)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET }, got;
	int edge = epoll_create1(EPOLL_CLOEXEC);
	int level = epoll_create1(EPOLL_CLOEXEC);

	ASSERT_EQ(0, epoll_ctl(edge, EPOLL_CTL_ADD, self->e.fd, &ev));
	ev.events = EPOLLIN;
	ASSERT_EQ(0, epoll_ctl(level, EPOLL_CTL_ADD, self->e.fd, &ev));
	EXPECT_EQ(0, epoll_wait(edge, &got, 1, 0));
	EXPECT_EQ(0, epoll_wait(level, &got, 1, 0));
	ASSERT_EQ(0, env_inject(&self->e, 0, 60));
	EXPECT_EQ(1, epoll_wait(edge, &got, 1, WAIT_MS));
	EXPECT_EQ(0, epoll_wait(edge, &got, 1, 20));
	EXPECT_EQ(1, epoll_wait(level, &got, 1, 0));
	EXPECT_EQ(1, epoll_wait(level, &got, 1, 0));
	tvq_take(&self->r.rx, 1);
	EXPECT_EQ(0, epoll_wait(level, &got, 1, 0));
	ASSERT_EQ(0, env_inject(&self->e, 1, 60));
	EXPECT_EQ(1, epoll_wait(edge, &got, 1, WAIT_MS));
	EXPECT_EQ(EPOLLIN, got.events);
	EXPECT_EQ(1, epoll_wait(level, &got, 1, 0));
	close(edge);
	close(level);
}

static void delete_device(void *arg)
{
	rtnl_del(arg);
}

TEST_F(poll, device_gone)
{
	struct after a;

	ASSERT_EQ(0, after_start(&a, delete_device, "poll0"));
	EXPECT_TRUE(fd_wait(self->e.fd, POLLIN, WAIT_MS) & POLLERR);
	EXPECT_EQ(0, after_join(&a));
	EXPECT_TRUE(now(self->e.fd) & POLLERR);
}

static void break_tx(void *arg)
{
	struct tring *r = arg;

	tvq_put(&r->tx, 8);
	tvq_publish(&r->tx);
	tring_enter(r->fd, TUN_RING_ENTER_TX, 0);
}

TEST_F(poll, ring_broken)
{
	struct after a;

	ASSERT_EQ(0, after_start(&a, break_tx, &self->r));
	EXPECT_TRUE(fd_wait(self->e.fd, POLLIN, WAIT_MS) & POLLERR);
	EXPECT_EQ(0, after_join(&a));
	EXPECT_TRUE(now(self->e.fd) & POLLERR);
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	EXPECT_EQ(OUT, now(self->e.fd));
}

/* After teardown, poll() has the levels of read() and write(). */
TEST_F(poll, back_to_plain)
{
	ASSERT_EQ(0, env_inject(&self->e, 0, 60));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, 1));
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	EXPECT_EQ(OUT, now(self->e.fd));
	ASSERT_EQ(0, env_inject(&self->e, 1, 60));
	EXPECT_EQ(IN | OUT, now(self->e.fd));
	EXPECT_EQ(0, env_expect_plain(&self->e, 1, 1));
}

/* Packets queued for read() make the queue readable once they are in the ring. */
TEST_F(poll, queued_before_setup)
{
	struct tconf c = { F_META, 8, 8, 2048, 0 };
	struct tring r;

	ASSERT_EQ(0, tring_teardown(self->e.fd));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 2, 60));
	EXPECT_EQ(IN | OUT, now(self->e.fd));
	ASSERT_EQ(0, tring_setup(&r, self->e.fd, &c));
	EXPECT_EQ(OUT, now(self->e.fd));
	ASSERT_LE(0, tring_rx_fill(&r));
	EXPECT_EQ(POLLIN, fd_wait(self->e.fd, POLLIN, WAIT_MS));
	EXPECT_EQ(0, env_expect(&self->e, &r, 0, 2));
	tring_unmap(&r);
}

TEST_HARNESS_MAIN
