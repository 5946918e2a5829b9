// SPDX-License-Identifier: GPL-2.0
/* Guests in pinned memory: the server of their rings, and changes of it. */
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "attach.h"
#include "dirty.h"
#include "guest.h"
#include "harness.h"

FIXTURE(gpin) {
	struct env e;
	struct guest g;
	struct flood f;
};

FIXTURE_VARIANT(gpin) {
	bool apart;
};

FIXTURE_VARIANT_ADD(gpin, own) { false };
FIXTURE_VARIANT_ADD(gpin, apart) { true };

FIXTURE_SETUP(gpin)
{
	ASSERT_EQ(0, env_open(&self->e, "guest0", TUN_PLAIN));
	ASSERT_EQ(0, proc_status_kb("VmLck:"));
	ASSERT_EQ(0, guest_open_pinned(&self->g, variant->apart ? tunfd_open() :
				       dup(self->e.fd), G_V1 | G_EVENT, 0));
	self->f = (struct flood) { .name = "guest0", .len = 200,
				   .window = 64 };
}

FIXTURE_TEARDOWN(gpin)
{
	if (self->f.running)
		flood_join(&self->f, true);
	guest_close(&self->g);
	env_close(&self->e);
	EXPECT_EQ(0, proc_status_kb("VmLck:"));
}

#define EXPECT_SERVER(who)	EXPECT_STREQ(who, guest_server(self->e.fd))

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

static uint8_t *log_memory(struct guest *g)
{
	uint8_t *log = mmap(NULL, DIRTY_BYTES, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t at = (uintptr_t)log;

	return guest_ioctl(g, VHOST_SET_LOG_BASE, &at) ? NULL : log;
}

/* Is any page dirty that packets are received into? */
static bool any_dirty(const uint8_t *log)
{
	unsigned int i;

	for (i = 0; i < G_ENTRIES; i++)
		if (dirty_is_set(log, i))
			return true;
	return false;
}

/* Logging switches to the worker, and back, under traffic. */
TEST_F(gpin, logging)
{
	struct guest *g = &self->g;
	uint8_t *log = log_memory(g);
	struct tun_ring_stats st;
	uint32_t seq = 0;
	unsigned int i;

	ASSERT_NE(NULL, log);
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	ASSERT_EQ(0, flood_start(&self->f));
	for (i = 0; i < 6; i++) {
		ASSERT_EQ(0, guest_expect(g, false, seq, 25));
		seq += 25;
		flood_done(&self->f, seq);
		memset(log, 0, DIRTY_BYTES);
		ASSERT_EQ(0, guest_features(g, G_V1 | G_EVENT | G_LOG));
		EXPECT_SERVER("worker");
		ASSERT_EQ(0, guest_expect(g, false, seq, 25));
		seq += 25;
		flood_done(&self->f, seq);
		/* more packets than buffers were available before the switch */
		EXPECT_TRUE(any_dirty(log));
		ASSERT_EQ(0, guest_transmit(g, &self->e, i, 1));
		ASSERT_EQ(0, guest_features(g, G_V1 | G_EVENT));
		EXPECT_SERVER("kernel");
		ASSERT_EQ(0, guest_transmit(g, &self->e, i, 1));
	}
	EXPECT_EQ(0, flood_join(&self->f, true));
	/* the counters are not reset */
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(12, st.tx.packets);
	EXPECT_LE(seq, st.rx.packets);
	munmap(log, DIRTY_BYTES);
}

/* SET_VRING_ADDR enables logging for one used ring. */
TEST_F(gpin, logging_of_a_ring)
{
	struct guest *g = &self->g;
	uint8_t *log = log_memory(g);

	ASSERT_NE(NULL, log);
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	ASSERT_EQ(0, guest_works(g, &self->e, 0));
	ASSERT_EQ(0, guest_addr(g, G_RX, 1, 5 * 4096));
	EXPECT_SERVER("worker");
	ASSERT_EQ(0, guest_works(g, &self->e, 1));
	EXPECT_TRUE(dirty_is_set(log, 5));
	ASSERT_EQ(0, guest_addr(g, G_RX, 0, 0));
	EXPECT_SERVER("kernel");
	ASSERT_EQ(0, guest_works(g, &self->e, 2));
	munmap(log, DIRTY_BYTES);
}

/* Unmapped ring addresses stop the ring at its index. */
TEST_F(gpin, unmapped_ring_addresses)
{
	uint8_t *nothing = mmap(NULL, G_PART, PROT_NONE, MAP_PRIVATE |
				MAP_ANONYMOUS, -1, 0);
	struct guest *g = &self->g;

	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	ASSERT_EQ(0, guest_transmit(g, &self->e, 0, 3));
	g->vq[G_TX].used = (void *)nothing;
	EXPECT_EQ(-EFAULT, guest_addr(g, G_TX, 0, 0));
	EXPECT_EQ(3, guest_base(g, G_TX));
	munmap(nothing, G_PART);
}

/* The worker serves memory that cannot be pinned: too much, or unmapped. */
TEST_F(gpin, unpinnable_memory)
{
	struct guest *g = &self->g;
	struct vhost_memory_region r[2] = {
		{ 0, G_POOL, (uintptr_t)g->pool },
		{ 1ULL << 40, 1ULL << 46, 4096 },
	};
	unsigned int i;

	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	for (i = 0; i < 3; i++) {
		EXPECT_SERVER("kernel");
		ASSERT_EQ(0, guest_works(g, &self->e, 2 * i));
		ASSERT_EQ(0, guest_table(g, r, 2));
		EXPECT_SERVER("worker");
		EXPECT_EQ(0, proc_status_kb("VmLck:"));
		ASSERT_EQ(0, guest_works(g, &self->e, 2 * i + 1));
		ASSERT_EQ(0, guest_table_default(g));
	}
	EXPECT_SERVER("kernel");
}

/* Runs as another user. VmLck shows which server has the rings. */
static int within_limits(void *arg)
{
	struct _test_data_gpin *self = arg;
	static const struct {
		rlim_t bytes, locked;
	} limit[] = {
		{ G_POOL - 4096, 0 },
		{ G_POOL, 0 },		/* no room for rings */
		{ G_POOL + G_RINGS, G_POOL + G_RINGS },
	};
	struct rlimit now = { .rlim_max = G_POOL + G_RINGS };
	struct guest g;
	unsigned int i;
	int ret = guest_open(&g, dup(self->g.ctl), G_V1 | G_EVENT, 0);

	for (i = 0; i < ARRAY_LEN(limit) && !ret; i++) {
		now.rlim_cur = limit[i].bytes;
		if (guest_table(&g, NULL, 0) ||
		    setrlimit(RLIMIT_MEMLOCK, &now) ||
		    guest_table_default(&g) || guest_start(&g, self->e.fd))
			return -EBADE;
		if (proc_status_kb("VmLck:") * 1024 != limit[i].locked)
			return -EBADR - i;
		if (!i)
			guest_fill(&g);
		ret = guest_works(&g, &self->e, i) ?: guest_stop(&g);
	}
	guest_close(&g);
	return ret;
}

/*
 * The limit is lowered, so the tx ring cannot be pinned when logging ends. NAPI
 * has already used entries of the rx ring, and the worker must continue behind
 * them.
 */
static int half_pinned(void *arg)
{
	struct _test_data_gpin *self = arg;
	struct rlimit now = { G_POOL + G_RINGS, G_POOL + G_RINGS };
	struct tun_ring_stats st;
	struct guest g;
	unsigned int i;
	int ret = setrlimit(RLIMIT_MEMLOCK, &now);

	if (!ret)
		ret = guest_open(&g, dup(self->g.ctl), G_V1 | G_EVENT, 0);
	if (!ret)
		ret = !log_memory(&g) ? -ENOMEM :
		      guest_features(&g, G_V1 | G_EVENT | G_LOG);
	if (!ret)
		ret = guest_start(&g, self->e.fd);
	if (ret || env_inject_n(&self->e, 0, 5, 100))
		return ret ?: -EBADE;
	ret = tring_wait_count(self->e.fd, &st.rx.full, &st, 1);
	if (ret)
		return ret;
	for (i = 0; i < G_ENTRIES; i++)
		guest_give(&g, i, G_BUF);
	now.rlim_cur -= G_RINGS / 2;
	setrlimit(RLIMIT_MEMLOCK, &now);
	ret = guest_features(&g, G_V1 | G_EVENT);
	if (ret || tvq_wait(&g.vq[G_RX], 5) || env_inject(&self->e, 5, 100) ||
	    tvq_wait(&g.vq[G_RX], 6))
		return ret ?: -EBADR;
	for (i = 0; i < 6; i++)
		if (tvq_used_at(&g.vq[G_RX], i).id != i)
			return -EBADSLT;
	ret = guest_stop(&g);
	return ret ?: guest_base(&g, G_RX) == 6 ? 0 : -EBADF;
}

TEST_F(gpin, tx_ring_beyond_limit)
{
	ASSERT_EQ(0, guest_ioctl(&self->g, VHOST_RESET_OWNER, NULL));
	EXPECT_EQ(0, child_as_user(65534, 65534, half_pinned, self));
}

/* Without CAP_IPC_LOCK, RLIMIT_MEMLOCK limits table and rings. */
TEST_F(gpin, limit)
{
	ASSERT_EQ(0, guest_ioctl(&self->g, VHOST_RESET_OWNER, NULL));
	EXPECT_EQ(0, child_as_user(65534, 65534, within_limits, self));
}

/* The descriptor table is not aligned, so the worker serves the ring. */
TEST_F(gpin, misaligned_descriptors)
{
	struct guest *g = &self->g;
	struct tvq *vq = &g->vq[G_RX];
	unsigned int i;

	vq->desc = (void *)((uint8_t *)vq->desc + 8);
	ASSERT_EQ(0, guest_addr(g, G_RX, 0, 0));
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	EXPECT_SERVER("worker");
	for (i = 0; i < G_ENTRIES; i++)
		guest_give(g, i, G_BUF);
	guest_kick(g, G_RX);
	EXPECT_EQ(0, guest_works(g, &self->e, 0));
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

/* A broken ring stays broken when the server or the table changes. */
TEST_F(gpin, broken_until_restart)
{
	struct guest *g = &self->g;
	uint8_t *log = log_memory(g);
	struct tun_ring_stats st;

	ASSERT_NE(NULL, log);
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	tvq_put(&g->vq[G_TX], 999);
	tvq_publish(&g->vq[G_TX]);
	guest_kick(g, G_TX);
	ASSERT_EQ(0, tring_wait_broken(self->e.fd, &st));
	EXPECT_EQ(EPROTO, st.broken);
	EXPECT_LT(0, guest_signalled(g->err[G_TX], WAIT_MS));
	ASSERT_EQ(0, guest_features(g, G_V1 | G_EVENT | G_LOG));
	ASSERT_EQ(0, guest_table_default(g));
	ASSERT_EQ(0, guest_addr(g, G_RX, 0, 0));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(EPROTO, st.broken);
	/* a new start repairs the rings */
	ASSERT_EQ(0, guest_features(g, G_V1 | G_EVENT));
	ASSERT_EQ(0, guest_stop(g));
	guest_fresh_rings(g);
	ASSERT_EQ(0, guest_describe(g, G_RX));
	ASSERT_EQ(0, guest_describe(g, G_TX));
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	EXPECT_EQ(0, guest_works(g, &self->e, 0));
	munmap(log, DIRTY_BYTES);
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

/* The owner dies. Another process holds the file and becomes the owner. */
TEST_F(gpin, owner_dies)
{
	struct env *e = &self->e;
	struct guest next;
	int status;
	pid_t pid;

	ASSERT_EQ(0, guest_ioctl(&self->g, VHOST_RESET_OWNER, NULL));
	pid = fork();
	if (!pid) {
		struct guest g;
		int ret = guest_open(&g, dup(self->g.ctl), G_V1 | G_EVENT, 0);

		if (!ret)
			ret = guest_start(&g, e->fd);
		guest_fill(&g);
		if (!ret)
			ret = guest_works(&g, e, 0);
		_exit(ret ? 1 : strcmp(guest_server(e->fd), "kernel") ? 2 : 0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	/* packets are still written to the dead owner's pinned memory */
	EXPECT_SERVER("kernel");
	ASSERT_EQ(0, env_inject_n(e, 0, 5, 100));
	ASSERT_EQ(0, guest_open(&next, dup(self->g.ctl), G_V1 | G_EVENT, 0));
	ASSERT_EQ(0, guest_start(&next, e->fd));
	EXPECT_SERVER("kernel");
	guest_fill(&next);
	EXPECT_EQ(0, guest_works(&next, e, 9));
	guest_close(&next);
}

static void *swap_tables(void *arg)
{
	struct guest *g = arg;
	struct vhost_memory_region r[2] = {
		{ 0, G_POOL, (uintptr_t)g->pool },
		{ 1ULL << 40, 1ULL << 46, 4096 },
	};
	long i, bad = 0;

	for (i = 0; i < 40; i++) {
		bad += !!guest_table(g, r, 2);
		bad += !!guest_table_default(g);
	}
	return (void *)bad;
}

/* Tables and servers change under traffic: no packet is lost. */
TEST_F(gpin, tables_under_traffic)
{
	struct guest *g = &self->g;
	pthread_t thread;
	uint32_t seq;
	void *bad;

	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	ASSERT_EQ(0, flood_start(&self->f));
	ASSERT_EQ(0, pthread_create(&thread, NULL, swap_tables, g));
	for (seq = 0; seq < 2000; seq += 20) {
		ASSERT_EQ(0, guest_expect(g, false, seq, 20));
		flood_done(&self->f, seq + 20);
		ASSERT_EQ(0, guest_transmit(g, &self->e, seq, 1));
	}
	ASSERT_EQ(0, pthread_join(thread, &bad));
	EXPECT_EQ(NULL, bad);
	EXPECT_EQ(0, flood_join(&self->f, true));
	EXPECT_SERVER("kernel");
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
