// SPDX-License-Identifier: GPL-2.0
/* The kernel stops a ring that breaks the rules, with an errno, and serves all others. */
#include <pthread.h>
#include <sys/mman.h>

#include "harness.h"
#include "tunvr.h"

FIXTURE(hostile) {
	struct vr r;
	int loop;
};

FIXTURE_VARIANT(hostile) {
	unsigned int flags;
};

FIXTURE_VARIANT_ADD(hostile, plain) { 0 };
FIXTURE_VARIANT_ADD(hostile, pinned) { VRINGLOOP_PIN };

static int start(struct _test_data_hostile *self, unsigned int flags)
{
	int ret = vr_open(&self->r, 16, 4096);

	if (ret)
		return ret;
	self->loop = loop_attach(self->r.fd, flags);
	return self->loop < 0 ? self->loop : 0;
}

static void end(struct _test_data_hostile *self)
{
	close(self->loop);
	vr_close(&self->r);
}

FIXTURE_SETUP(hostile)
{
	ASSERT_EQ(0, modules_load());
	ASSERT_EQ(0, start(self, variant->flags));
}

FIXTURE_TEARDOWN(hostile)
{
	end(self);
}

static void runaway_index(struct vr *r)
{
	r->v.avail->idx = 17;
}

static void head_out_of_range(struct vr *r)
{
	vr_put(r, 16);
}

static void next_out_of_range(struct vr *r)
{
	vr_desc(r, 0, r->pool, 10, N, 16);
	vr_put(r, 0);
}

static void endless_chain(struct vr *r)
{
	vr_desc(r, 0, r->pool, 1, N, 1);
	vr_desc(r, 1, r->pool, 1, N, 0);
	vr_put(r, 0);
}

static void readable_behind_writable(struct vr *r)
{
	vr_desc(r, 0, r->pool, 10, W | N, 1);
	vr_desc(r, 1, r->pool, 10, 0, 0);
	vr_put(r, 0);
}

static void indirect(struct vr *r)
{
	vr_desc(r, 0, r->pool, 32, VRING_DESC_F_INDIRECT, 0);
	vr_put(r, 0);
}

static void too_many_bytes(struct vr *r)
{
	vr_desc(r, 0, r->pool, 0x7fffffff, N, 1);
	vr_desc(r, 1, r->pool, 1, W, 0);
	vr_put(r, 0);
}

static void end_of_address_space(struct vr *r)
{
	vr_desc(r, 0, (void *)-8L, 16, 0, 0);
	vr_put(r, 0);
}

/* Each broken ring returns its errno, while the driver serves another ring. */
TEST_F(hostile, rules_broken)
{
	static void (*const broken[])(struct vr *r) = {
		runaway_index, head_out_of_range, next_out_of_range,
		endless_chain, readable_behind_writable, indirect,
		too_many_bytes, end_of_address_space,
	};
	struct vr good;
	unsigned int i;
	int loop;

	ASSERT_EQ(0, vr_open(&good, 16, 4096));
	loop = loop_attach(good.fd, variant->flags);
	ASSERT_LE(0, loop);
	for (i = 0; i < ARRAY_LEN(broken); i++) {
		broken[i](&self->r);
		ASSERT_EQ(-EPROTO, vr_kick(&self->r));
		EXPECT_EQ(-EPROTO, vr_kick(&self->r));
		EXPECT_TRUE(vr_poll(self->r.fd, 0) & POLLERR);
		EXPECT_EQ(0, vr_used_idx(&self->r));
		ASSERT_EQ(0, tunfd_ioctl(self->loop, VRINGLOOP_DETACH, 0));
		EXPECT_EQ(-EPROTO, loop_attach(self->r.fd, 0));
		ASSERT_EQ(0, echo_put(&good, 0, &i, sizeof(i)));
		ASSERT_EQ(0, vr_kick(&good));
		ASSERT_EQ(0, echo_check(&good, 0, &i, sizeof(i)));
		end(self);
		ASSERT_EQ(0, start(self, variant->flags));
	}
	close(loop);
	vr_close(&good);
}

/* Buffers lie in kernel memory, and at addresses without memory. */
TEST_F(hostile, buffers_elsewhere)
{
	static const uint64_t bad[] = {
		0, 4096, 0xffff888000000000, 0xffffffff81000000,
		0x7ffffffff000, 0x8000000000000000,
	};
	struct vr *r = &self->r;
	unsigned int i;

	for (i = 0; i < 2 * ARRAY_LEN(bad); i++) {
		vr_desc(r, 0, r->pool, 64, N, 1);
		vr_desc(r, 1, r->pool + 64, 64, W, 0);
		r->v.desc[i % 2].addr = bad[i / 2];
		vr_put(r, 0);
		ASSERT_EQ(-EFAULT, vr_kick(r));
		EXPECT_TRUE(vr_poll(r->fd, 0) & POLLERR);
		end(self);
		ASSERT_EQ(0, start(self, variant->flags));
	}
}

/* The user unmaps a ring that a driver serves. */
TEST_F(hostile, ring_unmapped)
{
	struct vr *r = &self->r;
	int ret;

	vr_unmap(r);
	ret = vr_kick(r);
	EXPECT_EQ(variant->flags & VRINGLOOP_PIN ? 0 : -EFAULT, ret);
}

static int die_with_the_memory(void *arg)
{
	struct vr r;
	int *sk = arg;

	if (vr_open(&r, 16, 4096) || echo_put(&r, 0, "x", 1))
		return -ENOMEM;
	return fd_send(sk[1], r.fd);
}

/* The owner of the memory has died, and another process holds the descriptor. */
TEST_F(hostile, owner_gone)
{
	int sk[2], fd, loop;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sk));
	ASSERT_EQ(0, child_run(die_with_the_memory, sk));
	fd = fd_recv(sk[0]);
	ASSERT_LE(0, fd);
	loop = loop_attach(fd, variant->flags);
	ASSERT_LE(0, loop);
	ASSERT_EQ(0, vr_wait_error(fd));
	EXPECT_EQ(-EFAULT, fd_write(fd, "", 0));
	close(fd);
	close(loop);
	close(sk[0]);
	close(sk[1]);
}

struct scribbler {
	struct vr *r;
	int stop;
};

static void *scribble(void *arg)
{
	struct scribbler *s = arg;
	volatile struct vring_desc *d;
	unsigned int n;

	for (n = 0; !__atomic_load_n(&s->stop, __ATOMIC_RELAXED); n++) {
		d = &s->r->v.desc[n % 16];
		d->flags = n % 7 < 3 ? W : n % 5 ? N : 0;
		d->len = n % 11 ? 64 : 3000;
		d->next = n % 13 ? n % 16 : 15;
		d->addr = (uintptr_t)s->r->pool + n % 60000;
	}
	return NULL;
}

/* The user changes descriptors while the kernel reads them. The kernel must survive. */
TEST_F(hostile, changed_meanwhile)
{
	struct scribbler s;
	pthread_t thread;
	unsigned int i, j;
	int ret;

	for (i = 0; i < 20; i++) {
		s = (struct scribbler) { &self->r, 0 };
		ASSERT_EQ(0, pthread_create(&thread, NULL, scribble, &s));
		for (j = 0, ret = 0; j < 500 && !ret; j++) {
			vr_put(&self->r, j % 16);
			ret = vr_kick(&self->r);
		}
		__atomic_store_n(&s.stop, 1, __ATOMIC_RELAXED);
		pthread_join(thread, NULL);
		EXPECT_TRUE(!ret || ret == -EPROTO || ret == -EFAULT);
		end(self);
		ASSERT_EQ(0, start(self, variant->flags));
	}
	ASSERT_EQ(0, echo_put(&self->r, 0, "alive", 5));
	ASSERT_EQ(0, vr_kick(&self->r));
	EXPECT_EQ(0, echo_check(&self->r, 0, "alive", 5));
}

TEST_HARNESS_MAIN
