// SPDX-License-Identifier: GPL-2.0
/* Closing, killing and deleting with traffic in flight. */
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>

#include "env.h"
#include "harness.h"

FIXTURE(life) {
	struct env e;
	struct tring r;
	struct flood f;
};

static const struct tconf conf = { F_META | F_EVENT, 32, 32, 2048, 0 };

FIXTURE_SETUP(life)
{
	ASSERT_EQ(0, env_open(&self->e, "life0", TUN_PLAIN));
	self->f = (struct flood) { .name = "life0", .len = 200 };
}

FIXTURE_TEARDOWN(life)
{
	if (self->f.running)
		flood_join(&self->f, true);
	tring_unmap(&self->r);
	env_close(&self->e);
}

/* Receives and transmits packets for this time. */
static int pump(struct tring *r, long ms)
{
	long end = now_ms() + ms;
	struct tun_ring_meta m;
	uint8_t buf[2048];
	unsigned int seq = 0;
	int ret = 0;

	while (now_ms() < end && ret >= 0) {
		if (tvq_pending(&r->rx)) {
			ret = tring_rx_take(r, buf, sizeof(buf), &m);
			if (ret >= 0)
				ret = tring_rx_kick(r);
		}
		if (ret < 0)
			break;
		ret = tring_tx_put(r, buf, seq_pkt(buf, false, seq++, 100),
				   NULL);
		if (ret == -EAGAIN)
			ret = 0;
		if (ret >= 0)
			ret = tring_tx_kick(r);
	}
	return ret < 0 ? ret : 0;
}

static int start(struct env *e, struct tring *r)
{
	int ret = tring_setup(r, e->fd, &conf);

	if (!ret)
		ret = tring_rx_fill(r);
	return ret < 0 ? ret : 0;
}

TEST_F(life, close_under_traffic)
{
	ASSERT_EQ(0, start(&self->e, &self->r));
	ASSERT_EQ(0, flood_start(&self->f));
	ASSERT_EQ(0, pump(&self->r, 100));
	/* the mappings hold the file: the last munmap() closes it */
	close(self->e.fd);
	self->e.fd = -1;
	tring_unmap(&self->r);
	EXPECT_EQ(0, if_wait_gone("life0"));
}

TEST_F(life, delete_under_traffic)
{
	struct tun_ring_stats st;

	ASSERT_EQ(0, start(&self->e, &self->r));
	ASSERT_EQ(0, flood_start(&self->f));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, 1));
	ASSERT_EQ(0, pump(&self->r, 100));
	ASSERT_EQ(0, rtnl_del("life0"));
	EXPECT_EQ(-EBADFD, tring_enter(self->e.fd, TUN_RING_ENTER_TX, 0));
	EXPECT_TRUE(fd_wait(self->e.fd, POLLIN, 0) & POLLERR);
	EXPECT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_LT(0, st.rx.packets);
	EXPECT_EQ(0, tring_teardown(self->e.fd));
	EXPECT_EQ(-ENXIO, tring_teardown(self->e.fd));
}

/* A file whose device was deleted gets another device with rings. */
TEST_F(life, another_device)
{
	ASSERT_EQ(0, start(&self->e, &self->r));
	ASSERT_EQ(0, rtnl_del("life0"));
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	tring_unmap(&self->r);
	ASSERT_EQ(0, tunfd_setiff(self->e.fd, "life1", TUN_PLAIN, NULL));
	ASSERT_EQ(0, if_up("life1"));
	close(self->e.sk);
	self->e.sk = psock_open("life1", false);
	ASSERT_EQ(0, start(&self->e, &self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 10, 100));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, 10));
}

/* The first device's rings are torn down when the file gets another device. */
TEST_F(life, another_device_with_old_rings)
{
	ASSERT_EQ(0, start(&self->e, &self->r));
	ASSERT_EQ(0, rtnl_del("life0"));
	ASSERT_EQ(0, tunfd_setiff(self->e.fd, "life1", TUN_PLAIN, NULL));
	ASSERT_EQ(0, if_up("life1"));
	close(self->e.sk);
	self->e.sk = psock_open("life1", false);
	EXPECT_EQ(-ENXIO, tring_enter(self->e.fd, TUN_RING_ENTER_RX, 0));
	EXPECT_EQ(-ENXIO, tring_teardown(self->e.fd));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 5, 100));
	EXPECT_EQ(0, env_expect_plain(&self->e, 0, 5));
	tring_unmap(&self->r);
	ASSERT_EQ(0, start(&self->e, &self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 10, 100));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, 10));
	ASSERT_EQ(0, pump(&self->r, 20));
}

TEST_F(life, down_and_up_under_traffic)
{
	uint8_t buf[2048];
	unsigned int i;
	ssize_t len;

	ASSERT_EQ(0, start(&self->e, &self->r));
	ASSERT_EQ(0, flood_start(&self->f));
	for (i = 0; i < 20; i++) {
		pump(&self->r, 10);
		ASSERT_EQ(0, if_down("life0"));
		ASSERT_EQ(0, if_up("life0"));
	}
	flood_join(&self->f, true);
	close(self->e.sk);
	self->e.sk = psock_open("life0", false);
	/* the flood's last packets are in the device's queue, before this one */
	ASSERT_EQ(0, env_inject(&self->e, UINT32_MAX, 100));
	do {
		len = tring_recv(&self->r, buf, sizeof(buf), NULL);
		ASSERT_LT(0, len);
	} while (seq_of(buf, len, false) != UINT32_MAX);
	EXPECT_EQ(0, tring_tx_drain(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 20, 100));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, 20));
	ASSERT_EQ(0,
		  tring_send(&self->r, buf, seq_pkt(buf, false, 1, 99), NULL));
	EXPECT_EQ(0, env_seen(&self->e, 1, 1));
}

TEST_F(life, txqueuelen_under_traffic)
{
	unsigned int i;

	ASSERT_EQ(0, start(&self->e, &self->r));
	ASSERT_EQ(0, flood_start(&self->f));
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, pump(&self->r, 5));
		ASSERT_EQ(0, if_txqlen("life0", i & 1 ? 1000 : 5));
	}
	EXPECT_EQ(0, flood_join(&self->f, true));
}

/* kill -9 of the only holder, with traffic in both directions. */
TEST_F(life, kill)
{
	unsigned int i;
	int status, p[2];
	char byte;
	pid_t pid;

	for (i = 0; i < 5; i++) {
		struct tun_ring_query q;

		ASSERT_EQ(0, pipe(p));
		ASSERT_LE(0, self->e.fd);
		pid = fork();
		ASSERT_LE(0, pid);
		if (!pid) {
			if (start(&self->e, &self->r) ||
			    tvq_wait(&self->r.rx, 1) || write(p[1], "", 1) != 1)
				_exit(1);
			_exit(pump(&self->r, WAIT_MS) != 0);
		}
		close(self->e.fd);
		self->e.fd = -1;
		close(self->e.sk);
		self->e.sk = -1;
		close(p[1]);
		ASSERT_EQ(0, flood_start(&self->f));
		/* the child has received a packet */
		ASSERT_EQ(1, read(p[0], &byte, 1));
		close(p[0]);
		usleep(i * 5000);
		ASSERT_EQ(0, kill(pid, SIGKILL));
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		EXPECT_TRUE(WIFSIGNALED(status));
		flood_join(&self->f, true);
		ASSERT_EQ(0, if_wait_gone("life0"));
		self->f = (struct flood) { .name = "life0", .len = 200 };
		self->e.fd = tunfd_create_up("life0", TUN_PLAIN);
		ASSERT_EQ(0, tring_query(self->e.fd, &q));
		EXPECT_EQ(TUN_RING_MODE_PLAIN, q.mode);
	}
}

/* A device that moves keeps its rings, and the file keeps working. */
TEST_F(life, moved_to_another_netns)
{
	int home = ns_open(), ns;

	ASSERT_LE(0, home);
	ASSERT_EQ(0, start(&self->e, &self->r));
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ns = ns_open();
	ASSERT_EQ(0, setns(home, CLONE_NEWNET));
	ASSERT_EQ(0, rtnl_netns("life0", ns));
	ASSERT_EQ(0, setns(ns, CLONE_NEWNET));
	file_put("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
	ASSERT_EQ(0, if_up("life0"));
	close(self->e.sk);
	self->e.sk = psock_open("life0", false);
	ASSERT_LE(0, self->e.sk);
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 50, 100));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, 50));
	ASSERT_EQ(0, pump(&self->r, 20));
	close(home);
	close(ns);
}

/* Moves the device to a namespace of this process alone. */
static int in_new_netns(void *arg)
{
	int home = ns_open(), ns, ret;

	if (unshare(CLONE_NEWNET))
		return -errno;
	ns = ns_open();
	if (setns(home, CLONE_NEWNET))
		return -errno;
	ret = rtnl_netns("life0", ns);
	if (ret)
		return ret;
	if (setns(ns, CLONE_NEWNET))
		return -errno;
	return if_up("life0");
}

/* The namespace is removed with its last process, and the device with it. */
TEST_F(life, netns_removed)
{
	long end = now_ms() + WAIT_MS;

	ASSERT_EQ(0, start(&self->e, &self->r));
	close(self->e.sk);
	self->e.sk = -1;
	ASSERT_EQ(0, child_run(in_new_netns, NULL));
	while (!(fd_wait(self->e.fd, POLLIN, 100) & POLLERR))
		ASSERT_GT(end, now_ms());
	EXPECT_EQ(-EBADFD, tring_enter(self->e.fd, TUN_RING_ENTER_TX, 0));
	EXPECT_EQ(0, self->r.device[self->r.s.device_len - 1]);
}

/* A persistent device outlives its queue and accepts another queue with rings. */
TEST_F(life, persistent)
{
	unsigned int i;

	ASSERT_EQ(0, tunfd_ioctl(self->e.fd, TUNSETPERSIST, 1));
	for (i = 0; i < 4; i++) {
		ASSERT_EQ(0, start(&self->e, &self->r));
		ASSERT_EQ(0, env_inject_n(&self->e, 0, 20, 100));
		ASSERT_EQ(0, env_expect(&self->e, &self->r, 0, 20));
		/* every second time, packets wait when the queue is closed */
		if (i & 1)
			ASSERT_EQ(0, env_inject_n(&self->e, 0, 60, 100));
		close(self->e.fd);
		tring_unmap(&self->r);
		EXPECT_TRUE(if_exists("life0"));
		self->e.fd = tunfd_create_up("life0", TUN_PLAIN);
		ASSERT_LE(0, self->e.fd);
		fd_drain(self->e.fd);
		close(self->e.sk);
		self->e.sk = psock_open("life0", false);
	}
	ASSERT_EQ(0, tunfd_ioctl(self->e.fd, TUNSETPERSIST, 0));
}

TEST_HARNESS_MAIN
