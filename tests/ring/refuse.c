// SPDX-License-Identifier: GPL-2.0
/*
 * unprivileged_rings, an option of the module: an administrator refuses rings to
 * users without CAP_NET_ADMIN in the initial user namespace.
 */
#include "attach.h"
#include "env.h"
#include "guest.h"
#include "harness.h"

#define OPTION	"/sys/module/tun/parameters/unprivileged_rings"

static const struct aconf conf = { .c = { F_META, 16, 16, 2048, 0 } };

static int set_option(const char *value)
{
	int fd = open(OPTION, O_WRONLY | O_CLOEXEC), ret;

	if (fd < 0)
		return -errno;
	ret = write(fd, value, 1) == 1 ? 0 : -errno;
	close(fd);
	return ret;
}

static int mapped_rings(int fd)
{
	struct tring r;
	int ret = tring_setup(&r, fd, &conf.c);

	tring_unmap(&r);
	return ret;
}

static int attached_rings(int fd)
{
	struct tring r = { .fd = -1 };
	int ret = attach_alloc(&r, &conf);

	if (!ret)
		ret = attach_rings(&r, fd, &conf);
	tring_unmap(&r);
	return ret;
}

static int guest_rings(int fd)
{
	struct guest g;
	int ret = guest_open(&g, dup(fd), G_V1, 0);

	if (!ret)
		ret = guest_start(&g, fd);
	guest_close(&g);
	return ret;
}

FIXTURE(refuse) {
	struct env e;
};

FIXTURE_VARIANT(refuse) {
	int (*set_up)(int fd);
};

FIXTURE_VARIANT_ADD(refuse, mapped) { mapped_rings };
FIXTURE_VARIANT_ADD(refuse, attached) { attached_rings };
FIXTURE_VARIANT_ADD(refuse, guest) { guest_rings };

FIXTURE_SETUP(refuse)
{
	ASSERT_EQ(0, env_open(&self->e, "refuse0", TUN_PLAIN));
	ASSERT_EQ(0, set_option("N"));
}

FIXTURE_TEARDOWN(refuse)
{
	EXPECT_EQ(0, set_option("Y"));
	env_close(&self->e);
}

struct refuse_call {
	int (*set_up)(int fd);
	int fd;
};

static int set_up(void *arg)
{
	struct refuse_call *c = arg;

	return c->set_up(c->fd);
}

/* A queue of root's, which a process without privileges has, too. */
static int as_user(int (*fn)(int fd), int fd)
{
	struct refuse_call c = { fn, fd };

	return child_as_user(65534, 65534, set_up, &c);
}

/* read(2) and write(2) of the queue. */
static int plain_works(struct env *e)
{
	uint8_t pkt[128];
	size_t len = seq_pkt(pkt, false, 9, 100);
	int ret = env_inject_n(e, 0, 3, 100);

	if (!ret)
		ret = env_expect_plain(e, 0, 3);
	if (!ret && write(e->fd, pkt, len) != (ssize_t)len)
		ret = -errno;
	return ret ?: env_seen(e, 9, 1);
}

TEST_F(refuse, user)
{
	EXPECT_EQ(-EPERM, as_user(variant->set_up, self->e.fd));
	EXPECT_EQ(0, plain_works(&self->e));
}

TEST_F(refuse, administrator)
{
	EXPECT_EQ(0, variant->set_up(self->e.fd));
}

/* As the module does by default. */
TEST_F(refuse, user_once_permitted)
{
	ASSERT_EQ(0, set_option("Y"));
	EXPECT_EQ(0, as_user(variant->set_up, self->e.fd));
}

static int own_queue(void *arg)
{
	struct refuse_call *c = arg;

	c->fd = tunfd_create("refuse1", TUN_PLAIN);
	return c->fd < 0 ? c->fd : set_up(c);
}

/* The user has all capabilities, but in a user namespace of its own. */
TEST_F(refuse, user_namespace)
{
	struct refuse_call c = { variant->set_up };

	EXPECT_EQ(-EPERM, child_in_userns(own_queue, &c));
	ASSERT_EQ(0, set_option("Y"));
	EXPECT_EQ(0, child_in_userns(own_queue, &c));
}

/* The queue keeps the rings that it has. */
TEST(rings_in_use)
{
	struct env e;
	struct tring r;

	ASSERT_EQ(0, env_open(&e, "refuse0", TUN_PLAIN));
	ASSERT_EQ(0, tring_start(&r, e.fd, &conf.c));
	ASSERT_EQ(0, set_option("N"));
	EXPECT_EQ(0, env_inject_n(&e, 0, 3, 100));
	EXPECT_EQ(0, env_expect(&e, &r, 0, 3));
	EXPECT_EQ(0, set_option("Y"));
	tring_unmap(&r);
	env_close(&e);
}

TEST_HARNESS_MAIN
