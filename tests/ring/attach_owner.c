// SPDX-License-Identifier: GPL-2.0
/*
 * The owner of attached rings dies. Pinned pages stay. Unpinned rings become broken,
 * and nothing else does.
 */
#include <sys/prctl.h>

#include "attach_gone.h"

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
			ret = env_put(&self->e, &self->r, 9, 1, 100);
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
