// SPDX-License-Identifier: GPL-2.0
/*
 * The owner of pinned rings holds the mmap_lock of its memory, for as long as a server
 * of FUSE does not answer. Another process ends the rings, and does not wait.
 */
#include "fuse_place.h"
#include "harness.h"

FIXTURE(locked) {
	struct env e;
	struct place place;
	pid_t owner;
};

/*
 * Pinned rings. Then the owner pins memory of the file, for another queue. Some
 * kernels hold mmap_lock while they do.
 */
static int owner_pin(int tun)
{
	struct aconf c = { .c = { F_META, 16, 16, 2048, 0 }, .pin = true };
	struct tun_ring_region v;
	struct tring r = { };
	int ret = attach_rings(&r, tun, &c);

	if (!ret)
		ret = place_region(&v);
	close(tun);
	return ret ?: attach_regions(tunfd_open(), &v, 1, TUN_RING_REGIONS_PIN);
}

FIXTURE_SETUP(locked)
{
	char c;

	cmd_run("modprobe fuse");
	ASSERT_EQ(0, env_open(&self->e, "fuse0", TUN_PLAIN));
	ASSERT_EQ(0, place_begin(&self->place, self->e.fd));
	self->owner = fork();
	ASSERT_LE(0, self->owner);
	if (!self->owner)
		_exit(owner_pin(self->e.fd) ? 1 : 0);
	ASSERT_EQ(1, read(self->place.taken, &c, 1));
}

FIXTURE_TEARDOWN(locked)
{
	place_end(&self->place);
	kill(self->owner, SIGKILL);
	waitpid(self->owner, NULL, 0);
	close(self->e.sk);
}

/* Another process ends the rings, which unpins and uncharges their memory. */
TEST_F(locked, closed_by_another)
{
	pid_t pid = fork();

	if (!pid) {
		close(self->e.fd);
		_exit(0);
	}
	close(self->e.fd);
	EXPECT_EQ(0, child_ended(pid, WAIT_MS));
	EXPECT_EQ(0, if_wait_gone("fuse0"));
}

TEST_HARNESS_MAIN
