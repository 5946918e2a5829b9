// SPDX-License-Identifier: GPL-2.0
/* TUNRINGENTER handles signals as ppoll(2) does. */
#include <sys/syscall.h>

#include "env.h"
#include "harness.h"

#define ENTER_WAIT	TUN_RING_ENTER_WAIT
#define LONG_NS		(WAIT_MS * NS_PER_MS)
#define BIT_OF(sig)	(1ULL << ((sig) - 1))

static volatile sig_atomic_t caught;

static void on_signal(int sig)
{
	caught++;
}

FIXTURE(signal) {
	struct env e;
	struct tring r;
};

FIXTURE_SETUP(signal)
{
	struct tconf c = { F_META | F_EVENT, 8, 8, 2048, 0 };
	struct sigaction sa = { .sa_handler = on_signal };

	ASSERT_EQ(0, sigaction(SIGUSR1, &sa, NULL));
	sa.sa_flags = SA_RESTART;
	ASSERT_EQ(0, sigaction(SIGUSR2, &sa, NULL));
	ASSERT_EQ(0, env_open(&self->e, "sig0", TUN_PLAIN));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	ASSERT_LE(0, tring_rx_fill(&self->r));
}

FIXTURE_TEARDOWN(signal)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

/* Waits with this signal mask. */
static int enter_masked(int fd, uint64_t mask, int64_t timeout_ns)
{
	struct tun_ring_enter e = {
		.flags = ENTER_WAIT, .timeout_ns = timeout_ns,
		.sigmask = (uintptr_t)&mask, .sigsetsize = sizeof(mask),
	};

	return tunfd_ioctlp(fd, TUNRINGENTER, &e);
}

static uint64_t mask_now(void)
{
	sigset_t set;
	uint64_t mask;

	sigprocmask(SIG_BLOCK, NULL, &set);
	memcpy(&mask, &set, sizeof(mask));
	return mask;
}

static int block(int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	return sigprocmask(SIG_BLOCK, &set, NULL);
}

struct target {
	pid_t tid;
	int sig;
};

static void send_signal(void *arg)
{
	struct target *t = arg;

	syscall(SYS_tgkill, getpid(), t->tid, t->sig);
}

TEST_F(signal, interrupts)
{
	struct target t = { syscall(SYS_gettid), SIGUSR1 };
	struct after a;

	ASSERT_EQ(0, after_start(&a, send_signal, &t));
	EXPECT_EQ(-EINTR, tring_enter(self->e.fd, ENTER_WAIT, LONG_NS));
	EXPECT_EQ(0, after_join(&a));
	EXPECT_EQ(1, caught);
}

/* The time-out is relative, so SA_RESTART must not restart the call. */
TEST_F(signal, is_not_restarted)
{
	struct target t = { syscall(SYS_gettid), SIGUSR2 };
	struct after a;

	ASSERT_EQ(0, after_start(&a, send_signal, &t));
	EXPECT_EQ(-EINTR, tring_enter(self->e.fd, ENTER_WAIT, LONG_NS));
	EXPECT_EQ(0, after_join(&a));
	EXPECT_EQ(1, caught);
}

/* The mask unblocks a pending signal: the call does not wait. */
TEST_F(signal, pending_signal_unblocked)
{
	uint64_t before;

	ASSERT_EQ(0, block(SIGUSR1));
	before = mask_now();
	ASSERT_EQ(0, raise(SIGUSR1));
	EXPECT_EQ(0, caught);
	EXPECT_EQ(-EINTR, enter_masked(self->e.fd, 0, -1));
	EXPECT_EQ(1, caught);
	EXPECT_EQ(before, mask_now());
}

TEST_F(signal, arriving_signal_unblocked)
{
	struct target t = { syscall(SYS_gettid), SIGUSR1 };
	struct after a;
	uint64_t before;

	ASSERT_EQ(0, block(SIGUSR1));
	before = mask_now();
	ASSERT_EQ(0, after_start(&a, send_signal, &t));
	EXPECT_EQ(-EINTR, enter_masked(self->e.fd, 0, LONG_NS));
	EXPECT_EQ(0, after_join(&a));
	EXPECT_EQ(1, caught);
	EXPECT_EQ(before, mask_now());
}

/* A signal masked during the wait is delivered after the call. */
TEST_F(signal, masked_signal_waits)
{
	struct target t = { syscall(SYS_gettid), SIGUSR1 };
	struct after a;
	uint64_t before = mask_now();
	long start = now_ms();

	ASSERT_EQ(0, after_start(&a, send_signal, &t));
	EXPECT_EQ(0, enter_masked(self->e.fd, BIT_OF(SIGUSR1),
				  200 * NS_PER_MS));
	EXPECT_LE(200, now_ms() - start);
	EXPECT_EQ(0, after_join(&a));
	EXPECT_EQ(1, caught);
	EXPECT_EQ(before, mask_now());
}

/* With a used entry and a pending signal, the call returns the entry. */
TEST_F(signal, entries_before_signal)
{
	ASSERT_EQ(0, block(SIGUSR1));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 2, 60));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, 2));
	EXPECT_EQ(2, enter_masked(self->e.fd, BIT_OF(SIGUSR1), -1));
	EXPECT_EQ(0, caught);
}

/* The mask cannot block SIGKILL. */
TEST_F(signal, kill_is_not_masked)
{
	int status;
	pid_t pid = fork();

	ASSERT_LE(0, pid);
	if (!pid) {
		enter_masked(self->e.fd, ~0ULL, -1);
		_exit(0);
	}
	ASSERT_EQ(0, thread_wait_blocked(pid));
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
	EXPECT_EQ(SIGKILL, WTERMSIG(status));
}

TEST_F(signal, mask_after_timeout)
{
	uint64_t before = mask_now();

	EXPECT_EQ(0, enter_masked(self->e.fd, BIT_OF(SIGUSR1) |
				  BIT_OF(SIGTERM), 0));
	EXPECT_EQ(before, mask_now());
	EXPECT_EQ(0, enter_masked(self->e.fd, ~0ULL, 5 * NS_PER_MS));
	EXPECT_EQ(before, mask_now());
}

TEST_HARNESS_MAIN
