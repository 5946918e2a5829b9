// SPDX-License-Identifier: GPL-2.0
/*
 * Threads that serve rings count against RLIMIT_NPROC of the user for whom they
 * work.
 * The user is nobody, with all capabilities in a user namespace of its own.
 */
#include <sys/resource.h>

#include "attach.h"
#include "guest.h"
#include "harness.h"

#define MANY	40	/* queues, more than any limit here allows */
#define THREADS	5

static int set_limit(int what, rlim_t max)
{
	struct rlimit l = { max, max };

	return setrlimit(what, &l) ? -errno : 0;
}

static int open_queue(const char *name)
{
	return tunfd_create(name, TUN_PLAIN | IFF_MULTI_QUEUE);
}

struct attached {
	struct tring r;
	struct aconf c;
	int fd[MANY];
	unsigned int n;
};

/* Attaches rings to new queues until a call fails. Returns the error. */
static int attach_many(struct attached *a, unsigned int max)
{
	struct tun_ring_attach p;
	int ret = 0;

	a->c = (struct aconf) { .c = { F_META, 16, 16, 2048, 0 } };
	if (!a->r.pool)
		ret = attach_alloc(&a->r, &a->c);
	while (!ret && a->n < max) {
		a->fd[a->n] = open_queue("user0");
		ret = attach_pool(&a->r, a->fd[a->n], false);
		p = attach_params(&a->r, &a->c);
		if (!ret)
			ret = attach_raw(a->fd[a->n], &p);
		if (ret)
			close(a->fd[a->n]);
		else
			a->n++;
	}
	return ret;
}

static int threads_of_user(void *arg)
{
	struct attached a = { .n = 0 };
	int ret = set_limit(RLIMIT_NPROC, THREADS), i;

	if (ret)
		return ret;
	ret = attach_many(&a, MANY);
	if (ret != -EAGAIN || a.n != THREADS)
		return 1000 + a.n;
	/* a thread that has ended counts no more, however it ended */
	if (tring_teardown(a.fd[0]))
		return 1;
	close(a.fd[1]);
	close(a.fd[0]);
	memmove(a.fd, a.fd + 2, sizeof(a.fd) - 2 * sizeof(a.fd[0]));
	a.n -= 2;
	ret = attach_many(&a, MANY);
	if (ret != -EAGAIN || a.n != THREADS)
		return 2000 + a.n;
	for (i = 0; i < THREADS; i++)
		close(a.fd[i]);
	return 0;
}

TEST(threads_of_a_user)
{
	EXPECT_EQ(0, child_in_userns(threads_of_user, NULL));
}

static int threads_of_two(void *arg)
{
	struct attached a = { .n = 0 }, b = { .n = 0 };
	int p[2], status, ret = set_limit(RLIMIT_NPROC, THREADS + 1);
	pid_t pid;
	char c;

	if (ret || pipe(p))
		return -EIO;
	ret = attach_many(&a, 3);
	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid) {
		ret = attach_many(&b, MANY);
		_exit(ret == -EAGAIN ? b.n : 100);
	}
	c = waitpid(pid, &status, 0) == pid ? 0 : 1;
	return ret ?: c ?: WEXITSTATUS(status) - (THREADS + 1 - 3);
}

/* Two processes of a user have one limit. */
TEST(threads_of_two_processes)
{
	EXPECT_EQ(0, child_in_userns(threads_of_two, NULL));
}

static int threads_of_guest(void *arg)
{
	struct guest g;
	int fd = open_queue("user0"), ret;

	ret = guest_open_in(&g, dup(fd), arg, G_V1, 0);
	if (!ret)
		ret = set_limit(RLIMIT_NPROC, 0);
	if (ret)
		return ret;
	ret = guest_start(&g, fd);
	if (ret != -EAGAIN)
		return ret ?: 1;
	guest_close(&g);
	return 0;
}

TEST(threads_of_a_guest)
{
	EXPECT_EQ(0, child_in_userns(threads_of_guest, NULL));
}

/* The thread that coalesces the kicks of a guest in pinned memory. */
TEST(threads_of_a_pinned_guest)
{
	EXPECT_EQ(0, child_in_userns(threads_of_guest, ""));
}

static int threads_of_root(void *arg)
{
	struct attached a = { .n = 0 };
	int ret = ns_fresh();

	if (!ret)
		ret = set_limit(RLIMIT_NPROC, 1);
	return ret ?: attach_many(&a, THREADS);
}

TEST(threads_of_the_superuser)
{
	EXPECT_EQ(0, child_run(threads_of_root, NULL));
}

TEST_HARNESS_MAIN
