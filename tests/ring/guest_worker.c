// SPDX-License-Identifier: GPL-2.0
/*
 * The worker of a guest's rings: its thread, the ptr_ring with packets for it,
 * and an owner whose memory is gone.
 */
#include <time.h>

#include "guest.h"
#include "harness.h"

FIXTURE(gworker) {
	struct env e;
	struct guest g;
};

FIXTURE_VARIANT(gworker) {
	bool apart;
};

FIXTURE_VARIANT_ADD(gworker, own) { false };
FIXTURE_VARIANT_ADD(gworker, apart) { true };

FIXTURE_SETUP(gworker)
{
	ASSERT_EQ(0, env_open(&self->e, "guest0", TUN_PLAIN));
	ASSERT_EQ(0, guest_open(&self->g,
				variant->apart ? tunfd_open() : dup(self->e.fd),
				G_V1, 0));
	ASSERT_EQ(0, guest_start(&self->g, self->e.fd));
}

FIXTURE_TEARDOWN(gworker)
{
	guest_close(&self->g);
	env_close(&self->e);
}

/* The thread has ended when the call returns; /proc shows it a moment longer. */
static bool worker_gone(void)
{
	long end = now_ms() + WAIT_MS;

	while (thread_of_rings(getpid()))
		if (now_ms() > end || usleep(1000))
			return false;
	return true;
}

TEST_F(gworker, worker_starts_and_ends)
{
	EXPECT_LT(0, thread_of_rings(getpid()));
	ASSERT_EQ(0, guest_file(&self->g, VHOST_NET_SET_BACKEND, G_RX, -1));
	EXPECT_LT(0, thread_of_rings(getpid()));
	ASSERT_EQ(0, guest_file(&self->g, VHOST_NET_SET_BACKEND, G_TX, -1));
	EXPECT_TRUE(worker_gone());
}

/* Closing the control file or the tun's file ends the worker. */
TEST_F(gworker, worker_ends_with_file)
{
	struct guest *g = &self->g;

	EXPECT_LT(0, thread_of_rings(getpid()));
	close(g->ctl);
	g->ctl = -1;
	/* a dup of the queue's file is not its last descriptor */
	if (variant->apart)
		EXPECT_TRUE(worker_gone());
	close(self->e.fd);
	self->e.fd = -1;
	EXPECT_TRUE(worker_gone());
}

TEST_F(gworker, worker_ends_with_backend_of_deleted_device)
{
	struct guest *g = &self->g;

	ASSERT_EQ(0, rtnl_del("guest0"));
	ASSERT_EQ(0, guest_stop(g));
	EXPECT_TRUE(worker_gone());
}

/* Returns the CPU time of a kernel thread in ticks of 10 ms. */
static long ticks(pid_t pid)
{
	char path[64], buf[512], *p;
	long n;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (file_get(path, buf, sizeof(buf)) < 0)
		return -ESRCH;
	p = strrchr(buf, ')');
	if (!p || sscanf(p, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %ld",
			 &n) != 1)
		return -EBADMSG;
	return n;
}

/* A shutdown sends SIGKILL to all processes: the worker ignores it. */
TEST_F(gworker, worker_is_not_killed)
{
	pid_t pid = thread_of_rings(getpid());
	long before;

	ASSERT_LT(0, pid);
	ASSERT_EQ(0, thread_wait_blocked(pid));
	before = ticks(pid);
	ASSERT_LE(0, before);
	kill(pid, SIGKILL);
	kill(pid, SIGTERM);
	/* it stays blocked */
	usleep(500000);
	EXPECT_GT(before + 10, ticks(pid));
	guest_fill(&self->g);
	EXPECT_EQ(0, guest_works(&self->g, &self->e, 0));
	EXPECT_EQ(pid, thread_of_rings(getpid()));
	EXPECT_EQ(0, thread_wait_blocked(pid));
}

/* read() gets the waiting packets, whether the worker had dequeued them or not. */
TEST_F(gworker, read_gets_waiting_packets)
{
	struct guest *g = &self->g;

	ASSERT_EQ(0, env_inject_n(&self->e, 0, 10, 100));
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	ASSERT_EQ(0, guest_file(g, VHOST_NET_SET_BACKEND, G_RX, -1));
	ASSERT_EQ(0, env_inject_n(&self->e, 10, 10, 100));
	EXPECT_EQ(0, env_expect_plain(&self->e, 0, 15));
	ASSERT_EQ(0, guest_transmit(g, &self->e, 0, 1));
	/* packets that were not read are delivered to the ring */
	ASSERT_EQ(0, guest_file(g, VHOST_NET_SET_BACKEND, G_RX, self->e.fd));
	guest_fill(g);
	EXPECT_EQ(0, guest_expect(g, false, 15, 5));
	ASSERT_EQ(0, guest_stop(g));
	ASSERT_EQ(0, env_inject_n(&self->e, 20, 3, 100));
	EXPECT_EQ(0, env_expect_plain(&self->e, 20, 3));
}

/*
 * The ring had no buffers when it was stopped, and the new buffers were not
 * kicked.
 */
TEST_F(gworker, no_buffers_when_stopped)
{
	struct guest *g = &self->g;
	unsigned int i;

	ASSERT_EQ(0, env_inject_n(&self->e, 0, 5, 100));
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	ASSERT_EQ(0, guest_file(g, VHOST_NET_SET_BACKEND, G_RX, -1));
	ASSERT_EQ(0, env_expect_plain(&self->e, 0, 5));
	for (i = 0; i < G_ENTRIES; i++)
		guest_give(g, i, G_BUF);
	ASSERT_EQ(0, guest_file(g, VHOST_NET_SET_BACKEND, G_RX, self->e.fd));
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	ASSERT_EQ(0, env_inject_n(&self->e, 5, 5, 100));
	EXPECT_EQ(0, guest_expect(g, false, 5, 5));
}

/*
 * Transmits, and returns whether the idle worker disabled kicks. Packets that
 * cannot be delivered must not keep the worker busy.
 */
static int looks_in_vain(struct guest *g, struct env *e, uint32_t seq)
{
	int ret = guest_transmit(g, e, seq, 2) ?: thread_wait_idle(getpid());

	return ret ?: tvq_used_flags(&g->vq[G_TX]);
}

TEST_F(gworker, busy_poll_without_buffers)
{
	struct guest *g = &self->g;

	ASSERT_EQ(0,
		  guest_vring(g, VHOST_SET_VRING_BUSYLOOP_TIMEOUT, G_TX, 1000));
	ASSERT_EQ(0, env_inject(&self->e, 0, 100));
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	/* the worker has dequeued the first packet, so send a second one */
	ASSERT_EQ(0, env_inject(&self->e, 1, 100));
	EXPECT_EQ(0, looks_in_vain(g, &self->e, 0));
	ASSERT_EQ(0, guest_file(g, VHOST_NET_SET_BACKEND, G_RX, -1));
	EXPECT_EQ(0, looks_in_vain(g, &self->e, 2));
	EXPECT_EQ(0, env_expect_plain(&self->e, 0, 2));
	fd_drain(self->e.sk);
}

/* Serves the parent's tun with a guest in this process until killed. */
static void serve(struct env *e, int ctl, int sk)
{
	struct guest g;

	if (guest_open(&g, ctl, G_V1, 0) || guest_start(&g, e->fd))
		_exit(1);
	guest_fill(&g);
	fd_send(sk, 0);
	for (;;)
		pause();
}

TEST_F(gworker, owner_killed)
{
	int ctl = variant->apart ? tunfd_open() : dup(self->e.fd), sk[2];
	struct guest *g = &self->g;
	struct tun_ring_stats st;
	pid_t pid;

	ASSERT_EQ(0, guest_ioctl(g, VHOST_RESET_OWNER, NULL));
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sk));
	pid = fork();
	if (!pid)
		serve(&self->e, ctl, sk[1]);
	close(fd_recv(sk[0]));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 10, 100));
	ASSERT_EQ(0, tring_wait_count(self->e.fd, &st.rx.packets, &st, 10));
	EXPECT_EQ(TUN_RING_MODE_GUEST, st.mode);
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	/* the worker notices when it has work again */
	ASSERT_EQ(0, thread_wait_idle(pid));
	ASSERT_EQ(0, env_inject_n(&self->e, 10, 10, 100));
	ASSERT_EQ(0, tring_wait_broken(self->e.fd, &st));
	EXPECT_EQ(EFAULT, st.broken);
	/* the next owner starts with empty rings and gets the waiting packets */
	guest_close(g);
	ASSERT_EQ(0, guest_open(g, ctl, G_V1, 0));
	EXPECT_EQ(-ENXIO, tring_stats(self->e.fd, &st));
	fd_drain(self->e.fd);
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	EXPECT_EQ(0, guest_works(g, &self->e, 0));
}

static void *read_one(void *arg)
{
	struct env *e = arg;
	uint8_t buf[2048];
	ssize_t len = read(e->fd, buf, sizeof(buf));

	return (void *)(intptr_t)(len < 0 ? -errno : seq_of(buf, len, e->tap));
}

/*
 * The worker holds a packet for which there are no buffers. When the virtqueue stops,
 * the packet goes to a reader that sleeps.
 */
TEST_F(gworker, stop_wakes_reader)
{
	long end = now_ms() + WAIT_MS;
	struct timespec until;
	pthread_t thread;
	void *seq;

	ASSERT_EQ(0, env_inject(&self->e, 7, 100));
	while (fd_wait(self->e.fd, POLLIN, 1) & POLLIN)
		ASSERT_GT(end, now_ms());
	ASSERT_LT(0, thread_start_blocked(&thread, read_one, &self->e));
	ASSERT_EQ(0, guest_file(&self->g, VHOST_NET_SET_BACKEND, G_RX, -1));
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 5;
	ASSERT_EQ(0, pthread_timedjoin_np(thread, &seq, &until));
	EXPECT_EQ(7, (intptr_t)seq);
}

TEST_HARNESS_MAIN
