// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that the kernel allocates for rings counts against RLIMIT_MEMLOCK of the
 * user beyond some MiB, and is charged to the memory control group.
 * The user is nobody, with all capabilities in a user namespace of its own.
 */
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "env.h"
#include "harness.h"

#define MIB	(1UL << 20)
#define FREE_MIB	(TUN_RING_FREE_MEMORY / MIB)

static int set_limit(int what, rlim_t max)
{
	struct rlimit l = { max, max };

	return setrlimit(what, &l) ? -errno : 0;
}

static int open_queue(const char *name)
{
	return tunfd_create(name, TUN_PLAIN | IFF_MULTI_QUEUE);
}

/* Sets up rings with a pool of so many MiB, less the pages of the rings. */
static int setup_mib(int fd, unsigned int mib, struct tun_ring_setup *s)
{
	struct tconf c = { F_META, 16, 16, 16384, mib * MIB / 16384 - 1 };

	*s = tring_params(&c);
	return tring_setup_raw(fd, s);
}

static int memory_of_user(void *arg)
{
	struct tun_ring_setup s;
	void *map;
	int ret = set_limit(RLIMIT_MEMLOCK, 2 * MIB), fd[4], i;

	for (i = 0; i < 4; i++)
		fd[i] = open_queue("user0");
	/* four MiB are free, and two are locked memory */
	ret = ret ?: setup_mib(fd[0], FREE_MIB, &s);
	ret = ret ?: setup_mib(fd[1], 1, &s);
	ret = ret ?: setup_mib(fd[2], 1, &s);
	if (ret)
		return ret;
	if (setup_mib(fd[3], 1, &s) != -ENOMEM)
		return 1;
	ret = tring_teardown(fd[1]);
	ret = ret ?: setup_mib(fd[3], 1, &s);
	if (ret)
		return ret;
	/* a mapping keeps the memory, and so the charge for it */
	map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd[0], s.pool_offset);
	ret = tring_teardown(fd[0]);
	if (ret || map == MAP_FAILED)
		return ret ?: 2;
	if (setup_mib(fd[1], 1, &s) != -ENOMEM)
		return 3;
	munmap(map, 4096);
	return setup_mib(fd[1], FREE_MIB, &s);
}

TEST(memory_of_a_user)
{
	EXPECT_EQ(0, child_in_userns(memory_of_user, NULL));
	/* all of it was given back */
	EXPECT_EQ(0, child_in_userns(memory_of_user, NULL));
}

/* A process that inherits a mapping keeps the charge, too. */
static int memory_of_child(void *arg)
{
	struct tun_ring_setup s;
	int fd = open_queue("user0"), p[2], ret, status;
	void *map;
	pid_t pid;
	char c;

	ret = set_limit(RLIMIT_MEMLOCK, 0) ?: setup_mib(fd, FREE_MIB, &s);
	if (ret || pipe(p))
		return ret ?: -EIO;
	map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, s.pool_offset);
	pid = fork();
	if (!pid) {
		close(p[1]);
		_exit(read(p[0], &c, 1) != 0);
	}
	munmap(map, 4096);
	ret = tring_teardown(fd);
	if (!ret && setup_mib(fd, 1, &s) != -ENOMEM)
		ret = 1;
	close(p[1]);
	waitpid(pid, &status, 0);
	return ret ?: setup_mib(fd, FREE_MIB, &s);
}

TEST(memory_of_a_child)
{
	EXPECT_EQ(0, child_in_userns(memory_of_child, NULL));
}

/* A program sets up its rings and drops its privileges afterwards. */
static int memory_dropped(void *arg)
{
	int ret = ns_fresh(), fd, other;
	struct tun_ring_setup s;

	fd = open_queue("user0");
	other = open_queue("user0");
	ret = ret ?: set_limit(RLIMIT_MEMLOCK, 0);
	ret = ret ?: setup_mib(fd, 4 * FREE_MIB, &s);
	if (ret)
		return ret;
	if (setresuid(65534, 65534, 65534))
		return -errno;
	ret = tring_enter(fd, TUN_RING_ENTER_RX, 0);
	if (ret < 0)
		return ret;
	/* as nobody: the free part, and no more */
	ret = setup_mib(other, FREE_MIB, &s) ?: tring_teardown(other);
	if (ret)
		return ret;
	return setup_mib(other, FREE_MIB + 1, &s) == -ENOMEM ? 0 : 1;
}

TEST(memory_before_privileges_are_dropped)
{
	EXPECT_EQ(0, child_run(memory_dropped, NULL));
}

#define GROUP	"/sys/fs/cgroup/tun_user_limits"

static long group_events(const char *name)
{
	char buf[512], *p;

	if (file_get(GROUP "/memory.events", buf, sizeof(buf)) < 0)
		return -1;
	p = strstr(buf, name);
	return p ? atol(p + strlen(name)) : -1;
}

/* A set-up beyond the group's memory fails, and kills no other process of it. */
static int memory_of_group(void *arg)
{
	struct tun_ring_setup s;
	int ret = ns_fresh(), fd, status, ready[2];
	pid_t victim;
	char c;

	if (ret || pipe(ready) || file_put(GROUP "/cgroup.procs", "0"))
		return ret ?: -EIO;
	victim = fork();
	if (!victim) {
		char *p = mmap(NULL, 16 * MIB, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1,
			       0);

		_exit(p == MAP_FAILED || write(ready[1], p, 1) != 1 ||
		      pause());
	}
	close(ready[1]);
	fd = open_queue("user0");
	if (read(ready[0], &c, 1) != 1)
		return -EPIPE;
	ret = setup_mib(fd, 64, &s);
	if (waitpid(victim, &status, WNOHANG))
		return 1;
	kill(victim, SIGKILL);
	waitpid(victim, &status, 0);
	return ret == -ENOMEM ? 0 : ret ?: 2;
}

TEST(memory_of_a_control_group)
{
	file_put("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	ASSERT_EQ(0, mkdir(GROUP, 0755));
	ASSERT_EQ(0, file_put(GROUP "/memory.max", "33554432"));
	EXPECT_EQ(0, child_run(memory_of_group, NULL));
	EXPECT_EQ(0, group_events("oom_kill "));
	EXPECT_EQ(0, rmdir(GROUP));
}

TEST_HARNESS_MAIN
