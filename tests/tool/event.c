// SPDX-License-Identifier: GPL-2.0
/* Eventfds of attached rings: sleeping on them, and kicking by them. */
#include "dev.h"
#include "harness.h"
#include "thread.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <time.h>

#define NEW	TUNRING_EVENT_NEW
#define NONE	TUNRING_EVENT_NONE

FIXTURE(event) {
	struct dev d;
	struct tunring_options opt;
	bool ring;
};

FIXTURE_VARIANT(event) {
	uint32_t flags;
};

FIXTURE_VARIANT_ADD(event, attached) { 0 };
FIXTURE_VARIANT_ADD(event, attached_no_event_idx) { TUNRING_O_NO_EVENT_IDX };
FIXTURE_VARIANT_ADD(event, pinned) { TUNRING_O_PIN };
FIXTURE_VARIANT_ADD(event, pinned_no_event_idx) {
	TUNRING_O_PIN | TUNRING_O_NO_EVENT_IDX };

FIXTURE_SETUP(event)
{
	int i;

	ASSERT_EQ(netns_new(), 0);
	tunring_options_init(&self->opt);
	self->opt.flags = variant->flags | TUNRING_O_ATTACH | TUNRING_O_EVENTFD;
	self->opt.rx_entries = 16;
	self->opt.tx_entries = 4;
	for (i = 0; i < TUNRING_EVENTS; i++)
		self->opt.event_fd[i] = NEW;
	ASSERT_EQ(dev_open(&self->d, false, &self->opt), 0);
	self->ring = expected_mode(0) == TUNRING_MODE_RING;
}

FIXTURE_TEARDOWN(event)
{
	dev_close(&self->d);
}

static int kick(int fd)
{
	uint64_t one = 1;

	return write(fd, &one, 8) == 8 ? 0 : -errno;
}

/* Was it signalled, within so many ms? It is not any more. */
static bool signalled(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint64_t n;

	return poll(&p, 1, ms) == 1 && read(fd, &n, 8) == 8;
}

/* There, if there are rings; and if not, all else works as ever. */
TEST_F(event, in_force)
{
	struct tunring_packet p;
	struct tunring_info info;
	int i, fd;

	tunring_get_info(self->d.h, &info);
	ASSERT_EQ(info.flags & TUNRING_O_EVENTFD,
		  self->ring ? TUNRING_O_EVENTFD : 0);
	for (i = 0; i < TUNRING_EVENTS; i++) {
		fd = tunring_event_fd(self->d.h, i);
		ASSERT_EQ(fd < 0 ? fd : 0, self->ring ? 0 : -ENXIO);
	}
	ASSERT_EQ(dev_send(&self->d, "1", 1), 1);
	ASSERT_EQ(dev_take(&self->d, &p, 1), 1);
	ASSERT_EQ(tunring_rx_release(self->d.h, &p, 1), 0);
}

/* An event loop that has nothing of the tun but the eventfd. */
TEST_F(event, rx_call)
{
	int fd = tunring_event_fd(self->d.h, TUNRING_EVENT_RX_CALL);
	struct epoll_event e = { .events = EPOLLIN };
	struct tunring_packet p[4];
	int ep = epoll_create1(0), i, n;

	if (!self->ring)
		return;
	ASSERT_EQ(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e), 0);
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(tunring_prepare_wait(self->d.h), 0);
		ASSERT_EQ(epoll_wait(ep, &e, 1, 0), 0);
		ASSERT_EQ(dev_send(&self->d, "1", 1), 1);
		ASSERT_EQ(epoll_wait(ep, &e, 1, PATIENCE * 1000), 1);
		ASSERT_TRUE(signalled(fd, 0));
		ASSERT_EQ(tunring_rx_burst(self->d.h, p, 4), 1);
		ASSERT_EQ(tunring_rx_release(self->d.h, p, 1), 0);
		/* a busy program is not signalled: it has not asked again */
		ASSERT_EQ(dev_send(&self->d, "2", 1), 1);
		while (!(n = tunring_rx_burst(self->d.h, p, 1)))
			sched_yield();
		ASSERT_EQ(n, 1);
		ASSERT_EQ(tunring_rx_release(self->d.h, p, 1), 0);
		if (!(variant->flags & TUNRING_O_PIN))
			ASSERT_EQ(thread_wait_idle(getpid()), 0);
		ASSERT_FALSE(signalled(fd, 0));
	}
	close(ep);
}

/* All buffers are in flight; a child kicks, and the call says that they are back. */
TEST_F(event, tx_kick_and_call)
{
	int k = tunring_event_fd(self->d.h, TUNRING_EVENT_TX_KICK);
	int c = tunring_event_fd(self->d.h, TUNRING_EVENT_TX_CALL);
	struct tunring_stats before, after;
	int round, i, status;
	char out[8];
	pid_t pid;

	if (!self->ring)
		return;
	ASSERT_EQ(tunring_get_stats(self->d.h, &before), 0);
	for (round = 0; round < 20; round++) {
		/* a thread that is still awake takes packets that it finds */
		ASSERT_EQ(thread_wait_idle(getpid()), 0);
		for (i = 0; i < 4; i++)
			ASSERT_EQ(put_udp(&self->d, "abcd", 4), 1);
		ASSERT_EQ(tunring_tx_prepare_wait(self->d.h), 0);
		/* nobody has told the kernel */
		ASSERT_EQ(!round && signalled(c, 100), false);
		pid = fork();
		if (!pid)
			_exit(kick(k) != 0);
		ASSERT_EQ(waitpid(pid, &status, 0), pid);
		ASSERT_EQ(status, 0);
		ASSERT_TRUE(signalled(c, PATIENCE * 1000));
		for (i = 0; i < 4; i++)
			ASSERT_EQ(dev_recv(&self->d, out, sizeof(out)), 4);
		while (tunring_tx_space(self->d.h) != 4)
			continue;
	}
	ASSERT_EQ(tunring_get_stats(self->d.h, &after), 0);
	ASSERT_EQ(after.tx.kicks - before.tx.kicks, 20);
	ASSERT_EQ(after.syscalls, before.syscalls);
}

/* The ring is full and packets wait: they come after a kick. */
TEST_F(event, rx_kick)
{
	int k = tunring_event_fd(self->d.h, TUNRING_EVENT_RX_KICK);
	struct tunring_stats before, after;
	time_t end = time(NULL) + PATIENCE;
	struct tunring_packet p[16];
	int i;

	if (!self->ring)
		return;
	for (i = 0; i < 20; i++)
		ASSERT_EQ(dev_send(&self->d, "1", 1), 1);
	ASSERT_EQ(dev_take(&self->d, p, 16), 16);
	ASSERT_EQ(tunring_get_stats(self->d.h, &before), 0);
	ASSERT_EQ(kick(k), 0);
	do {
		ASSERT_EQ(tunring_get_stats(self->d.h, &after), 0);
	} while (after.rx.kicks == before.rx.kicks && time(NULL) < end);
	ASSERT_EQ(after.rx.kicks, before.rx.kicks + 1);
	ASSERT_EQ(tunring_rx_release(self->d.h, p, 16), 0);
	ASSERT_EQ(dev_take(&self->d, p, 4), 4);
}

/* The caller's own, one for both rings; it outlives the handle. */
TEST_F(event, given)
{
	int fd = eventfd(0, EFD_NONBLOCK), i;
	struct tunring_packet p;
	char out[8];

	if (!self->ring)
		return;
	for (i = 0; i < TUNRING_EVENTS; i++)
		self->opt.event_fd[i] = NONE;
	self->opt.event_fd[TUNRING_EVENT_RX_CALL] = fd;
	self->opt.event_fd[TUNRING_EVENT_TX_CALL] = fd;
	dev_close(&self->d);
	ASSERT_EQ(dev_open(&self->d, false, &self->opt), 0);
	ASSERT_EQ(tunring_prepare_wait(self->d.h), 0);
	ASSERT_EQ(dev_send(&self->d, "1", 1), 1);
	ASSERT_TRUE(signalled(fd, PATIENCE * 1000));
	ASSERT_EQ(dev_take(&self->d, &p, 1), 1);
	ASSERT_EQ(thread_wait_idle(getpid()), 0);
	for (i = 0; i < 4; i++)
		ASSERT_EQ(put_udp(&self->d, "abcd", 4), 1);
	ASSERT_EQ(tunring_tx_prepare_wait(self->d.h), 0);
	ASSERT_EQ(tunring_tx_kick(self->d.h), 0);
	ASSERT_TRUE(signalled(fd, PATIENCE * 1000));
	ASSERT_EQ(dev_recv(&self->d, out, sizeof(out)), 4);
	dev_close(&self->d);
	ASSERT_EQ(kick(fd), 0);
	ASSERT_TRUE(signalled(fd, 0));
	close(fd);
	ASSERT_EQ(dev_open(&self->d, false, NULL), 0);
}

TEST_F(event, not_an_eventfd)
{
	struct tunring *h;

	if (!self->ring)
		return;
	self->opt.event_fd[TUNRING_EVENT_RX_CALL] = 0;
	ASSERT_EQ(tunring_open(&h, "ne%d", 1, &self->opt), -EINVAL);
	self->opt.event_fd[TUNRING_EVENT_RX_CALL] = 9999;
	ASSERT_EQ(tunring_open(&h, "ne%d", 1, &self->opt), -EBADF);
}

TEST_HARNESS_MAIN
