// SPDX-License-Identifier: GPL-2.0
/* The privilege that the feature for marks needs. */
#include <sched.h>
#include <linux/capability.h>
#include <sys/syscall.h>

#include "env.h"
#include "harness.h"

/* Drops all capabilities of the process except these. */
static int drop_caps(uint64_t keep)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2] = {
		{ keep, keep, 0 }, { keep >> 32, keep >> 32, 0 },
	};

	return syscall(SYS_capset, &h, d) ? -errno : 0;
}

struct attempt {
	int fd;
	uint64_t caps, features;
};

static int setup_with_caps(void *arg)
{
	struct attempt *a = arg;
	struct tconf c = { a->features, 8, 8, 2048, 0 };
	struct tun_ring_setup s = tring_params(&c);

	return drop_caps(a->caps) ?: tring_setup_raw(a->fd, &s);
}

/* root of another user namespace has no privilege over the device's namespace */
static int setup_in_userns(void *arg)
{
	struct attempt *a = arg;
	struct tconf c = { a->features, 8, 8, 2048, 0 };
	struct tun_ring_setup s = tring_params(&c);

	if (unshare(CLONE_NEWUSER))
		return -errno;
	return tring_setup_raw(a->fd, &s);
}

static void check_caps(struct __test_metadata *_metadata, struct attempt a,
		       int want, int (*fn)(void *))
{
	EXPECT_EQ(want, child_run(fn, &a));
	if (!want)
		EXPECT_EQ(0, tring_teardown(a.fd));
}

/* The feature for marks needs a privilege, the other features do not. */
TEST(privilege)
{
	uint64_t mark = F_META | F_MARK, all = F_ALL & ~(F_MARK | F_FLOW);
	struct env e;

	ASSERT_EQ(0, env_open(&e, "priv0", TUN_PLAIN));
	check_caps(_metadata, (struct attempt) { e.fd, 0, mark }, -EPERM,
		   setup_with_caps);
	check_caps(_metadata, (struct attempt) { e.fd, 1 << CAP_SYS_ADMIN,
						 mark }, -EPERM,
		   setup_with_caps);
	check_caps(_metadata, (struct attempt) { e.fd, 1 << CAP_NET_RAW,
						 mark }, 0, setup_with_caps);
	check_caps(_metadata, (struct attempt) { e.fd, 1 << CAP_NET_ADMIN,
						 mark }, 0, setup_with_caps);
	check_caps(_metadata, (struct attempt) { e.fd, 0, mark }, -EPERM,
		   setup_in_userns);
	check_caps(_metadata, (struct attempt) { e.fd, 0, all }, 0,
		   setup_with_caps);
	check_caps(_metadata, (struct attempt) { e.fd, 0, all }, 0,
		   setup_in_userns);
	env_close(&e);
}

TEST_HARNESS_MAIN
