// SPDX-License-Identifier: GPL-2.0
/* A driver serves a ring through the interface in the kernel. The tests see the ring's user. */
#include <sys/mman.h>

#include "harness.h"
#include "thread.h"
#include "vr.h"

FIXTURE(loop) {
	struct vr r;
	int loop;
};

FIXTURE_VARIANT(loop) {
	unsigned int flags;
};

FIXTURE_VARIANT_ADD(loop, plain) { 0 };
FIXTURE_VARIANT_ADD(loop, pinned) { VRINGLOOP_PIN };
FIXTURE_VARIANT_ADD(loop, atomic) { VRINGLOOP_PIN | VRINGLOOP_ATOMIC };
FIXTURE_VARIANT_ADD(loop, atomic_not_pinned) { VRINGLOOP_ATOMIC };

FIXTURE_SETUP(loop)
{
	ASSERT_EQ(0, modules_load());
	ASSERT_EQ(0, vr_open(&self->r, 16, 4096));
	self->loop = loop_attach(self->r.fd, variant->flags);
	ASSERT_LE(0, self->loop);
}

FIXTURE_TEARDOWN(loop)
{
	if (self->loop >= 0)
		close(self->loop);
	vr_close(&self->r);
}

TEST_F(loop, echo)
{
	struct vringloop_stats st;
	char text[2048];
	unsigned int i;

	for (i = 0; i < 200; i++) {
		memset(text, i, sizeof(text));
		ASSERT_EQ(0, echo_put(&self->r, i % 8, text, i * 10 + 1));
		ASSERT_EQ(0, vr_kick(&self->r));
		ASSERT_EQ(0, echo_check(&self->r, i % 8, text, i * 10 + 1));
	}
	st = loop_stats(self->loop);
	EXPECT_EQ(200, st.buffers);
	EXPECT_EQ(200, st.pushes);
	if (variant->flags & VRINGLOOP_ATOMIC) {
		EXPECT_EQ(variant->flags & VRINGLOOP_PIN ? 200 : 0, st.atomic);
		EXPECT_EQ(!(variant->flags & VRINGLOOP_PIN), !!st.refused);
	}
}

/* The indices wrap in the middle of a full ring. */
TEST_F(loop, wraps)
{
	unsigned int i, k;

	if (variant->flags & VRINGLOOP_ATOMIC)
		return;
	ASSERT_EQ(0, echo_put(&self->r, 0, "odd", 3));
	ASSERT_EQ(0, vr_kick(&self->r));
	ASSERT_EQ(0, echo_check(&self->r, 0, "odd", 3));
	for (i = 0; i < 66000; i += 8) {
		for (k = 0; k < 8; k++) {
			unsigned int n = i + k;

			ASSERT_EQ(0, echo_put(&self->r, k, &n, sizeof(n)));
		}
		ASSERT_EQ(0, vr_kick(&self->r));
		for (k = 0; k < 8; k++) {
			unsigned int n = i + k;

			ASSERT_EQ(0, echo_check(&self->r, k, &n, sizeof(n)));
		}
	}
}

TEST_F(loop, poll_wakes)
{
	struct vr *r = &self->r;

	EXPECT_EQ(0, vr_poll(r->fd, 0));
	ASSERT_EQ(0, echo_put(r, 0, "x", 1));
	ASSERT_EQ(0, vr_kick(r));
	EXPECT_EQ(POLLIN, vr_poll(r->fd, WAIT_MS));
	EXPECT_EQ(0, echo_check(r, 0, "x", 1));
	EXPECT_EQ(0, vr_poll(r->fd, 0));
}

TEST_F(loop, write_of_any_length)
{
	static const size_t len[] = { 0, 1, 2, 100, 70000 };
	struct vr *r = &self->r;
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(len); i++) {
		ASSERT_EQ(0, echo_put(r, 1, "any", 3));
		EXPECT_EQ(len[i], write(r->fd, r->pool, len[i]));
		ASSERT_EQ(0, echo_check(r, 1, "any", 3));
	}
	EXPECT_EQ(5, loop_stats(self->loop).pushes);
}

/* The driver serves the buffers that are available when it attaches, without a write. */
TEST_F(loop, attach_looks)
{
	struct vr *r = &self->r;

	ASSERT_EQ(0, tunfd_ioctl(self->loop, VRINGLOOP_DETACH, 0));
	ASSERT_EQ(0, echo_put(r, 2, "early", 5));
	EXPECT_EQ(-ENOTCONN, vr_kick(r));
	ASSERT_EQ(0, loop_attach_to(self->loop, r->fd, variant->flags));
	EXPECT_EQ(0, echo_check(r, 2, "early", 5));
	EXPECT_EQ(0, loop_stats(self->loop).pushes);
	ASSERT_EQ(0, echo_put(r, 3, "later", 5));
	ASSERT_EQ(0, tunfd_ioctl(self->loop, VRINGLOOP_SCHEDULE, 0));
	EXPECT_EQ(0, echo_check(r, 3, "later", 5));
}

TEST_F(loop, pieces)
{
	struct vr *r = &self->r;
	uint8_t *p = r->pool;

	memcpy(p, "abcdefghij", 10);
	vr_desc(r, 5, p, 1, N, 9);
	vr_desc(r, 9, p + 1, 3, N, 2);
	vr_desc(r, 2, p + 4, 6, N, 7);
	vr_desc(r, 7, p + 100, 4, W | N, 0);
	vr_desc(r, 0, p + 200, 20, W, 0);
	vr_put(r, 5);
	ASSERT_EQ(0, vr_kick(r));
	ASSERT_EQ(0, vr_wait(r, 1));
	EXPECT_EQ(10, r->v.used->ring[0].len);
	EXPECT_EQ(5, r->v.used->ring[0].id);
	EXPECT_EQ(0, memcmp(p + 100, "abcd", 5));
	EXPECT_EQ(0, memcmp(p + 200, "efghij", 7));
}

TEST_F(loop, base_and_limit)
{
	struct vr *r = &self->r;

	ASSERT_EQ(0, tunfd_ioctl(r->fd, VRINGSETBASE, (long)r->pool));
	ASSERT_EQ(0, tunfd_ioctl(r->fd, VRINGSETLIMIT, 3000));
	memcpy(r->pool, "offset", 6);
	vr_desc(r, 0, (void *)0, 6, N, 1);
	vr_desc(r, 1, (void *)2994, 6, W, 0);
	vr_put(r, 0);
	ASSERT_EQ(0, vr_kick(r));
	ASSERT_EQ(0, vr_wait(r, 1));
	EXPECT_EQ(0, memcmp(r->pool + 2994, "offset", 6));
	vr_desc(r, 1, (void *)2995, 6, W, 0);
	vr_put(r, 0);
	EXPECT_EQ(-EPROTO, vr_kick(r));
	EXPECT_EQ(0, r->pool[3000]);
	EXPECT_TRUE(vr_poll(r->fd, 0) & POLLERR);
}

TEST_F(loop, base_runs_over)
{
	struct vr *r = &self->r;

	ASSERT_EQ(0, tunfd_ioctl(r->fd, VRINGSETBASE, -4096L));
	vr_desc(r, 0, r->pool + 4096, 6, N, 1);
	vr_desc(r, 1, r->pool + 8192, 6, W, 0);
	vr_put(r, 0);
	EXPECT_EQ(-EPROTO, vr_kick(r));
}

/* In another process, so the driver's thread serves the ring. */
static int write_two(void *arg)
{
	return write(((struct vr *)arg)->fd, "ab", 2) != 2;
}

/* The user asks for no wake-ups: poll(2) sleeps on until the user asks for them. */
TEST_F(loop, no_interrupt)
{
	struct vr *r = &self->r;
	int status;
	pid_t pid;

	r->v.avail->flags = VRING_AVAIL_F_NO_INTERRUPT;
	/* The driver's thread serves the ring once when it attaches. */
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	pid = fork();
	if (!pid)
		_exit(vr_poll(r->fd, WAIT_MS) != POLLIN);
	ASSERT_LT(0, pid);
	ASSERT_EQ(0, thread_wait_blocked(pid));
	ASSERT_EQ(0, echo_put(r, 0, "quiet", 5));
	ASSERT_EQ(0, child_run(write_two, r));
	ASSERT_EQ(0, vr_wait(r, 1));
	/* The thread, or the driver's timer, has decided on the wake-up. */
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	/* A process that is woken finds the buffer, and ends. */
	EXPECT_EQ(0, thread_wait_blocked(pid));
	r->v.avail->flags = 0;
	ASSERT_EQ(0, echo_put(r, 1, "loud", 4));
	ASSERT_EQ(0, child_run(write_two, r));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(0, echo_check(r, 0, "quiet", 5));
	EXPECT_EQ(0, echo_check(r, 1, "loud", 4));
}

/* The driver asks for no kicks. */
TEST_F(loop, no_notify)
{
	struct vr *r = &self->r;

	ASSERT_EQ(0, echo_put(r, 0, "x", 1));
	ASSERT_EQ(0, vr_kick(r));
	ASSERT_EQ(0, echo_check(r, 0, "x", 1));
	EXPECT_EQ(0, r->v.used->flags);
	ASSERT_EQ(0, tunfd_ioctl(self->loop, VRINGLOOP_DETACH, 0));
	ASSERT_EQ(0, loop_attach_to(self->loop, r->fd,
				    variant->flags | VRINGLOOP_NO_KICK));
	ASSERT_EQ(0, echo_put(r, 0, "y", 1));
	ASSERT_EQ(0, vr_kick(r));
	ASSERT_EQ(0, echo_check(r, 0, "y", 1));
	EXPECT_EQ(VRING_USED_F_NO_NOTIFY, r->v.used->flags);
}

/* A process with other memory at the same addresses kicks the ring. */
TEST_F(loop, write_from_elsewhere)
{
	struct vr *r = &self->r;

	ASSERT_EQ(0, echo_put(r, 4, "remote", 6));
	ASSERT_EQ(0, child_run(write_two, r));
	EXPECT_EQ(0, echo_check(r, 4, "remote", 6));
	EXPECT_EQ(0, loop_stats(self->loop).pushes);
}

/* The thread uses the buffers before the driver's timer expires. */
TEST_F(loop, used_before_the_timer)
{
	unsigned int i;

	if (!(variant->flags & VRINGLOOP_ATOMIC))
		return;
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, echo_put(&self->r, i % 8, "early", 5));
		ASSERT_EQ(0, vr_kick(&self->r));
		ASSERT_EQ(0, tunfd_ioctl(self->loop, VRINGLOOP_SCHEDULE, 0));
		ASSERT_EQ(0, echo_check(&self->r, i % 8, "early", 5));
		usleep(10000);
	}
}

TEST_F(loop, one_driver)
{
	int other = socket(AF_INET, SOCK_DGRAM, 0);

	EXPECT_EQ(-EBUSY, loop_attach(self->r.fd, 0));
	EXPECT_EQ(-EINVAL, loop_attach(other, 0));
	EXPECT_EQ(-EBADF, loop_attach(999, 0));
	close(other);
}

/* The user closes the file, and the driver's gone() runs. */
TEST_F(loop, gone)
{
	struct vr *r = &self->r;

	ASSERT_EQ(0, echo_put(r, 0, "x", 1));
	ASSERT_EQ(0, vr_kick(r));
	close(r->fd);
	r->fd = -1;
	EXPECT_EQ(1, loop_stats(self->loop).gone);
	EXPECT_EQ(0, tunfd_ioctl(self->loop, VRINGLOOP_DETACH, 0));
}

/* The driver holds buffers of a closed ring, and the kernel writes nothing to the ring. */
TEST_F(loop, closed_ring_stays_as_it_is)
{
	struct vr *r = &self->r;
	uint16_t idx;

	ASSERT_EQ(0, echo_put(r, 0, "x", 1));
	ASSERT_EQ(0, vr_kick(r));
	close(r->fd);
	r->fd = -1;
	idx = vr_used_idx(r);
	usleep(50000);
	EXPECT_EQ(idx, vr_used_idx(r));
}

TEST_HARNESS_MAIN
