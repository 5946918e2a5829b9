// SPDX-License-Identifier: GPL-2.0
/* read(), write() and related calls on a queue with rings. */
#include <sys/sendfile.h>
#include <sys/syscall.h>

#include "env.h"
#include "harness.h"

FIXTURE(plain) {
	struct env e;
	struct tring r;
};

FIXTURE_SETUP(plain)
{
	struct tconf c = { F_META, 8, 8, 2048, 0 };

	ASSERT_EQ(0, env_open(&self->e, "plain0", TUN_PLAIN));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	ASSERT_LE(0, tring_rx_fill(&self->r));
}

/* After all these calls no packet is lost. */
FIXTURE_TEARDOWN(plain)
{
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, 3));
	tring_unmap(&self->r);
	env_close(&self->e);
}

TEST_F(plain, read_is_refused)
{
	struct iovec iov = { self->r.pool, 2048 };
	uint8_t buf[256];

	EXPECT_EQ(-EBUSY, fd_read(self->e.fd, buf, sizeof(buf)));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 3, 100));
	EXPECT_EQ(-EBUSY, fd_read(self->e.fd, buf, sizeof(buf)));
	EXPECT_EQ(-1, readv(self->e.fd, &iov, 1));
	EXPECT_EQ(EBUSY, errno);
	ASSERT_EQ(0, fd_nonblock(self->e.fd));
	EXPECT_EQ(-EBUSY, fd_read(self->e.fd, buf, sizeof(buf)));
}

static void set_up(void *arg)
{
	struct tconf c = { F_META, 8, 8, 2048, 0 };
	struct tun_ring_setup s = tring_params(&c);

	tring_setup_raw(*(int *)arg, &s);
}

/* Setting up rings ends a blocked read() with an error. */
TEST_F(plain, blocked_read_ends)
{
	uint8_t buf[256];
	struct after a;

	ASSERT_EQ(0, tring_teardown(self->e.fd));
	tring_unmap(&self->r);
	ASSERT_EQ(0, after_start(&a, set_up, &self->e.fd));
	EXPECT_EQ(-EBUSY, fd_read(self->e.fd, buf, sizeof(buf)));
	EXPECT_EQ(0, after_join(&a));
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd,
				 &(struct tconf){F_META, 8, 8, 2048, 0}));
	ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 3, 100));
}

TEST_F(plain, write_works)
{
	uint8_t pkt[256];
	struct iovec iov[2] = { { pkt, 30 }, { pkt + 30, 70 } };

	seq_pkt(pkt, false, 0, 100);
	EXPECT_EQ(100, write(self->e.fd, pkt, 100));
	seq_pkt(pkt, false, 1, 100);
	EXPECT_EQ(100, writev(self->e.fd, iov, 2));
	EXPECT_EQ(0, env_seen(&self->e, 0, 2));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 3, 100));
}

/* splice() must not take packets around the ring. */
TEST_F(plain, splice)
{
	int p[2], out = open("/dev/null", O_WRONLY);

	ASSERT_EQ(0, pipe(p));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 3, 100));
	EXPECT_EQ(-1, splice(self->e.fd, NULL, p[1], NULL, 2048,
			     SPLICE_F_NONBLOCK));
	EXPECT_EQ(-1, sendfile(out, self->e.fd, NULL, 2048));
	close(p[0]);
	close(p[1]);
	close(out);
}

/* write() accepts a pool page as its buffer. */
TEST_F(plain, write_from_pool)
{
	size_t n = seq_pkt(self->r.pool + 8 * 2048, false, 5, 300);

	EXPECT_EQ(n, write(self->e.fd, self->r.pool + 8 * 2048, n));
	EXPECT_EQ(0, env_seen(&self->e, 5, 1));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 3, 100));
}

/* /proc/PID/fdinfo has the mode and the counters of rings. */
TEST_F(plain, fdinfo)
{
	char path[64], buf[4096];

	ASSERT_EQ(0, env_inject_n(&self->e, 0, 3, 100));
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", self->e.fd);
	ASSERT_LT(0, file_get(path, buf, sizeof(buf)));
	EXPECT_NE(NULL, strstr(buf, "iff:\tplain0"));
	EXPECT_NE(NULL, strstr(buf, "ring-mode:\tmapped"));
	EXPECT_NE(NULL, strstr(buf, "entries 8 packets 3 bytes 300"));
}

/*
 * The ioctls of the queue's settings work as before, offloads and sizes
 * included.
 */
TEST_F(plain, other_ioctls)
{
	int size = 0, fd = self->e.fd;

	EXPECT_EQ(0, tunfd_ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM));
	EXPECT_EQ(0, tunfd_int(fd, TUNSETSNDBUF, 100000));
	EXPECT_EQ(0, tunfd_ioctlp(fd, TUNGETSNDBUF, &size));
	EXPECT_EQ(100000, size);
	EXPECT_EQ(0, tunfd_int(fd, TUNSETVNETHDRSZ, 12));
	EXPECT_EQ(IFF_TUN | IFF_NO_PI,
		  tunfd_getiff(fd, NULL) & (IFF_TUN | IFF_TAP | IFF_NO_PI));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 3, 100));
}

TEST_HARNESS_MAIN
