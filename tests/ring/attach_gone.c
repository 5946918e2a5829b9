// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of rings that is unmapped or whose owner dies. Pinned pages stay.
 * Unpinned rings become broken, and nothing else does.
 */
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "attach.h"
#include "env.h"
#include "harness.h"

#define MQ	(TUN_PLAIN | IFF_MULTI_QUEUE)

FIXTURE(gone) {
	struct env e, other;	/* two queues; the second has mapped rings */
	struct tring r, or;
	struct aconf c;
	int call;
	pid_t owner;		/* its memory holds the rings of e */
};

FIXTURE_VARIANT(gone) {
	bool pin;
};

FIXTURE_VARIANT_ADD(gone, pinned) { true };
FIXTURE_VARIANT_ADD(gone, unpinned) { false };

/* The steering program sends packets with an odd number to the other queue. */
FIXTURE_SETUP(gone)
{
	static const struct tconf c = { F_META, 16, 16, 2048, 0 };
	int prog;

	ASSERT_EQ(0, env_open(&self->e, "gone0", MQ));
	self->other = self->e;
	self->other.fd = tunfd_create("gone0", MQ);
	ASSERT_LE(0, self->other.fd);
	ASSERT_EQ(0, qdisc_plain_mq("gone0", 2, 500));
	prog = bpf_queue_from_byte(20);
	ASSERT_LE(0, prog);
	ASSERT_EQ(0, tunfd_int(self->e.fd, TUNSETSTEERINGEBPF, prog));
	close(prog);
	ASSERT_EQ(0, tring_setup(&self->or, self->other.fd, &c));
	ASSERT_LE(0, tring_rx_fill(&self->or));
	self->call = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	ASSERT_LE(0, self->call);
	self->owner = getpid();
	self->c = (struct aconf) {
		.c = c, .pin = variant->pin, .rx_call = self->call,
		.tx_call = self->call,
	};
}

FIXTURE_TEARDOWN(gone)
{
	tring_unmap(&self->r);
	tring_unmap(&self->or);
	close(self->other.fd);
	close(self->call);
	env_close(&self->e);
}

static int start(struct _test_data_gone *self)
{
	int ret = attach_rings(&self->r, self->e.fd, &self->c);

	if (!ret)
		ret = tring_rx_fill(&self->r);
	return ret < 0 ? ret : 0;
}

static int inject(struct _test_data_gone *self, uint32_t first, unsigned int n)
{
	int ret = 0;

	for (; n-- && !ret; first += 2)
		ret = env_inject(&self->e, first, 100);
	return ret;
}

/* Waits until the device received this packet, perhaps after others. */
static int seen(struct _test_data_gone *self, uint32_t seq)
{
	uint8_t buf[256];
	ssize_t len;

	do {
		len = psock_recv(self->e.sk, NULL, buf, sizeof(buf));
		if (len < 0)
			return len;
	} while (seq_of(buf, len, false) != seq);
	return 0;
}

/* Passes packets both ways over the other queue. */
static int others_work(struct _test_data_gone *self)
{
	uint8_t pkt[128];
	int ret = inject(self, 1, 1);

	if (!ret)
		ret = env_expect(&self->other, &self->or, 1, 1);
	if (!ret)
		ret = tring_send(&self->or, pkt, seq_pkt(pkt, false, 3, 60),
				 NULL);
	return ret ? ret : seen(self, 3);
}

/* The rings are broken with EFAULT, and each call reports the error. */
static int stopped(struct _test_data_gone *self)
{
	struct tun_ring_stats st;
	int fd = self->e.fd, ret = tring_wait_broken(fd, &st);

	if (ret)
		return ret;
	if (st.broken != EFAULT ||
	    !(fd_wait(fd, POLLIN, WAIT_MS) & POLLERR) ||
	    !(fd_wait(self->call, POLLIN, WAIT_MS) & POLLIN))
		return -EBADE;
	if (tring_enter(fd, TUN_RING_ENTER_TX, 0) != -EFAULT ||
	    tring_enter(fd, TUN_RING_ENTER_WAIT, -1) != -EFAULT)
		return -EBADRQC;
	return others_work(self);
}

/* Rings in new memory work. */
static int anew(struct _test_data_gone *self)
{
	uint8_t pkt[128];
	int ret = tring_teardown(self->e.fd);

	fd_drain(self->e.fd);
	if (!ret)
		ret = start(self);
	if (!ret)
		ret = inject(self, 8, 1);
	if (!ret)
		ret = env_expect(&self->e, &self->r, 8, 1);
	if (!ret)
		ret = tring_send(&self->r, pkt, seq_pkt(pkt, false, 5, 60),
				 NULL);
	return ret ? ret : seen(self, 5);
}

static int put_one(struct tring *r)
{
	uint8_t pkt[128];
	int ret = tring_tx_put(r, pkt, seq_pkt(pkt, false, 9, 100), NULL);

	tvq_publish(&r->tx);
	return ret < 0 ? ret : 0;
}

/*
 * Sends traffic both ways and checks the rings. A running worker keeps the
 * memory of a dead owner until its run ends, so the test waits for it.
 */
static int after(struct _test_data_gone *self, bool pin)
{
	struct tun_ring_stats st;
	int ret = thread_wait_idle(self->owner);

	if (!ret)
		ret = inject(self, 0, 5);
	tring_enter(self->e.fd, TUN_RING_ENTER_TX, 0);
	if (ret)
		return ret;
	if (!pin)
		return stopped(self);
	ret = others_work(self) ?: thread_wait_idle(self->owner);
	if (!ret)
		ret = tring_stats(self->e.fd, &st);
	if (!ret && (st.broken || st.rx.packets != 5 || st.tx.packets != 1))
		ret = -EBADE;
	return ret;
}

TEST_F(gone, all_unmapped)
{
	ASSERT_EQ(0, start(self));
	ASSERT_EQ(0, put_one(&self->r));
	tring_unmap(&self->r);
	EXPECT_EQ(0, after(self, variant->pin));
	EXPECT_EQ(0, anew(self));
}

/* The buffers alone are unmapped. */
TEST_F(gone, pool_unmapped)
{
	ASSERT_EQ(0, start(self));
	ASSERT_EQ(0, put_one(&self->r));
	munmap(self->r.pool, self->r.s.pool_len);
	self->r.pool = NULL;
	EXPECT_EQ(0, after(self, variant->pin));
	tring_unmap(&self->r);
	EXPECT_EQ(0, anew(self));
}

/* The used rings alone are unmapped. */
TEST_F(gone, used_unmapped)
{
	ASSERT_EQ(0, start(self));
	ASSERT_EQ(0, put_one(&self->r));
	munmap(self->r.device, self->r.s.device_len);
	self->r.device = NULL;
	EXPECT_EQ(0, after(self, variant->pin));
	tring_unmap(&self->r);
	EXPECT_EQ(0, anew(self));
}

/* The memory that the kernel writes becomes read-only. */
TEST_F(gone, memory_read_only)
{
	struct tring *r = &self->r;

	ASSERT_EQ(0, start(self));
	ASSERT_EQ(0, put_one(r));
	ASSERT_EQ(0, mprotect(r->device, r->s.device_len, PROT_READ));
	ASSERT_EQ(0, mprotect(r->pool, r->s.pool_len, PROT_READ));
	EXPECT_EQ(0, after(self, variant->pin));
	if (variant->pin)
		EXPECT_EQ(0, seq_of(tring_buf(r, 0), 100, false));
	tring_unmap(r);
	EXPECT_EQ(0, anew(self));
}

/* New memory at the same address: pinned rings use the pages from before. */
TEST_F(gone, memory_replaced)
{
	struct tring *r = &self->r;

	ASSERT_EQ(0, start(self));
	ASSERT_EQ(r->pool, mmap(r->pool, r->s.pool_len, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	ASSERT_EQ(0, inject(self, 2, 1));
	ASSERT_EQ(0, tvq_wait(&r->rx, 1));
	EXPECT_EQ(variant->pin ? -EBADMSG : 2,
		  seq_of(tring_buf(r, 0), 100, false));
	EXPECT_EQ(0, others_work(self));
}

/*
 * Forks a process that attaches rings in its memory and runs until it is
 * killed.
 */
static pid_t owner(struct _test_data_gone *self)
{
	int p[2], ret = -EPIPE;
	pid_t pid;

	if (pipe(p))
		return -errno;
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		ret = start(self);
		if (!ret)
			ret = put_one(&self->r);
		if (write(p[1], &ret, sizeof(ret)) == sizeof(ret))
			pause();
		_exit(1);
	}
	if (read(p[0], &ret, sizeof(ret)) != sizeof(ret))
		ret = -EPIPE;
	close(p[0]);
	close(p[1]);
	return ret ? ret : pid;
}

static int end(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	return waitpid(pid, &status, 0) == pid ? 0 : -errno;
}

/* The owner of the memory dies while the test holds the file. */
TEST_F(gone, owner_killed)
{
	pid_t pid = owner(self);

	ASSERT_LT(0, pid);
	ASSERT_EQ(0, end(pid));
	self->owner = pid;
	EXPECT_EQ(0, after(self, variant->pin));
	EXPECT_TRUE(if_exists("gone0"));
	EXPECT_EQ(0, anew(self));
}

/* The owner dies as the file's last holder: the device is deleted. */
TEST_F(gone, owner_killed_alone)
{
	pid_t pid = owner(self);

	ASSERT_LT(0, pid);
	close(self->e.fd);
	self->e.fd = -1;
	tring_unmap(&self->or);
	close(self->other.fd);
	self->other.fd = -1;
	ASSERT_EQ(0, inject(self, 0, 40));
	ASSERT_EQ(0, end(pid));
	EXPECT_EQ(0, if_wait_gone("gone0"));
}

TEST_HARNESS_MAIN
