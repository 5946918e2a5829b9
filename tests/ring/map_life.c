// SPDX-License-Identifier: GPL-2.0
/* Mappings outlive the rings, the device and the file. */
#include <sys/mman.h>

#include "env.h"
#include "harness.h"

FIXTURE(outlive) {
	struct env e;
	struct tring r;
};

static const struct tconf conf = { F_META, 16, 16, 2048, 0 };

FIXTURE_SETUP(outlive)
{
	ASSERT_EQ(0, env_open(&self->e, "outlive0", TUN_PLAIN));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &conf));
	ASSERT_EQ(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 5, 3, 400));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, 3));
	memset(self->r.pool + self->r.s.pool_len - 512, 0x5a, 512);
}

/* Reads each page, and writes it where allowed. The contents are unchanged. */
static void check_pages(struct __test_metadata *_metadata, struct env *e,
			struct tring *r)
{
	uint8_t buf[2048], sum = 0;
	unsigned int i;
	size_t n;
	ssize_t len;

	EXPECT_LE(3, tvq_pending(&r->rx));
	for (i = 0; i < 3; i++) {
		len = tring_rx_take(r, buf, sizeof(buf), NULL);
		EXPECT_EQ(5 + i, seq_of(buf, len, e->tap));
	}
	for (n = 0; n < r->s.device_len; n += 64)
		sum += r->device[n];
	for (n = 0; n < r->s.driver_len; n += 64)
		r->driver[n] = sum;
	for (n = 0; n < r->s.pool_len - 512; n += 64)
		r->pool[n] = sum;
	EXPECT_EQ(0x5a, r->pool[r->s.pool_len - 1]);
	EXPECT_EQ(0x5a, r->pool[r->s.pool_len - 512]);
}

FIXTURE_TEARDOWN(outlive)
{
	check_pages(_metadata, &self->e, &self->r);
	tring_unmap(&self->r);
	if (self->e.fd < 0)
		EXPECT_EQ(0, if_wait_gone("outlive0"));
	env_close(&self->e);
}

TEST_F(outlive, rings_torn_down)
{
	ASSERT_EQ(0, tring_teardown(self->e.fd));
}

/* A mapping holds the file, so the device exists, too. */
TEST_F(outlive, close)
{
	close(self->e.fd);
	self->e.fd = -1;
	EXPECT_TRUE(if_exists("outlive0"));
	ASSERT_EQ(0, env_inject_n(&self->e, 8, 2, 100));
	EXPECT_EQ(5, tvq_pending(&self->r.rx));
	ASSERT_EQ(0, rtnl_del("outlive0"));
}

TEST_F(outlive, device_deleted)
{
	ASSERT_EQ(0, rtnl_del("outlive0"));
	ASSERT_EQ(0, if_wait_gone("outlive0"));
}

TEST_F(outlive, device_deleted_then_close)
{
	ASSERT_EQ(0, rtnl_del("outlive0"));
	close(self->e.fd);
	self->e.fd = -1;
}

/* The next rings have new memory. */
TEST_F(outlive, next_setup)
{
	struct tring next;

	ASSERT_EQ(0, tring_teardown(self->e.fd));
	ASSERT_EQ(0, tring_setup(&next, self->e.fd, &conf));
	memset(self->r.driver + self->r.s.driver_len - 8, 0xff, 8);
	EXPECT_EQ(0, next.pool[next.s.pool_len - 1]);
	EXPECT_EQ(0, next.driver[next.s.driver_len - 1]);
	next.pool[next.s.pool_len - 1] = 1;
	ASSERT_EQ(0, tring_rx_fill(&next));
	ASSERT_EQ(0, env_inject_n(&self->e, 90, 4, 100));
	EXPECT_EQ(0, env_expect(&self->e, &next, 90, 4));
	tring_unmap(&next);
}

/* A page in a pipe keeps its memory. */
TEST_F(outlive, pipe_holds_page)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, self->r.s.pool_len, PROT_READ | PROT_WRITE,
		       MAP_SHARED, self->e.fd, self->r.s.pool_offset);
	struct iovec iov = { p + self->r.s.pool_len - page, page };
	uint8_t buf[65536];
	ssize_t n;
	int fds[2];

	ASSERT_NE(MAP_FAILED, p);
	ASSERT_EQ(0, pipe(fds));
	n = vmsplice(fds[1], &iov, 1, 0);
	munmap(p, self->r.s.pool_len);
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	if (n > 0) {
		ASSERT_EQ(n, read(fds[0], buf, n));
		EXPECT_EQ(0x5a, buf[n - 1]);
	} else {
		EXPECT_EQ(EFAULT, errno);
	}
	close(fds[0]);
	close(fds[1]);
}

/* A child shares the memory and keeps it after the parent unmapped it. */
TEST_F(outlive, fork_shares)
{
	uint8_t *word = self->r.pool + self->r.s.pool_len - 600;
	int p[2], status;
	pid_t pid;
	char c;

	ASSERT_EQ(0, pipe(p));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		close(p[1]);
		if (read(p[0], &c, 1) != 1 || *word != 1)
			_exit(1);
		*word = 2;
		_exit(0);
	}
	*word = 1;
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	ASSERT_EQ(1, write(p[1], "x", 1));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(2, *word);
	close(p[0]);
	close(p[1]);
}

TEST_HARNESS_MAIN
