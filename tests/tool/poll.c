// SPDX-License-Identifier: GPL-2.0
/* tunring_poll() on many devices, a socket, and a wake-up by another thread. */
#include "dev.h"
#include "harness.h"
#include "thread.h"

#include <errno.h>
#include <linux/if_tun.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#define DEVICES	2
#define MANY	70	/* more than tunring_poll() has room for at hand */

FIXTURE(poll) {
	struct dev d;
	struct tunring *idle[DEVICES];
	struct tunring_poll p[DEVICES + 3];
};

FIXTURE_VARIANT(poll) {
	uint32_t flags;
};

FIXTURE_VARIANT_ADD(poll, rings) {};
FIXTURE_VARIANT_ADD(poll, attached) { .flags = TUNRING_O_ATTACH };
FIXTURE_VARIANT_ADD(poll, plain) { .flags = TUNRING_O_NO_RING };

/* Idle devices come first, then d.h, its socket, and the wake-up. */
FIXTURE_SETUP(poll)
{
	struct tunring_options opt;
	int i;

	ASSERT_EQ(netns_new(), 0);
	tunring_options_init(&opt);
	opt.flags = variant->flags;
	opt.rx_entries = 4;
	opt.tx_entries = 4;
	for (i = 0; i < DEVICES; i++) {
		ASSERT_EQ(tunring_open(&self->idle[i], NULL, IFF_TUN, &opt), 0);
		self->p[i].handle = self->idle[i];
		self->p[i].events = POLLIN;
	}
	ASSERT_EQ(dev_open(&self->d, false, &opt), 0);
	self->p[i].handle = self->d.h;
	self->p[i++].events = POLLIN;
	self->p[i].fd = self->d.sock;
	self->p[i++].events = POLLIN;
	self->p[i].fd = tunring_wake_new();
	ASSERT_GE(self->p[i].fd, 0);
	self->p[i].events = POLLIN;
}

FIXTURE_TEARDOWN(poll)
{
	int i;

	for (i = 0; i < DEVICES; i++)
		tunring_close(self->idle[i]);
	close(self->p[DEVICES + 2].fd);
	dev_close(&self->d);
}

static int poll_all(struct tunring_poll *p, int64_t timeout_ns)
{
	return tunring_poll(p, DEVICES + 3, timeout_ns, NULL);
}

TEST_F(poll, time_out)
{
	ASSERT_EQ(poll_all(self->p, 0), 0);
	ASSERT_EQ(poll_all(self->p, 20000000), 0);
}

/* Idle descriptors come before the others. */
TEST_F(poll, many)
{
	struct tunring_poll p[MANY + DEVICES + 3];
	int i;

	for (i = 0; i < MANY; i++)
		p[i] = (struct tunring_poll){ .fd = tunring_wake_new(),
					      .events = POLLIN };
	memcpy(&p[MANY], self->p, sizeof(self->p));
	ASSERT_EQ(tunring_poll(p, MANY + DEVICES + 3, 0, NULL), 0);
	ASSERT_EQ(dev_send(&self->d, "x", 1), 1);
	ASSERT_EQ(tunring_poll(p, MANY + DEVICES + 3, PATIENCE_NS, NULL), 1);
	ASSERT_EQ(p[MANY + DEVICES].revents, POLLIN);
	for (i = 0; i < MANY; i++)
		close(p[i].fd);
}

TEST_F(poll, packet_there)
{
	struct tunring_packet pkt;

	ASSERT_EQ(dev_send(&self->d, "x", 1), 1);
	ASSERT_EQ(poll_all(self->p, PATIENCE_NS), 1);
	ASSERT_EQ(self->p[DEVICES].revents, POLLIN);
	ASSERT_EQ(dev_take(&self->d, &pkt, 1), 1);
	ASSERT_EQ(tunring_rx_release(self->d.h, &pkt, 1), 0);
	ASSERT_EQ(poll_all(self->p, 0), 0);
}

static void *sleeper(void *arg)
{
	return (void *)(intptr_t)poll_all(arg, PATIENCE_NS);
}

static int result_of(pthread_t t)
{
	void *ret;

	pthread_join(t, &ret);
	return (int)(intptr_t)ret;
}

TEST_F(poll, packet_comes)
{
	pthread_t t;

	ASSERT_GT(thread_start_blocked(&t, sleeper, self->p), 0);
	ASSERT_EQ(dev_send(&self->d, "x", 1), 1);
	ASSERT_EQ(result_of(t), 1);
	ASSERT_EQ(self->p[DEVICES].revents, POLLIN);
}

/* Packets of the tun and of the socket are reported together. */
TEST_F(poll, socket)
{
	pthread_t t;

	ASSERT_GT(thread_start_blocked(&t, sleeper, self->p), 0);
	ASSERT_EQ(put_udp(&self->d, "abc", 3), 1);
	ASSERT_EQ(tunring_tx_kick(self->d.h), 0);
	ASSERT_EQ(result_of(t), 1);
	ASSERT_EQ(self->p[DEVICES + 1].revents, POLLIN);
	ASSERT_EQ(dev_send(&self->d, "x", 1), 1);
	self->p[DEVICES + 1].events = 0;
	ASSERT_EQ(poll_all(self->p, PATIENCE_NS), 1);
	self->p[DEVICES + 1].events = POLLIN;
	ASSERT_EQ(poll_all(self->p, 0), 2);
}

TEST_F(poll, woken)
{
	int fd = self->p[DEVICES + 2].fd;
	pthread_t t;
	int i;

	for (i = 0; i < 3; i++) {
		ASSERT_GT(thread_start_blocked(&t, sleeper, self->p), 0);
		ASSERT_EQ(tunring_wake(fd), 0);
		ASSERT_EQ(result_of(t), 1);
		ASSERT_EQ(self->p[DEVICES + 2].revents, POLLIN);
		ASSERT_EQ(tunring_wake_clear(fd), 1);
		ASSERT_EQ(poll_all(self->p, 0), 0);
	}
}

TEST_F(poll, deleted)
{
	pthread_t t;

	ASSERT_GT(thread_start_blocked(&t, sleeper, self->p), 0);
	ASSERT_EQ(dev_delete(self->d.name), 0);
	ASSERT_EQ(result_of(t), 1);
	ASSERT_EQ(self->p[DEVICES].revents, POLLERR);
	ASSERT_EQ(self->p[DEVICES].error, -EBADFD);
}

/* There are transmit buffers, and packets on top. */
TEST_F(poll, both_sides)
{
	struct tunring_poll *p = &self->p[DEVICES];

	p->events = POLLOUT;
	ASSERT_EQ(poll_all(self->p, PATIENCE_NS), 1);
	ASSERT_EQ(p->revents, POLLOUT);
	ASSERT_EQ(dev_send(&self->d, "x", 1), 1);
	p->events = POLLIN;
	ASSERT_EQ(poll_all(self->p, PATIENCE_NS), 1);
	p->events = POLLIN | POLLOUT;
	ASSERT_EQ(poll_all(self->p, PATIENCE_NS), 1);
	ASSERT_EQ(p->revents, POLLIN | POLLOUT);
}

TEST_HARNESS_MAIN
