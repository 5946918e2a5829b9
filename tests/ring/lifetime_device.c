// SPDX-License-Identifier: GPL-2.0
/* Another device of one file, another namespace, another queue of one device. */
#include <sched.h>

#include "lifetime.h"

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
