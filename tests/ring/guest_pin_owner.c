// SPDX-License-Identifier: GPL-2.0
/* Guests in pinned memory: limits of the owner, and the death of an owner. */
#include <sys/resource.h>

#include "dirty.h"
#include "guest_pin.h"

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
		ret = !dirty_log(&g) ? -ENOMEM :
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

TEST_HARNESS_MAIN
