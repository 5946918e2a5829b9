// SPDX-License-Identifier: GPL-2.0
/* Files, devices, namespaces and processes that go away under a guest's rings. */
#include <pthread.h>
#include <sched.h>

#include "guest.h"

#define STOCK_ONLY_VARIANT	"own"
#include "harness.h"

FIXTURE(gend) {
	struct env e;
	struct guest g;
	struct flood f;
};

FIXTURE_VARIANT(gend) {
	bool apart;		/* the control file has no device */
	bool pin;
};

GUEST_VARIANTS(gend, own, false);
GUEST_VARIANTS(gend, apart, true);

FIXTURE_SETUP(gend)
{
	ASSERT_EQ(0, env_open(&self->e, "guest0", TUN_PLAIN));
	ASSERT_EQ(0, guest_open_in(&self->g, variant->apart ? tunfd_open() :
				   dup(self->e.fd), variant->pin, G_V1, 0));
	self->f = (struct flood) { .name = "guest0", .len = 200 };
	ASSERT_EQ(0, guest_start(&self->g, self->e.fd));
	guest_fill(&self->g);
}

FIXTURE_TEARDOWN(gend)
{
	if (self->f.running)
		flood_join(&self->f, true);
	guest_close(&self->g);
	env_close(&self->e);
}

TEST_F(gend, device_deleted)
{
	struct guest *g = &self->g;

	ASSERT_EQ(0, flood_start(&self->f));
	ASSERT_EQ(0, guest_expect(g, false, 0, 100));
	ASSERT_EQ(0, rtnl_del("guest0"));
	EXPECT_TRUE(fd_wait(self->e.fd, POLLIN, 0) & POLLERR);
	guest_kick(g, G_TX);
	EXPECT_EQ(0, guest_stop(g));
	EXPECT_EQ(-EINVAL, guest_start(g, self->e.fd));
}

/* The device is deleted, and the file gets another one while the guest runs. */
TEST_F(gend, another_device)
{
	struct guest *g = &self->g;

	ASSERT_EQ(0, rtnl_del("guest0"));
	ASSERT_EQ(0, tunfd_setiff(self->e.fd, "guest1", TUN_PLAIN, NULL));
	ASSERT_EQ(0, if_up("guest1"));
	close(self->e.sk);
	self->e.sk = psock_open("guest1", false);
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	EXPECT_EQ(0, guest_works(g, &self->e, 0));
}

TEST_F(gend, namespace_removed)
{
	struct guest *g = &self->g;
	int old = ns_open(), new;

	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	new = ns_open();
	ASSERT_EQ(0, setns(old, CLONE_NEWNET));
	ASSERT_EQ(0, rtnl_netns("guest0", new));
	close(new);
	close(old);
	ASSERT_TRUE(fd_wait(self->e.fd, 0, WAIT_MS) & POLLERR);
	guest_kick(g, G_TX);
	EXPECT_EQ(0, guest_stop(g));
	EXPECT_EQ(-EINVAL, guest_start(g, self->e.fd));
}

TEST_F(gend, moved_to_another_netns)
{
	struct guest *g = &self->g;
	int old = ns_open(), new;

	ASSERT_EQ(0, ns_fresh());
	new = ns_open();
	ASSERT_EQ(0, setns(old, CLONE_NEWNET));
	ASSERT_EQ(0, rtnl_netns("guest0", new));
	ASSERT_EQ(0, setns(new, CLONE_NEWNET));
	ASSERT_EQ(0, if_up("guest0"));
	close(self->e.sk);
	self->e.sk = psock_open("guest0", false);
	EXPECT_EQ(0, guest_works(g, &self->e, 0));
	close(new);
	close(old);
}

struct closing {
	pthread_barrier_t start;
	int fd;
	int stop;
};

static void *close_it(void *arg)
{
	struct closing *c = arg;

	pthread_barrier_wait(&c->start);
	close(c->fd);
	return NULL;
}

/* Takes rtnl repeatedly, so that other threads must wait for it. */
static void *configure(void *arg)
{
	struct closing *c = arg;
	int mtu = 1000;

	while (!__atomic_load_n(&c->stop, __ATOMIC_RELAXED))
		if_mtu("other0", mtu++ % 500 + 1000);
	return NULL;
}

FIXTURE(greplace) {
	struct env e;
	struct guest g;
};

FIXTURE_VARIANT(greplace) {
	bool pin;
};

FIXTURE_VARIANT_ADD(greplace, apart) { false };
FIXTURE_VARIANT_ADD(greplace, apart_pinned) { true };

FIXTURE_SETUP(greplace)
{
	ASSERT_EQ(0, env_open(&self->e, "guest0", TUN_PLAIN));
	ASSERT_EQ(0, guest_open_in(&self->g, tunfd_open(), variant->pin,
				   G_V1, 0));
	ASSERT_EQ(0, guest_start(&self->g, self->e.fd));
	guest_fill(&self->g);
}

FIXTURE_TEARDOWN(greplace)
{
	guest_close(&self->g);
	env_close(&self->e);
}

/* Setting an invalid backend races with the last close() of the current one. */
TEST_F(greplace, closed_meanwhile)
{
	int none = tunfd_open(), other = tunfd_create_up("other0", TUN_PLAIN);
	struct guest *g = &self->g;
	struct closing c = { };
	pthread_t closer, busy;
	int i;

	pthread_barrier_init(&c.start, NULL, 2);
	ASSERT_EQ(0, pthread_create(&busy, NULL, configure, &c));
	for (i = 0; i < 30; i++) {
		c.fd = self->e.fd;
		ASSERT_EQ(0, pthread_create(&closer, NULL, close_it, &c));
		pthread_barrier_wait(&c.start);
		usleep(i * 20);
		guest_file(g, VHOST_NET_SET_BACKEND, G_RX, none);
		ASSERT_EQ(0, pthread_join(closer, NULL));
		guest_kick(g, G_RX);
		ASSERT_EQ(0, thread_wait_idle(getpid()));
		ASSERT_EQ(0, guest_stop(g));
		ASSERT_EQ(0, if_wait_gone("guest0"));
		self->e.fd = tunfd_create_up("guest0", TUN_PLAIN);
		ASSERT_LE(0, self->e.fd);
		ASSERT_EQ(0, guest_start(g, self->e.fd));
	}
	__atomic_store_n(&c.stop, 1, __ATOMIC_RELAXED);
	pthread_join(busy, NULL);
	close(other);
	close(none);
}

TEST_F(gend, control_closed_first)
{
	struct guest *g = &self->g;
	struct tun_ring_stats st;

	ASSERT_EQ(0, flood_start(&self->f));
	ASSERT_EQ(0, guest_expect(g, false, 0, 100));
	close(g->ctl);
	g->ctl = -1;
	if (variant->apart)
		EXPECT_EQ(-ENXIO, tring_stats(self->e.fd, &st));
	close(self->e.fd);
	self->e.fd = -1;
	EXPECT_EQ(0, if_wait_gone("guest0"));
}

TEST_F(gend, tun_closed_first)
{
	struct guest *g = &self->g;

	ASSERT_EQ(0, flood_start(&self->f));
	ASSERT_EQ(0, guest_expect(g, false, 0, 100));
	close(self->e.fd);
	self->e.fd = -1;
	if (variant->apart)
		EXPECT_EQ(0, if_wait_gone("guest0"));
	EXPECT_EQ(0, guest_stop(g));
	close(g->ctl);
	g->ctl = -1;
	EXPECT_EQ(0, if_wait_gone("guest0"));
}

/* The last descriptor is one received by SCM_RIGHTS. */
TEST_F(gend, passed_by_scm_rights)
{
	struct guest *g = &self->g;
	int sk[2];

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sk));
	ASSERT_EQ(0, fd_send(sk[0], g->ctl));
	ASSERT_EQ(0, fd_send(sk[0], self->e.fd));
	close(g->ctl);
	close(self->e.fd);
	EXPECT_EQ(0, env_inject(&self->e, 0, 100));
	EXPECT_EQ(0, guest_expect(g, false, 0, 1));
	g->ctl = fd_recv(sk[1]);
	self->e.fd = fd_recv(sk[1]);
	EXPECT_EQ(0, guest_works(g, &self->e, 1));
	EXPECT_EQ(0, guest_stop(g));
	/* a descriptor that nobody receives is closed with the sockets */
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	ASSERT_EQ(0, fd_send(sk[0], g->ctl));
	close(sk[0]);
	close(sk[1]);
	EXPECT_EQ(0, guest_works(g, &self->e, 2));
}

TEST_HARNESS_MAIN
