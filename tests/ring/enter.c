// SPDX-License-Identifier: GPL-2.0
/* TUNRINGENTER: kicks, waiting, return values. */
#include <pthread.h>

#include "env.h"
#include "harness.h"

#define ENTER_TX	TUN_RING_ENTER_TX
#define ENTER_RX	TUN_RING_ENTER_RX
#define ENTER_WAIT	TUN_RING_ENTER_WAIT
#define LONG_NS		(WAIT_MS * NS_PER_MS)

FIXTURE(enter) {
	struct env e;
	struct tring r;
};

FIXTURE_VARIANT(enter) {
	uint64_t features;
};

FIXTURE_VARIANT_ADD(enter, flags) { F_META };
FIXTURE_VARIANT_ADD(enter, event) { F_EVENT };

FIXTURE_SETUP(enter)
{
	struct tconf c = { variant->features, 8, 8, 2048, 0 };

	ASSERT_EQ(0, env_open(&self->e, "enter0", TUN_PLAIN));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	ASSERT_LE(0, tring_rx_fill(&self->r));
}

FIXTURE_TEARDOWN(enter)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

static int enter(int fd, struct tun_ring_enter e)
{
	return tunfd_ioctlp(fd, TUNRINGENTER, &e);
}

TEST_F(enter, bad_arguments)
{
	uint64_t mask = 0;
	int fd = self->e.fd;
	unsigned int i;

	for (i = 3; i < 32; i++)
		EXPECT_EQ(-EINVAL, tring_enter(fd, ENTER_RX | 1u << i, 0));
	EXPECT_EQ(-EINVAL, enter(fd, (struct tun_ring_enter) {
				 ENTER_RX, .reserved = { 1, 0 } }));
	EXPECT_EQ(-EINVAL, enter(fd, (struct tun_ring_enter) {
				 ENTER_RX, .reserved = { 0, 1ULL << 63 } }));
	EXPECT_EQ(-EINVAL, tring_enter(fd, ENTER_WAIT, -2));
	EXPECT_EQ(-EINVAL, tring_enter(fd, ENTER_WAIT, INT64_MIN));
	EXPECT_EQ(-EINVAL, enter(fd, (struct tun_ring_enter) {
				 ENTER_WAIT, .sigsetsize = 8 }));
	EXPECT_EQ(-EINVAL, enter(fd, (struct tun_ring_enter) {
				 ENTER_WAIT, .sigsetsize = 4,
				 .sigmask = (uintptr_t)&mask }));
	EXPECT_EQ(-EINVAL, enter(fd, (struct tun_ring_enter) {
				 ENTER_WAIT, .sigsetsize = 128,
				 .sigmask = (uintptr_t)&mask }));
	EXPECT_EQ(-EFAULT, enter(fd, (struct tun_ring_enter) {
				 ENTER_WAIT, .sigsetsize = 8, .sigmask = 8 }));
	/* a caller that does not wait has no use for these */
	EXPECT_EQ(-EINVAL, tring_enter(fd, ENTER_RX, -1));
	EXPECT_EQ(-EINVAL, enter(fd, (struct tun_ring_enter) {
				 ENTER_RX, .sigsetsize = 8 }));
	EXPECT_EQ(-EINVAL, enter(fd, (struct tun_ring_enter) {
				 ENTER_RX, .sigmask = (uintptr_t)&mask }));
}

TEST_F(enter, returns_unconsumed_entries)
{
	ASSERT_EQ(0, tring_enter(self->e.fd, ENTER_RX, 0));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 3, 60));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, 3));
	EXPECT_EQ(3, tring_enter(self->e.fd, ENTER_RX, 0));
	EXPECT_EQ(3, tring_enter(self->e.fd, ENTER_TX, 0));
	EXPECT_EQ(3, tring_enter(self->e.fd, ENTER_WAIT, -1));
	tvq_take(&self->r.rx, 1);
	EXPECT_EQ(2, tring_enter(self->e.fd, ENTER_WAIT, LONG_NS));
	tvq_take(&self->r.rx, 2);
	EXPECT_EQ(0, tring_enter(self->e.fd, ENTER_RX, 0));
}

TEST_F(enter, timeout)
{
	long start = now_ms();

	EXPECT_EQ(0, tring_enter(self->e.fd, ENTER_WAIT, 0));
	EXPECT_EQ(0, tring_enter(self->e.fd, ENTER_WAIT, 1));
	EXPECT_GT(WAIT_MS, now_ms() - start);
	start = now_ms();
	EXPECT_EQ(0, tring_enter(self->e.fd, ENTER_WAIT, 60 * NS_PER_MS));
	EXPECT_LE(60, now_ms() - start);
}

/*
 * A user that reads the used index from memory can write a used_event ahead of
 * the kernel's state. No entry is left then, so the call waits.
 */
TEST_F(enter, used_event_ahead_waits)
{
	long start = now_ms();

	tvq_set_used_event(&self->r.rx, 1);
	EXPECT_EQ(0, tring_enter(self->e.fd, ENTER_RX, 0));
	EXPECT_EQ(0, tring_enter(self->e.fd, ENTER_WAIT, 60 * NS_PER_MS));
	EXPECT_LE(60, now_ms() - start);
}

static void inject_one(void *arg)
{
	env_inject(arg, 1, 60);
}

TEST_F(enter, packet_ends_wait)
{
	static const int64_t timeouts[] = { -1, LONG_NS, INT64_MAX };
	unsigned int i;
	struct after a;

	for (i = 0; i < ARRAY_LEN(timeouts); i++) {
		ASSERT_EQ(0, after_start(&a, inject_one, &self->e));
		EXPECT_EQ(1, tring_enter(self->e.fd, ENTER_WAIT, timeouts[i]));
		EXPECT_EQ(0, after_join(&a));
		ASSERT_EQ(0, env_expect(&self->e, &self->r, 1, 1));
	}
}

/* O_NONBLOCK applies to read() and write(). TUNRINGENTER has its time-out. */
TEST_F(enter, nonblock_waits)
{
	struct after a;

	ASSERT_EQ(0, fd_nonblock(self->e.fd));
	ASSERT_EQ(0, after_start(&a, inject_one, &self->e));
	EXPECT_EQ(1, tring_enter(self->e.fd, ENTER_WAIT, -1));
	EXPECT_EQ(0, after_join(&a));
}

/* One call transmits a request and waits for the answer. */
TEST_F(enter, submit_and_wait)
{
	uint8_t ping[28] = { 0x45, [3] = 28, [8] = 64, [9] = IPPROTO_ICMP };
	uint8_t buf[2048];
	uint32_t from = inet_addr("10.9.0.2"), to = inet_addr("10.9.0.1");
	uint16_t sum;
	unsigned int i;

	ASSERT_EQ(0, if_addr4("enter0", "10.9.0.1"));
	memcpy(ping + 12, &from, 4);
	memcpy(ping + 16, &to, 4);
	sum = pkt_csum(ping, 20, 0);
	memcpy(ping + 10, &sum, 2);
	ping[20] = 8;
	sum = pkt_csum(ping + 20, 8, 0);
	memcpy(ping + 22, &sum, 2);
	for (i = 0; i < 10; i++) {
		ASSERT_LE(0, tring_tx_put(&self->r, ping, sizeof(ping), NULL));
		tvq_publish(&self->r.tx);
		ASSERT_EQ(1, tring_enter(self->e.fd,
					 ENTER_TX | ENTER_RX | ENTER_WAIT,
					 LONG_NS));
		ASSERT_EQ(28, tring_recv(&self->r, buf, sizeof(buf), NULL));
		EXPECT_EQ(0, buf[20]);
		EXPECT_EQ(0, memcmp(buf + 16, &from, 4));
	}
}

static void delete_device(void *arg)
{
	rtnl_del(arg);
}

TEST_F(enter, device_gone)
{
	struct after a;

	ASSERT_EQ(0, after_start(&a, delete_device, "enter0"));
	EXPECT_EQ(-EBADFD, tring_enter(self->e.fd, ENTER_WAIT, -1));
	EXPECT_EQ(0, after_join(&a));
	EXPECT_EQ(-EBADFD, tring_enter(self->e.fd, ENTER_WAIT, -1));
	EXPECT_EQ(-EBADFD, tring_enter(self->e.fd, ENTER_TX, 0));
	EXPECT_EQ(-EBADFD, tring_enter(self->e.fd, ENTER_RX, 0));
}

static void tear_down(void *arg)
{
	tring_teardown(*(int *)arg);
}

TEST_F(enter, teardown_ends_wait)
{
	struct after a;

	ASSERT_EQ(0, after_start(&a, tear_down, &self->e.fd));
	EXPECT_EQ(-ENXIO, tring_enter(self->e.fd, ENTER_WAIT, -1));
	EXPECT_EQ(0, after_join(&a));
}

static void break_tx(void *arg)
{
	struct tring *r = arg;

	tvq_put(&r->tx, 8);
	tvq_publish(&r->tx);
	tring_enter(r->fd, ENTER_TX, 0);
}

TEST_F(enter, break_ends_wait)
{
	struct after a;

	ASSERT_EQ(0, after_start(&a, break_tx, &self->r));
	EXPECT_EQ(-EPROTO, tring_enter(self->e.fd, ENTER_WAIT, -1));
	EXPECT_EQ(0, after_join(&a));
	EXPECT_EQ(-EPROTO, tring_enter(self->e.fd, ENTER_TX, 0));
	EXPECT_EQ(-EPROTO, tring_enter(self->e.fd, ENTER_RX, 0));
	EXPECT_EQ(-EPROTO, tring_enter(self->e.fd, ENTER_WAIT, -1));
}

static void *wait_for_ever(void *arg)
{
	return (void *)(long)tring_enter(*(int *)arg, ENTER_WAIT, -1);
}

/* A packet ends the wait of all threads. */
TEST_F(enter, two_threads)
{
	pthread_t t[2];
	void *ret[2];
	int i;

	for (i = 0; i < 2; i++)
		ASSERT_LT(0, thread_start_blocked(&t[i], wait_for_ever,
						  &self->e.fd));
	ASSERT_EQ(0, env_inject(&self->e, 0, 60));
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, pthread_join(t[i], &ret[i]));
		EXPECT_EQ(1, (long)ret[i]);
	}
}

/* On a device that is down, the wait times out without an error. */
TEST_F(enter, wait_while_down)
{
	ASSERT_EQ(0, if_down("enter0"));
	EXPECT_EQ(0, tring_enter(self->e.fd, ENTER_WAIT, 10 * NS_PER_MS));
	EXPECT_EQ(-EIO,
		  tring_enter(self->e.fd, ENTER_TX | ENTER_WAIT, LONG_NS));
	EXPECT_EQ(0, tring_enter(self->e.fd, ENTER_RX, 0));
}

TEST_HARNESS_MAIN
