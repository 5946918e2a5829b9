// SPDX-License-Identifier: GPL-2.0
/* Sleeping and being woken, by tunring_wait() and by epoll. */
#include "dev.h"
#include "harness.h"
#include "thread.h"

#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <time.h>

FIXTURE(wait) {
	struct dev d;
	struct tunring_options opt;
};

FIXTURE_VARIANT(wait) {
	uint32_t flags;
};

FIXTURE_VARIANT_ADD(wait, native) {};
FIXTURE_VARIANT_ADD(wait, no_event_idx) { .flags = TUNRING_O_NO_EVENT_IDX };
FIXTURE_VARIANT_ADD(wait, attached) { .flags = TUNRING_O_ATTACH };
FIXTURE_VARIANT_ADD(wait, attached_no_event_idx) {
	.flags = TUNRING_O_ATTACH | TUNRING_O_NO_EVENT_IDX };
FIXTURE_VARIANT_ADD(wait, pinned) { .flags = TUNRING_O_ATTACH |
					     TUNRING_O_PIN };
FIXTURE_VARIANT_ADD(wait, plain) { .flags = TUNRING_O_NO_RING };

FIXTURE_SETUP(wait)
{
	ASSERT_EQ(netns_new(), 0);
	tunring_options_init(&self->opt);
	self->opt.flags = variant->flags;
	self->opt.rx_entries = 16;
	self->opt.tx_entries = 16;
	ASSERT_EQ(dev_open(&self->d, false, &self->opt), 0);
	ASSERT_EQ(tunring_mode(self->d.h), expected_mode(variant->flags));
}

FIXTURE_TEARDOWN(wait)
{
	dev_close(&self->d);
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

TEST_F(wait, time_out)
{
	int64_t start = now_ms();

	ASSERT_EQ(tunring_wait(self->d.h, 0, NULL, 0), 0);
	ASSERT_EQ(tunring_wait(self->d.h, 50000000, NULL, 0), 0);
	ASSERT_GE(now_ms() - start, 50);
	ASSERT_EQ(tunring_wait(self->d.h, -2, NULL, 0), -EINVAL);
}

static void *send_later(void *arg)
{
	struct timespec ts = { .tv_nsec = 100000000 };

	nanosleep(&ts, NULL);
	dev_send(arg, "x", 1);
	return NULL;
}

TEST_F(wait, woken)
{
	struct tunring_packet p;
	pthread_t t;
	int i;

	for (i = 0; i < 5; i++) {
		ASSERT_EQ(pthread_create(&t, NULL, send_later, &self->d), 0);
		ASSERT_EQ(tunring_wait(self->d.h, -1, NULL, 0), 1);
		pthread_join(t, NULL);
		ASSERT_EQ(tunring_rx_burst(self->d.h, &p, 1), 1);
		ASSERT_EQ(tunring_rx_release(self->d.h, &p, 1), 0);
	}
}

static volatile sig_atomic_t caught;

static void on_alarm(int sig)
{
	caught = sig;
}

/* Blocked before and after, delivered while waiting: no signal gets lost. */
TEST_F(wait, signal_mask)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	sigset_t block, none, pending;

	sigemptyset(&none);
	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	sigaction(SIGUSR1, &sa, NULL);
	sigprocmask(SIG_BLOCK, &block, NULL);
	raise(SIGUSR1);
	ASSERT_EQ(caught, 0);
	ASSERT_EQ(tunring_wait(self->d.h, 20000000, NULL, 0), 0);
	ASSERT_EQ(caught, 0);
	ASSERT_EQ(tunring_wait(self->d.h, -1, &none, 0), -EINTR);
	ASSERT_EQ(caught, SIGUSR1);
	sigprocmask(SIG_BLOCK, NULL, &pending);
	ASSERT_EQ(sigismember(&pending, SIGUSR1), 1);
}

TEST_F(wait, epoll)
{
	/* to a thread of the kernel it is news that we have them all */
	bool thread = variant->flags & TUNRING_O_ATTACH &&
		      !(variant->flags & TUNRING_O_PIN);
	struct epoll_event e = { .events = EPOLLIN };
	struct tunring_packet p[4];
	int ep = epoll_create1(0);
	int i;

	ASSERT_EQ(epoll_ctl(ep, EPOLL_CTL_ADD, tunring_fd(self->d.h), &e), 0);
	for (i = 0; i < (thread ? 20 : 100); i++) {
		ASSERT_EQ(tunring_prepare_wait(self->d.h), 0);
		if (thread)
			ASSERT_EQ(thread_wait_idle(getpid()), 0);
		ASSERT_EQ(epoll_wait(ep, &e, 1, 0), 0);
		ASSERT_EQ(dev_send(&self->d, "1", 1), 1);
		ASSERT_EQ(dev_send(&self->d, "2", 1), 1);
		ASSERT_EQ(epoll_wait(ep, &e, 1, PATIENCE * 1000), 1);
		ASSERT_EQ(dev_take(&self->d, p, 2), 2);
		ASSERT_EQ(tunring_rx_release(self->d.h, p, 2), 0);
	}
	close(ep);
}

/* Edge-triggered: an event for the first packet after each look. */
TEST_F(wait, epoll_edge)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLET };
	struct tunring_packet p[4];
	int ep = epoll_create1(0);
	int i;

	ASSERT_EQ(tunring_prepare_wait(self->d.h), 0);
	ASSERT_EQ(epoll_ctl(ep, EPOLL_CTL_ADD, tunring_fd(self->d.h), &e), 0);
	epoll_wait(ep, &e, 1, 0);
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(dev_send(&self->d, "1", 1), 1);
		ASSERT_EQ(epoll_wait(ep, &e, 1, PATIENCE * 1000), 1);
		ASSERT_EQ(dev_take(&self->d, p, 1), 1);
		ASSERT_EQ(tunring_rx_release(self->d.h, p, 1), 0);
		ASSERT_EQ(tunring_prepare_wait(self->d.h), 0);
	}
	close(ep);
}

/* Kick and sleep in one: submitted packets are on their way before the sleep. */
TEST_F(wait, sends_too)
{
	char out[8];

	ASSERT_EQ(put_udp(&self->d, "abcd", 4), 1);
	ASSERT_EQ(tunring_wait(self->d.h, 20000000, NULL, TUNRING_WAIT_TX), 0);
	ASSERT_EQ(dev_recv(&self->d, out, sizeof(out)), 4);
}

/* A loop that is never idle needs next to no system calls, with rings. */
TEST_F(wait, few_calls)
{
	struct tunring_packet p[16];
	struct tunring_stats before, after;
	struct tunring_info info;
	int i, k;

	ASSERT_EQ(tunring_get_stats(self->d.h, &before), 0);
	for (i = 0; i < 100; i++) {
		for (k = 0; k < 8; k++)
			ASSERT_EQ(dev_send(&self->d, "1", 1), 1);
		ASSERT_EQ(dev_take(&self->d, p, 8), 8);
		ASSERT_EQ(tunring_rx_release(self->d.h, p, 8), 0);
	}
	ASSERT_EQ(tunring_get_stats(self->d.h, &after), 0);
	ASSERT_EQ(after.rx.packets - before.rx.packets, 800);
	after.syscalls -= before.syscalls;
	if (tunring_mode(self->d.h) == TUNRING_MODE_PLAIN) {
		ASSERT_GE(after.syscalls, 800);
		return;
	}
	/* a thread brings packets when it gets to run: the program sleeps until then */
	tunring_get_info(self->d.h, &info);
	ASSERT_LT(after.syscalls, info.flags == TUNRING_O_ATTACH ? 900 : 80);
}

TEST_HARNESS_MAIN
