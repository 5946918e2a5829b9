// SPDX-License-Identifier: GPL-2.0
/* Rings in memory of the process: its owner, its contents, its end. */
#include "dev.h"
#include "pass.h"
#include "harness.h"
#include "thread.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

FIXTURE(attach) {
	struct tunring_options opt;
	bool attached;	/* there are rings */
};

FIXTURE_VARIANT(attach) {
	uint32_t flags;
};

FIXTURE_VARIANT_ADD(attach, user) { .flags = TUNRING_O_ATTACH };
FIXTURE_VARIANT_ADD(attach, pinned) { .flags = TUNRING_O_ATTACH |
					       TUNRING_O_PIN };

FIXTURE_SETUP(attach)
{
	ASSERT_EQ(netns_new(), 0);
	/* loads the module, so that it can be told which one it is */
	close(open("/dev/net/tun", O_RDWR));
	tunring_options_init(&self->opt);
	self->opt.flags = variant->flags;
	self->opt.rx_entries = 16;
	self->opt.tx_entries = 16;
	self->attached = expected_mode(0) == TUNRING_MODE_RING;
}

FIXTURE_TEARDOWN(attach)
{
}

/* Both ways, in place. Returns 0, or the step that failed. */
static int moves(struct dev *d, int rounds)
{
	struct tunring_packet p;
	char out[8];

	for (; rounds; rounds--) {
		if (dev_send(d, "in", 2) != 2 || dev_take(d, &p, 1) != 1)
			return 1;
		turn_udp(d, p.data);
		if (tunring_rx_forward(d->h, &p, 1) != 1 ||
		    tunring_tx_kick(d->h) || dev_recv(d, out, 8) != 2)
			return 2;
		if (put_udp(d, "out", 3) != 1 || tunring_tx_kick(d->h) ||
		    dev_recv(d, out, 8) != 3)
			return 3;
	}
	return 0;
}

TEST_F(attach, in_force)
{
	struct tunring_info info;
	struct dev d;

	ASSERT_EQ(dev_open(&d, false, &self->opt), 0);
	tunring_get_info(d.h, &info);
	ASSERT_EQ(info.flags, self->attached ? variant->flags : 0);
	ASSERT_EQ(tunring_memory_fd(d.h) >= 0, self->attached);
	dev_close(&d);
}

/* Two handles have their memory in one file, one behind the other, twice. */
TEST_F(attach, one_file)
{
	size_t len = tunring_memory_size(&self->opt);
	struct dev a, b = { .sock = -1 };
	int fd = memfd_create("two", 0), i;

	ASSERT_EQ(ftruncate(fd, 2 * len), 0);
	self->opt.flags |= TUNRING_O_MEMORY;
	self->opt.memory_fd = fd;
	for (i = 0; i < 2; i++) {
		self->opt.memory_offset = 0;
		ASSERT_EQ(dev_open(&a, false, &self->opt), 0);
		self->opt.memory_offset = len;
		ASSERT_EQ(tunring_open(&b.h, "tw%d", IFF_TUN, &self->opt), 0);
		ASSERT_EQ(moves(&a, 20), 0);
		dev_close(&a);
		ASSERT_EQ(dev_ready(&b), 0);
		ASSERT_EQ(moves(&b, 20), 0);
		dev_close(&b);
	}
	close(fd);
}

/* Not at the first packet, but at once. */
TEST_F(attach, short_file)
{
	size_t len = tunring_memory_size(&self->opt);
	struct tunring *h;
	int fd = memfd_create("short", 0);

	if (!self->attached)
		return;
	ASSERT_EQ(ftruncate(fd, len - 1), 0);
	self->opt.flags |= TUNRING_O_MEMORY;
	self->opt.memory_fd = fd;
	ASSERT_EQ(tunring_open(&h, "sh%d", IFF_TUN, &self->opt), -EINVAL);
	close(fd);
}

static void owner(int sock, const struct tunring_options *opt)
{
	struct tunring_layout layout;
	struct tunring *h;

	if (!tunring_open(&h, "ow%d", IFF_TUN, opt) &&
	    !tunring_export(h, &layout))
		pass_send(sock, tunring_fd(h), tunring_memory_fd(h), &layout,
			  sizeof(layout));
	_exit(0);
}

/*
 * The process that set the rings up ends, and leaves its descriptors. Pinned rings
 * go on; others end, at the latest when there is work.
 */
TEST_F(attach, owner_ends)
{
	time_t end = time(NULL) + PATIENCE;
	struct tunring_layout layout;
	struct dev d = { .sock = -1 };
	int pair[2], fds[2];
	pid_t pid;

	if (!self->attached)
		return;
	ASSERT_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	pid = fork();
	if (!pid)
		owner(pair[1], &self->opt);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	ASSERT_EQ(pass_recv(pair[0], fds, &layout, sizeof(layout)), 0);
	ASSERT_EQ(tunring_import_memory(&d.h, fds[0], fds[1],
					TUNRING_ADOPT_CLOSE, &layout), 0);
	ASSERT_EQ(dev_ready(&d), 0);
	if (variant->flags & TUNRING_O_PIN) {
		ASSERT_EQ(moves(&d, 20), 0);
	} else {
		/* a thread that is still busy has the memory until it has done */
		ASSERT_EQ(thread_wait_idle(pid), 0);
		ASSERT_EQ(put_udp(&d, "out", 3), 1);
		tunring_tx_kick(d.h);
		while (!tunring_check(d.h) && time(NULL) < end)
			sched_yield();
		ASSERT_EQ(tunring_check(d.h), -EFAULT);
		ASSERT_EQ(tunring_wait(d.h, -1, NULL, 0), -EFAULT);
	}
	dev_close(&d);
	close(fds[1]);
}

TEST_HARNESS_MAIN
