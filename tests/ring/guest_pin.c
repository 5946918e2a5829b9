// SPDX-License-Identifier: GPL-2.0
/* Guests in pinned memory: start, stop, kicks, full rings, refusals. */
#include <sys/mman.h>

#include "guest_pin.h"

TEST_F(gpin, flags)
{
	struct tun_ring_guest bad = { .reserved = { 0, 0, 1 } };
	int fd = tunfd_open();

	EXPECT_EQ(-EBUSY, guest_flags(self->g.ctl, 0));
	EXPECT_EQ(-EOPNOTSUPP, guest_flags(fd, 8));
	EXPECT_EQ(-EINVAL, guest_flags(fd, TUN_RING_GUEST_PIN |
				       TUN_RING_GUEST_DROP |
				       TUN_RING_GUEST_FLOW));
	EXPECT_EQ(0, guest_flags(fd, TUN_RING_GUEST_PIN | TUN_RING_GUEST_FLOW));
	EXPECT_EQ(-EINVAL, tunfd_ioctlp(fd, TUNRINGGUEST, &bad));
	EXPECT_EQ(-EFAULT, tunfd_ioctlp(fd, TUNRINGGUEST, NULL));
	EXPECT_EQ(0, guest_flags(fd, TUN_RING_GUEST_PIN | TUN_RING_GUEST_DROP));
	EXPECT_EQ(0, guest_flags(fd, 0));
	close(fd);
}

/*
 * The memory table is locked while it is set, the rings are locked while they
 * run.
 */
TEST_F(gpin, locked)
{
	struct guest *g = &self->g;
	long pool = G_POOL / 1024;

	EXPECT_EQ(pool, proc_status_kb("VmLck:"));
	EXPECT_SERVER("");
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	EXPECT_SERVER("kernel");
	EXPECT_EQ(pool + G_RINGS / 1024, proc_status_kb("VmLck:"));
	ASSERT_EQ(0, guest_table_default(g));
	EXPECT_EQ(pool + G_RINGS / 1024, proc_status_kb("VmLck:"));
	ASSERT_EQ(0, guest_file(g, VHOST_NET_SET_BACKEND, G_RX, -1));
	EXPECT_EQ(pool + G_RINGS / 2048, proc_status_kb("VmLck:"));
	ASSERT_EQ(0, guest_file(g, VHOST_NET_SET_BACKEND, G_TX, -1));
	EXPECT_EQ(pool, proc_status_kb("VmLck:"));
	ASSERT_EQ(0, guest_table(g, NULL, 0));
	EXPECT_EQ(0, proc_status_kb("VmLck:"));
	/* the flag survives a change of the owner */
	ASSERT_EQ(0, guest_ioctl(g, VHOST_RESET_OWNER, NULL));
	ASSERT_EQ(0, guest_ioctl(g, VHOST_SET_OWNER, NULL));
	ASSERT_EQ(0, guest_table_default(g));
	EXPECT_EQ(pool, proc_status_kb("VmLck:"));
}

/* A kick transmits at once. guest_coalesce.c tests the thread. */
TEST_F(gpin, kick)
{
	struct guest *g = &self->g;
	struct tun_ring_stats st;

	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	EXPECT_EQ(0, guest_works(g, &self->e, 0));
	EXPECT_EQ(0, guest_works(g, &self->e, 1));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(2, st.tx.packets);
	EXPECT_EQ(2, st.tx.kicks);
	EXPECT_EQ(2, st.rx.packets);
	EXPECT_EQ(TUN_RING_MODE_GUEST, st.mode);
	EXPECT_SERVER("kernel");
}

/* One direction is started at a time, in either order. */
TEST_F(gpin, one_by_one)
{
	struct guest *g = &self->g;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0,
			  guest_file(g, VHOST_NET_SET_BACKEND, i, self->e.fd));
		ASSERT_EQ(-EBUSY, guest_vring(g, VHOST_SET_VRING_NUM, i, 8));
		/* a kick for the stopped ring has no effect */
		guest_kick(g, !i);
		guest_kick(g, i);
		ASSERT_EQ(0, thread_wait_idle(getpid()));
		ASSERT_EQ(0,
			  guest_file(g, VHOST_NET_SET_BACKEND, !i, self->e.fd));
		if (!i)
			guest_fill(g);
		EXPECT_EQ(0, guest_works(g, &self->e, i));
		ASSERT_EQ(0, guest_stop(g));
		EXPECT_EQ(tvq_used_idx(&g->vq[G_RX]), guest_base(g, G_RX));
		EXPECT_EQ(tvq_used_idx(&g->vq[G_TX]), guest_base(g, G_TX));
	}
}

/*
 * The rx ring is stopped and started under traffic: no packet is lost or
 * reordered.
 */
TEST_F(gpin, stop_and_start)
{
	struct guest *g = &self->g;
	unsigned int i;

	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	for (i = 0; i < 8; i++) {
		ASSERT_EQ(0, env_inject_n(&self->e, i * 30, 30, 100));
		ASSERT_EQ(0, guest_transmit(g, &self->e, i * 3, 3));
		ASSERT_EQ(0, env_seen(&self->e, i * 3, 3));
		/* packets wait in the fifo meanwhile */
		ASSERT_EQ(0, guest_file(g, VHOST_NET_SET_BACKEND, G_RX, -1));
		ASSERT_EQ(0, guest_transmit(g, &self->e, 7, 1));
		ASSERT_EQ(0, env_seen(&self->e, 7, 1));
		ASSERT_EQ(0, guest_file(g, VHOST_NET_SET_BACKEND, G_RX,
					self->e.fd));
		ASSERT_EQ(0, guest_expect(g, false, i * 30, 30));
	}
	EXPECT_SERVER("kernel");
}

/* Entries used by the start are signalled, too. */
TEST_F(gpin, start_signals_used_entries)
{
	struct guest *g = &self->g;
	uint8_t pkt[128];

	ASSERT_EQ(0, env_inject_n(&self->e, 0, 5, 100));
	guest_fill(g);
	guest_put(g, NULL, pkt, seq_pkt(pkt, false, 0, 100));
	tvq_set_used_event(&g->vq[G_RX], 0);
	tvq_set_used_event(&g->vq[G_TX], 0);
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	EXPECT_LT(0, guest_signalled(g->call[G_RX], WAIT_MS));
	EXPECT_LT(0, guest_signalled(g->call[G_TX], WAIT_MS));
	EXPECT_EQ(0, guest_expect(g, false, 0, 5));
}

/* The driver holds the pages after the monitor unmapped them. */
TEST_F(gpin, unmapped)
{
	struct guest *g = &self->g;
	struct tun_ring_stats st;

	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	ASSERT_EQ(0, guest_works(g, &self->e, 0));
	ASSERT_EQ(0, munmap(g->pool, G_POOL));
	ASSERT_EQ(0, env_inject_n(&self->e, 1, 5, 100));
	EXPECT_EQ(0, tvq_wait(&g->vq[G_RX], 5));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(0, st.broken);
	ASSERT_EQ(g->pool, mmap(g->pool, G_POOL, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
}

/* Without buffers, packets wait in the fifo and are not lost. */
TEST_F(gpin, full)
{
	struct guest *g = &self->g;
	struct tun_ring_stats st;

	ASSERT_EQ(0, guest_start(g, self->e.fd));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 100, 100));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_LT(0, st.rx.full);
	EXPECT_EQ(0, st.rx.packets);
	guest_fill(g);
	EXPECT_EQ(0, guest_expect(g, false, 0, 100));
}

/* With TUN_RING_GUEST_DROP the packets are dropped instead. */
TEST_F(gpin, full_drops)
{
	struct guest *g = &self->g;
	struct tun_ring_stats st;

	ASSERT_EQ(0, guest_ioctl(g, VHOST_RESET_OWNER, NULL));
	close(g->ctl);
	g->ctl = variant->apart ? tunfd_open() : dup(self->e.fd);
	ASSERT_EQ(0, guest_flags(g->ctl,
				 TUN_RING_GUEST_PIN | TUN_RING_GUEST_DROP));
	ASSERT_EQ(0, guest_ioctl(g, VHOST_SET_OWNER, NULL));
	ASSERT_EQ(0, guest_features(g, G_V1));
	ASSERT_EQ(0, guest_table_default(g));
	ASSERT_EQ(0, guest_describe(g, G_RX));
	ASSERT_EQ(0, guest_describe(g, G_TX));
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 100, 100));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(100, st.rx.dropped);
	guest_fill(g);
	EXPECT_EQ(0, guest_works(g, &self->e, 100));
}

/* TUNRINGENTER is refused while one of the rings is stopped. */
TEST_F(gpin, enter_is_refused)
{
	struct guest *g = &self->g;
	unsigned int flags = TUN_RING_ENTER_RX | TUN_RING_ENTER_TX, i;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, guest_file(g, VHOST_NET_SET_BACKEND, G_TX,
					self->e.fd));
		EXPECT_EQ(-EBUSY, tring_enter(self->e.fd, flags, 0));
		EXPECT_EQ(-EBUSY,
			  tring_enter(self->e.fd, flags | TUN_RING_ENTER_WAIT,
				      1000));
		EXPECT_EQ(0, write(self->e.fd, NULL, 0));
		/* in the second round the ring had been started before */
		ASSERT_EQ(0, guest_file(g, VHOST_NET_SET_BACKEND, G_RX,
					self->e.fd));
		ASSERT_EQ(0, guest_stop(g));
		ASSERT_EQ(0, guest_start(g, self->e.fd));
		ASSERT_EQ(0, guest_file(g, VHOST_NET_SET_BACKEND, G_RX, -1));
	}
}

TEST_HARNESS_MAIN
