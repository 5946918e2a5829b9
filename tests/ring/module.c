// SPDX-License-Identifier: GPL-2.0
/* The module stays loaded while it is in use, and can be unloaded afterwards. */
#include <sys/syscall.h>

#include "env.h"
#include "harness.h"

static int unload(void)
{
	return syscall(SYS_delete_module, "tun", O_NONBLOCK) ? -errno : 0;
}

/* Devices are freed in the background, so the first tries may fail. */
static int unload_soon(void)
{
	long end = now_ms() + WAIT_MS;
	int ret;

	while ((ret = unload()) == -EWOULDBLOCK && now_ms() < end)
		usleep(5000);
	return ret;
}

FIXTURE(module) {
	struct env e;
	struct tring r;
};

FIXTURE_SETUP(module)
{
	struct tconf c = { F_META | F_EVENT, 16, 16, 2048, 0 };

	ASSERT_EQ(0, env_open(&self->e, "module0", TUN_PLAIN));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 40, 100));
}

FIXTURE_TEARDOWN(module)
{
	tring_unmap(&self->r);
	env_close(&self->e);
	EXPECT_EQ(0, if_wait_gone("module0"));
	EXPECT_EQ(0, unload_soon());
	EXPECT_EQ(0, cmd_run("modprobe tun"));
}

TEST_F(module, open_file_keeps_it)
{
	EXPECT_EQ(-EWOULDBLOCK, unload());
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, 40));
}

TEST_F(module, mapping_keeps_it)
{
	close(self->e.fd);
	self->e.fd = -1;
	EXPECT_EQ(-EWOULDBLOCK, unload());
	self->r.pool[0] = 1;
	EXPECT_EQ(16, tvq_pending(&self->r.rx));
}

TEST_F(module, file_without_device_keeps_it)
{
	ASSERT_EQ(0, rtnl_del("module0"));
	EXPECT_EQ(-EWOULDBLOCK, unload());
}

static void *waits(void *arg)
{
	tring_enter(*(int *)arg, TUN_RING_ENTER_WAIT, -1);
	return NULL;
}

/* The file is closed while a call is blocked in the module. */
TEST_F(module, sleeping_call_keeps_it)
{
	int fd = self->e.fd;
	pthread_t t;

	tvq_take(&self->r.rx, 16);
	ASSERT_LT(0, thread_start_blocked(&t, waits, &fd));
	tring_unmap(&self->r);
	close(self->e.fd);
	self->e.fd = -1;
	EXPECT_EQ(-EWOULDBLOCK, unload());
	ASSERT_EQ(0, rtnl_del("module0"));
	ASSERT_EQ(0, pthread_join(t, NULL));
}

TEST_HARNESS_MAIN
