// SPDX-License-Identifier: GPL-2.0
/* VHOST_SET_MEM_TABLE: valid and invalid memory regions. */
#include "guest_backend.h"

TEST_F(backend, memory_refused)
{
	struct guest *g = &self->g;
	const struct {
		int ret;
		struct vhost_memory_region r[2];
	} bad[] = {
		{ -EINVAL, { { 0, 0, USER } } },
		{ -EINVAL, { { -4096ULL, 8192, USER } } },
		{ -EINVAL, { { 0, 8192, -4096ULL } } },
		{ -EINVAL, { { 0, 8192, USER }, { 4096, 8192, USER } } },
		{ -EINVAL, { { 4096, 1, USER }, { 4096, 1, USER } } },
		{ -EFAULT, { { 0, 4096, 0xffff888000000000ULL } } },
		{ -EFAULT, { { 0, 1ULL << 63, 4096 } } },
		{ -EFAULT, { { 0, 4096, USER }, { 1ULL << 63, 4096,
						  1ULL << 63 } } },
	};
	struct vhost_memory pad = { .padding = 1 };
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(bad); i++)
		EXPECT_EQ(bad[i].ret,
			  guest_table(g, bad[i].r,
				      1 + !!bad[i].r[1].memory_size));
	EXPECT_EQ(-EOPNOTSUPP, guest_ioctl(g, VHOST_SET_MEM_TABLE, &pad));
	/* the previous table is still in use */
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	EXPECT_EQ(0, guest_works(g, &self->e, 0));
}

TEST_F(backend, memory_taken)
{
	struct guest *g = &self->g;
	struct vhost_memory_region r[80], all = {
		4096, 0x7fffffffe000ULL, 4096
	}, last = { -4096ULL, 4096, USER };
	unsigned int i;

	for (i = 0; i < 80; i++)
		r[i] = (struct vhost_memory_region) { i * 4096, 4096, USER };
	EXPECT_EQ(0, guest_table(g, r, 64));
	EXPECT_EQ(-E2BIG, guest_table(g, r, 65));
	EXPECT_EQ(0, guest_table(g, r, 0));
	EXPECT_EQ(0, guest_table(g, &last, 1));
	/* openconnect uses one region over the whole address space */
	EXPECT_EQ(0, guest_table(g, &all, 1));
}

TEST_F(backend, identity_mapped_table)
{
	struct vhost_memory_region all = { 4096, 0x7fffffffe000ULL, 4096 };
	struct guest *g = &self->g;
	uint8_t buf[256];
	ssize_t n;

	ASSERT_EQ(0, guest_table(g, &all, 1));
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	tvq_desc(&g->vq[G_RX], 0, USER, 2048, VRING_DESC_F_WRITE, 0);
	tvq_put(&g->vq[G_RX], 0);
	tvq_publish(&g->vq[G_RX]);
	guest_kick(g, G_RX);
	ASSERT_EQ(0, env_inject(&self->e, 5, 100));
	n = guest_recv(g, buf, sizeof(buf));
	ASSERT_EQ(100, n);
	EXPECT_EQ(5, seq_of(buf, n, false));
}

TEST_HARNESS_MAIN
