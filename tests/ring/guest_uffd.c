// SPDX-License-Identifier: GPL-2.0
/*
 * The worker is blocked in a page fault that only the owner can resolve, and
 * does not. Closing the file, removing the backend and killing the owner must
 * not wait for the page. The monitor is a child process.
 */
#include <sys/eventfd.h>
#include <sys/time.h>

#include "guest.h"
#include "harness.h"
#include "uffd.h"

/* A call that waits for the page never returns. */
#define SOON_MS	WAIT_MS

enum act { SLEEP, CLOSE, STOP, RESET, START, EXIT };

struct monitor {
	enum act act;
	bool uffd_first;	/* its descriptor number is below the tun's */
	bool held;		/* the parent holds the userfaultfd, too */
	bool apart;		/* the control file has no device */
	bool tx;		/* the worker is blocked in a tx buffer */
	int sk[2];
};

/* Puts a tx buffer that the monitor has not touched. */
static void put_untouched(struct guest *g)
{
	struct tvq *vq = &g->vq[G_TX];

	tvq_desc(vq, 0, guest_buf(g, G_TX, 0) - g->pool, 100, 0, 0);
	tvq_put(vq, 0);
	tvq_publish(vq);
	guest_kick(g, G_TX);
}

/* Starts a guest and waits until the worker is blocked in the fault. */
static int stuck(struct monitor *m, struct env *e, struct guest *g, int *uffd)
{
	int ret;

	if (m->uffd_first)
		*uffd = uffd_open();
	e->fd = tunfd_create_up("guest0", TUN_PLAIN);
	e->sk = psock_open("guest0", false);
	ret = guest_open(g, m->apart ? tunfd_open() : dup(e->fd), G_V1, 0);
	if (!m->uffd_first)
		*uffd = uffd_open();
	if (!ret)
		ret = guest_start(g, e->fd);
	if (!ret)
		ret = uffd_watch(*uffd, g->pool, G_POOL);
	if (ret)
		return ret;
	if (m->tx)
		put_untouched(g);
	else
		guest_fill(g);
	ret = env_inject(e, 0, 100);
	if (ret)
		return ret;
	return fd_wait(*uffd, POLLIN, WAIT_MS) & POLLIN ? 0 : -ETIMEDOUT;
}

/* Runs the monitor. Returns its exit status. */
static int monitor(struct monitor *m)
{
	struct env e = { .name = "guest0" };
	struct guest g;
	int uffd = -1, ret = stuck(m, &e, &g, &uffd);
	long start = now_ms();

	if (ret)
		return 2;
	fd_send(m->sk[1], m->held ? uffd : 0);
	switch (m->act) {
	case SLEEP:
		pause();
		break;
	case CLOSE:
		close(g.ctl);
		close(e.fd);
		if (if_wait_gone("guest0"))
			return 3;
		break;
	case STOP:
		guest_stop(&g);
		return 4;
	case RESET:
		guest_ioctl(&g, VHOST_RESET_OWNER, NULL);
		return 4;
	case START:
		guest_start(&g, e.fd);
		return 4;
	case EXIT:
		break;
	}
	return now_ms() - start < SOON_MS ? 0 : 5;
}

FIXTURE(uffd) {
	struct monitor m;
	pid_t pid;
};

FIXTURE_VARIANT(uffd) {
	struct monitor m;
};

#define UFFD(name, ...)							\
	FIXTURE_VARIANT_ADD(uffd, name) { { __VA_ARGS__ } }

UFFD(killed, SLEEP);
UFFD(killed_uffd_first, SLEEP, .uffd_first = true);
UFFD(killed_held, SLEEP, .held = true);
UFFD(killed_held_apart, SLEEP, .held = true, .apart = true);
UFFD(killed_tx, SLEEP, .held = true, .tx = true);
UFFD(closes, CLOSE);
UFFD(closes_apart, CLOSE, .apart = true, .tx = true);
UFFD(exits, EXIT, .held = true);
UFFD(exits_uffd_first, EXIT, .uffd_first = true, .held = true, .apart = true);
UFFD(killed_stopping, STOP, .held = true);
UFFD(killed_stopping_apart, STOP, .held = true, .apart = true);
UFFD(killed_stopping_tx, STOP, .tx = true);
UFFD(killed_resetting, RESET, .held = true);
UFFD(killed_starting, START, .held = true, .apart = true);

FIXTURE_SETUP(uffd)
{
	self->m = variant->m;
	ASSERT_EQ(0, ns_fresh());
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_SEQPACKET, 0, self->m.sk));
	self->pid = fork();
	ASSERT_LE(0, self->pid);
	if (!self->pid)
		_exit(monitor(&self->m));
	/* if the monitor fails, recvmsg() returns at once */
	close(self->m.sk[1]);
}

FIXTURE_TEARDOWN(uffd)
{
	kill(self->pid, SIGKILL);
	close(self->m.sk[0]);
}

TEST_F(uffd, monitor_ends)
{
	enum act act = self->m.act;
	int held = fd_recv(self->m.sk[0]), status;

	ASSERT_LE(0, held);
	if (act == SLEEP || act == STOP || act == RESET || act == START) {
		ASSERT_EQ(0, thread_wait_stuck(self->pid));
		ASSERT_EQ(0, kill(self->pid, SIGKILL));
	}
	status = child_ended(self->pid, SOON_MS);
	EXPECT_TRUE(act == CLOSE || act == EXIT ? status == 0 :
		    WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
		TH_LOG("status %d", status);
	}
	EXPECT_EQ(0, if_wait_gone("guest0"));
	close(held);
}

/* The monitor is the test process itself. */
FIXTURE(late) {
	struct monitor m;
	struct env e;
	struct guest g;
	int uffd;
};

FIXTURE_SETUP(late)
{
	ASSERT_EQ(0, ns_fresh());
	self->e.name[0] = 0;
	memset(&self->m, 0, sizeof(self->m));
	ASSERT_EQ(0, stuck(&self->m, &self->e, &self->g, &self->uffd));
}

FIXTURE_TEARDOWN(late)
{
	close(self->uffd);
	guest_close(&self->g);
	env_close(&self->e);
}

/* The fault is resolved late: no packet was lost. */
TEST_F(late, answered)
{
	int fd = tunfd_create_up("guest1", TUN_PLAIN);
	struct env e = { .fd = fd, .sk = psock_open("guest1", false) };
	struct guest other;

	ASSERT_EQ(0, env_inject_n(&self->e, 1, 10, 100));
	/* another device's guest is not affected */
	ASSERT_EQ(0, guest_open(&other, tunfd_open(), G_V1, 0));
	ASSERT_EQ(0, guest_start(&other, fd));
	guest_fill(&other);
	EXPECT_EQ(0, guest_works(&other, &e, 0));
	guest_close(&other);
	env_close(&e);
	EXPECT_EQ(0, tvq_pending(&self->g.vq[G_RX]));
	ASSERT_EQ(0, uffd_answer(self->uffd, self->g.pool, G_POOL));
	EXPECT_EQ(0, guest_expect(&self->g, false, 0, 11));
}

static void on_alarm(int sig)
{
}

/* A signal ends an ioctl that waits for the worker. Both eventfds stay valid. */
TEST_F(late, log_fd_interrupted)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	static uint8_t log[4096];
	uint64_t at = (uintptr_t)log;
	int old = eventfd(0, EFD_NONBLOCK), new = eventfd(0, EFD_NONBLOCK);
	/* repeated, in case the first signal comes before the ioctl */
	struct itimerval soon = { { .tv_usec = 200000 }, { .tv_usec = 200000 } };
	struct itimerval never = { };
	struct guest *g = &self->g;
	uint8_t buf[256];

	ASSERT_EQ(0, sigaction(SIGALRM, &sa, NULL));
	/* resolve the first fault, enable the log, cause the next fault */
	ASSERT_EQ(0, uffd_answer(self->uffd, g->pool, G_BUF));
	ASSERT_EQ(100, guest_recv(g, buf, sizeof(buf)));
	ASSERT_EQ(0, guest_ioctl(g, VHOST_SET_LOG_BASE, &at));
	ASSERT_EQ(0, guest_ioctl(g, VHOST_SET_LOG_FD, &old));
	ASSERT_EQ(0, guest_features(g, G_V1 | G_LOG));
	fd_drain(self->uffd);
	ASSERT_EQ(0, env_inject(&self->e, 1, 100));
	ASSERT_TRUE(fd_wait(self->uffd, POLLIN, WAIT_MS) & POLLIN);
	setitimer(ITIMER_REAL, &soon, NULL);
	EXPECT_EQ(-EINTR, guest_ioctl(g, VHOST_SET_LOG_FD, &new));
	setitimer(ITIMER_REAL, &never, NULL);
	close(old);
	ASSERT_EQ(0, uffd_answer(self->uffd, g->pool + G_BUF, G_POOL - G_BUF));
	EXPECT_EQ(100, guest_recv(g, buf, sizeof(buf)));
	ASSERT_EQ(0, guest_ioctl(g, VHOST_SET_LOG_FD, &new));
	EXPECT_EQ(0, guest_works(g, &self->e, 2));
	EXPECT_LT(0, guest_signalled(new, WAIT_MS));
	close(new);
}

/* Another process deletes the device, and does not wait for the page. */
TEST_F(late, device_deleted)
{
	pid_t pid = fork();

	if (!pid)
		_exit(rtnl_del("guest0") ? 1 : 0);
	EXPECT_EQ(0, child_ended(pid, SOON_MS));
	EXPECT_EQ(0, if_wait_gone("guest0"));
	EXPECT_EQ(-EBADFD, fd_write(self->e.fd, "x", 1));
	EXPECT_EQ(0, uffd_answer(self->uffd, self->g.pool, G_POOL));
	EXPECT_EQ(0, guest_stop(&self->g));
}

TEST_HARNESS_MAIN
