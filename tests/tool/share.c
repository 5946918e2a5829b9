// SPDX-License-Identifier: GPL-2.0
/* One handle, two threads or two processes, one on each side. */
#include "dev.h"
#include "pass.h"

#define STOCK_ONLY_VARIANT	"attached plain"
#include "harness.h"
#include "thread.h"

#include <pthread.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#define PACKETS 2000

static uint32_t received;

FIXTURE(share) {
	struct dev d;
	struct tunring_options opt;
};

FIXTURE_VARIANT(share) {
	uint32_t flags;
};

FIXTURE_VARIANT_ADD(share, native) {};
FIXTURE_VARIANT_ADD(share, attached) { .flags = TUNRING_O_ATTACH };
FIXTURE_VARIANT_ADD(share, pinned) { .flags = TUNRING_O_ATTACH |
					      TUNRING_O_PIN };
FIXTURE_VARIANT_ADD(share, plain) { .flags = TUNRING_O_NO_RING };

FIXTURE_SETUP(share)
{
	received = 0;
	ASSERT_EQ(netns_new(), 0);
	tunring_options_init(&self->opt);
	self->opt.flags = variant->flags;
	self->opt.rx_entries = 32;
	self->opt.tx_entries = 32;
	ASSERT_EQ(dev_open(&self->d, false, &self->opt), 0);
	ASSERT_EQ(tunring_mode(self->d.h), expected_mode(variant->flags));
}

FIXTURE_TEARDOWN(share)
{
	dev_close(&self->d);
}

/* Takes n numbered datagrams. Returns the number of the first that is wrong. */
static uint32_t receive_all(struct dev *d, uint32_t n)
{
	struct tunring_packet p[16];
	uint32_t seen = 0, v;
	int i, got;

	while (seen < n) {
		got = dev_take(d, p, 1);
		if (got != 1)
			break;
		got = tunring_rx_burst(d->h, p + 1, 15);
		if (got < 0)
			break;
		for (i = 0; i <= got; i++, seen++)
			if (udp_payload(d, &p[i], &v, 4) != 4 || v != seen)
				return seen;
		__atomic_store_n(&received, seen, __ATOMIC_RELAXED);
		if (tunring_rx_release(d->h, p, (unsigned int)got + 1))
			break;
	}
	return seen;
}

static uint32_t transmit_all(struct dev *d, uint32_t n)
{
	time_t end = time(NULL) + PATIENCE;
	uint32_t sent = 0;
	int ret;

	while (sent < n) {
		ret = put_udp(d, &sent, 4);
		if (ret < 0 || (!ret && time(NULL) > end))
			break;
		if (ret)
			end = time(NULL) + PATIENCE;
		sent += (uint32_t)ret;
		if (!ret || sent % 8 == 0) {
			ret = tunring_tx_kick(d->h);
			if (ret && ret != -EAGAIN)
				break;
		}
	}
	while ((ret = tunring_tx_kick(d->h)) == -EAGAIN)
		sched_yield();
	return ret ? 0 : sent;
}

/*
 * Numbered datagrams out of our socket. The sender waits for the receiver: the
 * device drops packets beyond txqueuelen.
 */
static void *socket_out(void *arg)
{
	struct dev *d = arg;
	uint32_t i;

	for (i = 0; i < PACKETS; i++) {
		while (i - __atomic_load_n(&received, __ATOMIC_RELAXED) > 200)
			sched_yield();
		if (dev_send(d, &i, 4) != 4)
			return (void *)1;
	}
	return NULL;
}

struct counted {
	struct dev *d;
	uint32_t n;
};

static void *receive_thread(void *arg)
{
	struct counted *c = arg;

	c->n = receive_all(c->d, PACKETS);
	return NULL;
}

static void *transmit_thread(void *arg)
{
	struct counted *c = arg;

	c->n = transmit_all(c->d, PACKETS);
	return NULL;
}

static void big_socket(int sock)
{
	int bytes = 64 << 20;

	setsockopt(sock, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
}

static uint32_t socket_in(struct dev *d)
{
	uint32_t i, v;

	for (i = 0; i < PACKETS; i++)
		if (dev_recv(d, &v, 4) != 4 || v != i)
			break;
	return i;
}

TEST_F(share, two_threads)
{
	struct counted rx = { &self->d }, tx = { &self->d };
	struct tunring_stats st;
	pthread_t t[3];
	void *bad;

	big_socket(self->d.sock);
	ASSERT_EQ(pthread_create(&t[0], NULL, receive_thread, &rx), 0);
	ASSERT_EQ(pthread_create(&t[1], NULL, transmit_thread, &tx), 0);
	ASSERT_EQ(pthread_create(&t[2], NULL, socket_out, &self->d), 0);
	/* a receiver that gave up would leave the sender waiting for ever */
	pthread_join(t[0], NULL);
	pthread_join(t[1], NULL);
	ASSERT_EQ(rx.n, PACKETS);
	ASSERT_EQ(tx.n, PACKETS);
	pthread_join(t[2], &bad);
	ASSERT_EQ(bad, NULL);
	ASSERT_EQ(socket_in(&self->d), PACKETS);
	ASSERT_EQ(dev_sent(&self->d), 0);
	ASSERT_EQ(tunring_get_stats(self->d.h, &st), 0);
	ASSERT_EQ(st.rx.packets, PACKETS);
	ASSERT_EQ(st.tx.packets, PACKETS);
}

static int child_status(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

TEST_F(share, fork)
{
	pthread_t t;
	pid_t pid;

	big_socket(self->d.sock);
	pid = fork();
	ASSERT_GE(pid, 0);
	if (!pid) {
		uint32_t n = transmit_all(&self->d, PACKETS);

		tunring_detach(self->d.h);
		_exit(n != PACKETS);
	}
	ASSERT_EQ(pthread_create(&t, NULL, socket_out, &self->d), 0);
	ASSERT_EQ(receive_all(&self->d, PACKETS), PACKETS);
	pthread_join(t, NULL);
	ASSERT_EQ(child_status(pid), 0);
	ASSERT_EQ(socket_in(&self->d), PACKETS);
	/* the child has gone, the rings have not */
	ASSERT_EQ(tunring_check(self->d.h), 0);
	ASSERT_EQ(dev_send(&self->d, "\0\0\0\0", 4), 4);
	ASSERT_EQ(receive_all(&self->d, 1), 1);
}

/* A process that knows nothing but the fds and the layout takes over sending. */
static int importer(int sock, struct dev *parent)
{
	struct tunring_layout layout;
	struct dev d = *parent;
	uint32_t n;
	int fds[2], ret;

	if (pass_recv(sock, fds, &layout, sizeof(layout)))
		return 1;
	ret = tunring_memory_fd(parent->h) < 0 ?
	      tunring_import(&d.h, fds[0], TUNRING_ADOPT_CLOSE, &layout) :
	      tunring_import_memory(&d.h, fds[0], fds[1], TUNRING_ADOPT_CLOSE,
				    &layout);
	if (ret)
		return 2;
	if (tunring_mode(d.h) != tunring_mode(parent->h))
		return 3;
	n = transmit_all(&d, PACKETS);
	tunring_detach(d.h);
	return n == PACKETS ? 0 : 4;
}

TEST_F(share, scm_rights)
{
	struct tunring_layout layout;
	struct tunring_packet p;
	int pair[2];
	pthread_t t;
	pid_t pid;

	big_socket(self->d.sock);
	ASSERT_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	pid = fork();
	ASSERT_GE(pid, 0);
	if (!pid)
		_exit(importer(pair[1], &self->d));

	/* not while something is held; and buffers have changed places before */
	ASSERT_EQ(dev_send(&self->d, "ab", 2), 2);
	ASSERT_EQ(dev_take(&self->d, &p, 1), 1);
	ASSERT_EQ(tunring_export(self->d.h, &layout), -EBUSY);
	turn_udp(&self->d, p.data);
	ASSERT_EQ(tunring_rx_forward(self->d.h, &p, 1), 1);
	ASSERT_EQ(tunring_tx_kick(self->d.h), 0);
	ASSERT_EQ(dev_recv(&self->d, &layout, 8), 2);
	/* a packet is there before its buffer is back */
	ASSERT_EQ(thread_wait_idle(getpid()), 0);
	ASSERT_EQ(tunring_export(self->d.h, &layout), 0);

	ASSERT_EQ(pass_send(pair[0], tunring_fd(self->d.h),
			    tunring_memory_fd(self->d.h), &layout,
			    sizeof(layout)), 0);
	ASSERT_EQ(socket_in(&self->d), PACKETS);
	ASSERT_EQ(child_status(pid), 0);
	ASSERT_EQ(pthread_create(&t, NULL, socket_out, &self->d), 0);
	ASSERT_EQ(receive_all(&self->d, PACKETS), PACKETS);
	pthread_join(t, NULL);
}

TEST_HARNESS_MAIN
