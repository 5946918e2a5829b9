// SPDX-License-Identifier: GPL-2.0
/* Packets of several devices in one pool, with rings of the kernel or of the process. */
#include "dev.h"
#include "mem.h"
#include "pass.h"
#include "harness.h"

#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define MAX	999

FIXTURE(pool) {
	struct tunring_options opt;
	struct tunring_pool *pool;
	struct dev a;
	struct tunring *b[MAX];
};

FIXTURE_VARIANT(pool) {
	uint32_t pool_flags;
	uint32_t flags;
	int many;
};

/* the kernel's rings */
FIXTURE_VARIANT_ADD(pool, mapped) { TUNRING_O_PIN, 0, MAX };
FIXTURE_VARIANT_ADD(pool, mapped_no_event_idx) {
	TUNRING_O_PIN, TUNRING_O_NO_EVENT_IDX, 20 };
FIXTURE_VARIANT_ADD(pool, attached) { 0, TUNRING_O_ATTACH, 99 };
FIXTURE_VARIANT_ADD(pool, pinned) {
	TUNRING_O_PIN, TUNRING_O_ATTACH | TUNRING_O_PIN, 99 };
FIXTURE_VARIANT_ADD(pool, huge) { TUNRING_O_PIN | TUNRING_O_HUGE, 0, 20 };
FIXTURE_VARIANT_ADD(pool, attached_huge) {
	TUNRING_O_HUGE, TUNRING_O_ATTACH, 20 };
FIXTURE_VARIANT_ADD(pool, plain) { TUNRING_O_PIN, TUNRING_O_NO_RING, 20 };

FIXTURE_SETUP(pool)
{
	ASSERT_EQ(pool_begin(&self->opt, variant->flags,
			     variant->pool_flags & TUNRING_O_HUGE), 0);
	self->a.sock = -1;
}

FIXTURE_TEARDOWN(pool)
{
	huge_pages(0);
}

static int in_pool(struct tunring **h, struct _test_data_pool *self)
{
	return tunring_open_pool(h, "po%d", IFF_TUN, &self->opt, self->pool);
}

static int up(const struct tunring *h)
{
	struct tunring_info info;

	tunring_get_info(h, &info);
	return dev_flags(info.name, IFF_UP, 0);
}

/* n in at one device and out of another, where they lie. 0, or the step that failed. */
static int across(struct dev *a, struct tunring *to, unsigned int n,
		  uint32_t *number)
{
	struct tunring_packet p[8];
	uint32_t v, first = *number;
	unsigned int i;

	for (i = 0; i < n; i++, ++*number)
		if (dev_send(a, number, 4) != 4)
			return 1;
	if (dev_take(a, p, n) != (int)n)
		return 2;
	for (i = 0; i < n; i++)
		turn_udp(a, p[i].data);
	if (tunring_rx_forward_to(a->h, to, p, n) != (int)n ||
	    tunring_tx_kick(to))
		return 3;
	for (i = 0; i < n; i++)
		if (dev_recv(a, &v, 4) != 4 || v != first + i)
			return 4;
	return 0;
}

TEST_F(pool, two)
{
	struct tunring *c;
	uint32_t number = 0;

	ASSERT_EQ(tunring_pool_new(&self->pool, 64, 2048, variant->pool_flags), 0);
	ASSERT_EQ(in_pool(&self->a.h, self), 0);
	ASSERT_EQ(in_pool(&self->b[0], self), 0);
	ASSERT_EQ(in_pool(&c, self), -ENOBUFS);
	ASSERT_EQ(dev_ready(&self->a), 0);
	ASSERT_EQ(up(self->b[0]), 0);
	while (number < 400)
		ASSERT_EQ(across(&self->a, self->b[0], 4, &number), 0);
	ASSERT_EQ(tunring_pool_free(self->pool), -EBUSY);
	/* its buffers are mixed with the other's, and stay in the pool */
	tunring_close(self->b[0]);
	ASSERT_EQ(in_pool(&self->b[0], self), 0);
	ASSERT_EQ(up(self->b[0]), 0);
	while (number < 600)
		ASSERT_EQ(across(&self->a, self->b[0], 8, &number), 0);
	dev_close(&self->a);
	tunring_close(self->b[0]);
	ASSERT_EQ(tunring_pool_free(self->pool), 0);
}

/* Data that one process leaves to another, beside the descriptors. */
struct legacy {
	struct tunring_layout layout[2];
	struct tunring_pool_info pool;
};

static int pass_handle(int sock, const struct tunring *h, const void *data, size_t len)
{
	return pass_send(sock, tunring_fd(h), tunring_memory_fd(h), data, len);
}

/* Moves packets, leaves two devices and their pool to another process, and ends. */
static int older(int sock, struct _test_data_pool *self)
{
	struct legacy left;
	uint32_t number = 0;

	if (in_pool(&self->a.h, self) || in_pool(&self->b[0], self) ||
	    dev_ready(&self->a) || up(self->b[0]))
		return 1;
	while (number < 100)
		if (across(&self->a, self->b[0], 4, &number))
			return 2;
	if (tunring_export(self->a.h, &left.layout[0]) ||
	    tunring_export(self->b[0], &left.layout[1]))
		return 3;
	tunring_pool_get_info(self->pool, &left.pool);
	return pass_handle(sock, self->a.h, &left, sizeof(left)) ||
	       pass_handle(sock, self->b[0], "b", 1) ||
	       pass_send(sock, tunring_pool_fd(self->pool), -1, "p", 1) ? 4 : 0;
}

static int import_in(struct tunring **h, const int fds[2],
		     const struct tunring_layout *layout, struct _test_data_pool *self,
		     bool attached)
{
	int ret = tunring_import_pool(h, fds[0], attached ? fds[1] : -1,
				      TUNRING_ADOPT_CLOSE, layout, self->pool);

	close(fds[1]);
	return ret;
}

/* A pinned pool and its rings outlive the process that made them. */
TEST_F(pool, restart)
{
	bool ring = expected_mode(variant->flags) == TUNRING_MODE_RING;
	bool attached = ring && variant->flags & TUNRING_O_ATTACH;
	int pair[2], fds[2], fds_b[2], fds_pool[2], status;
	struct legacy left;
	uint32_t number = 0;
	char byte;
	pid_t pid;

	ASSERT_EQ(tunring_pool_new(&self->pool, 64, 2048, variant->pool_flags), 0);
	if (!(variant->pool_flags & TUNRING_O_PIN)) {
		ASSERT_EQ(in_pool(&self->a.h, self), 0);
		ASSERT_EQ(tunring_export(self->a.h, &left.layout[0]),
			  ring ? -EOPNOTSUPP : 0);
		tunring_close(self->a.h);
		ASSERT_EQ(tunring_pool_free(self->pool), 0);
		return;
	}
	ASSERT_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	pid = fork();
	ASSERT_GE(pid, 0);
	if (!pid)
		_exit(older(pair[1], self));
	close(pair[1]);
	ASSERT_EQ(pass_recv(pair[0], fds, &left, sizeof(left)), 0);
	ASSERT_EQ(pass_recv(pair[0], fds_b, &byte, 1), 0);
	ASSERT_EQ(pass_recv(pair[0], fds_pool, &byte, 1), 0);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	ASSERT_EQ(status, 0);

	ASSERT_EQ(tunring_pool_free(self->pool), 0);
	ASSERT_EQ(tunring_pool_import(&self->pool, fds_pool[0], &left.pool), 0);
	ASSERT_EQ(import_in(&self->a.h, fds, &left.layout[0], self, attached), 0);
	ASSERT_EQ(import_in(&self->b[0], fds_b, &left.layout[1], self, attached), 0);
	ASSERT_EQ(dev_ready(&self->a), 0);
	while (number < 200)
		ASSERT_EQ(across(&self->a, self->b[0], 4, &number), 0);
	tunring_close(self->b[0]);
	ASSERT_EQ(in_pool(&self->b[0], self), 0);
	ASSERT_EQ(up(self->b[0]), 0);
	while (number < 400)
		ASSERT_EQ(across(&self->a, self->b[0], 4, &number), 0);
	dev_close(&self->a);
	tunring_close(self->b[0]);
	ASSERT_EQ(tunring_pool_free(self->pool), 0);
	close(fds_pool[0]);
	close(fds_pool[1]);
	ASSERT_EQ(locked_soon(0), 0);
}

/* A server with many clients: the pool is locked once. */
TEST_F_TIMEOUT(pool, many, 900)
{
	struct rlimit files = { 2 * MAX + 64, 2 * MAX + 64 };
	int many = variant->many, i;
	bool once = expected_mode(variant->flags) == TUNRING_MODE_RING &&
		    variant->pool_flags & TUNRING_O_PIN &&
		    !(variant->flags & TUNRING_O_ATTACH);
	uint32_t number = 0;

	ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &files), 0);
	self->opt.rx_entries = 4;
	self->opt.tx_entries = 4;
	ASSERT_EQ(tunring_pool_new(&self->pool, 8 * (uint32_t)(many + 1), 2048,
				   variant->pool_flags), 0);
	ASSERT_EQ(in_pool(&self->a.h, self), 0);
	ASSERT_EQ(dev_ready(&self->a), 0);
	for (i = 0; i < many; i++) {
		ASSERT_EQ(in_pool(&self->b[i], self), 0);
		ASSERT_EQ(up(self->b[i]), 0);
	}
	if (once)
		ASSERT_EQ(locked(), pool_size(self->pool, 8 * (many + 1)));
	for (i = 0; i < many; i++)
		ASSERT_EQ(across(&self->a, self->b[i], 4, &number), 0);
	for (i = 0; i < many; i++)
		tunring_close(self->b[i]);
	ASSERT_EQ(across(&self->a, self->a.h, 4, &number), 0);
	dev_close(&self->a);
	ASSERT_EQ(tunring_pool_free(self->pool), 0);
	ASSERT_EQ(locked_soon(0), 0);
}

TEST_HARNESS_MAIN
