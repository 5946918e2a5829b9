// SPDX-License-Identifier: GPL-2.0
/*
 * Busy polling of the kernel for a user is short, and the user sees how long.
 * The user is nobody, with all capabilities in a user namespace of its own.
 */
#include "attach.h"
#include "guest.h"
#include "harness.h"

static int open_queue(const char *name)
{
	return tunfd_create(name, TUN_PLAIN | IFF_MULTI_QUEUE);
}

static long fdinfo(int fd, const char *name)
{
	char path[64], buf[2048], *p;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	if (file_get(path, buf, sizeof(buf)) < 0)
		return -1;
	p = strstr(buf, name);
	return p ? atol(p + strlen(name)) : -1;
}

static int poll_asked(void *arg)
{
	unsigned int asked = 1000, want = *(unsigned int *)arg;
	struct tconf c = { F_META, 16, 16, 2048, 0 };
	struct tun_ring_setup s = tring_params(&c);
	int fd = open_queue("user0"), ret;

	s.tx_poll_us = asked;
	ret = tring_setup_raw(fd, &s);
	if (ret)
		return ret;
	if (s.tx_poll_us != want || fdinfo(fd, "ring-tx-poll-us:") != want)
		return s.tx_poll_us ?: 1;
	return tring_teardown(fd);
}

static int poll_asked_attached(void *arg)
{
	unsigned int want = *(unsigned int *)arg;
	struct aconf c = { .c = { F_META, 16, 16, 2048, 0 }, .pin = true };
	struct tring r = { };
	struct tun_ring_attach a;
	int fd = open_queue("user0"), ret;

	ret = attach_alloc(&r, &c);
	ret = ret ?: attach_pool(&r, fd, true);
	a = attach_params(&r, &c);
	a.tx_poll_us = 1000;
	ret = ret ?: attach_raw(fd, &a);
	if (!ret && fdinfo(fd, "ring-tx-poll-us:") != want)
		ret = 1;
	return ret;
}

static int poll_asked_guest(void *arg)
{
	unsigned int want = *(unsigned int *)arg;
	struct vhost_vring_state s = { .index = G_TX };
	struct guest g;
	int ret = guest_open(&g, open_queue("user0"), G_V1, 0);

	ret = ret ?: guest_vring(&g, VHOST_SET_VRING_BUSYLOOP_TIMEOUT, G_TX,
				 1000);
	ret = ret ?: guest_ioctl(&g, VHOST_GET_VRING_BUSYLOOP_TIMEOUT, &s);
	return ret ?: s.num == want ? 0 : 1;
}

FIXTURE(polling) {
};

FIXTURE_VARIANT(polling) {
	int (*ask)(void *);
};

FIXTURE_VARIANT_ADD(polling, mapped) { poll_asked };
FIXTURE_VARIANT_ADD(polling, attached) { poll_asked_attached };
FIXTURE_VARIANT_ADD(polling, guest) { poll_asked_guest };

FIXTURE_SETUP(polling)
{
	ASSERT_EQ(0, ns_fresh());
}

FIXTURE_TEARDOWN(polling)
{
}

TEST_F(polling, of_root)
{
	unsigned int want = 1000;

	EXPECT_EQ(0, child_run(variant->ask, &want));
}

TEST_F(polling, of_a_user)
{
	unsigned int want = TUN_RING_FREE_POLL_US;

	EXPECT_EQ(0, child_in_userns(variant->ask, &want));
}

TEST_HARNESS_MAIN
