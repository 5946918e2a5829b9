// SPDX-License-Identifier: GPL-2.0
/* Closing, killing and deleting with traffic in flight. */
#include "lifetime.h"

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

TEST_HARNESS_MAIN
