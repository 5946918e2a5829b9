// SPDX-License-Identifier: GPL-2.0
/* Blocking reads, signals, and the events that wake a caller. */
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#include "lib.h"
#include "harness.h"

static volatile sig_atomic_t got_signal, got_band, got_fd;
static sem_t signalled;

static void on_signal(int sig, siginfo_t *si, void *ctx)
{
	(void)ctx;
	got_signal = sig;
	got_band = si->si_band;
	got_fd = si->si_fd;
	sem_post(&signalled);
}

static void catch(int sig, int flags)
{
	struct sigaction sa = { .sa_sigaction = on_signal,
				.sa_flags = SA_SIGINFO | flags };

	sem_init(&signalled, 0, 0);
	sigaction(sig, &sa, NULL);
}

/* Waits until any thread has handled a signal. Returns the signal, or 0. */
static int await_signal(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_sec += WAIT_MS / 1000;
	while (sem_timedwait(&signalled, &ts) && errno == EINTR)
		;
	return got_signal;
}

/* A thread that makes one blocking call. */
struct caller {
	pthread_t thread;
	int fd;
	bool write;
	pid_t tid;
	ssize_t ret;
	size_t len;
	char buf[2048];
};

static void *call(void *arg)
{
	struct caller *c = arg;

	c->ret = c->write ? fd_write(c->fd, c->buf, c->len) :
			    fd_read(c->fd, c->buf, sizeof(c->buf));
	return NULL;
}

static int start(struct caller *c, int fd)
{
	c->fd = fd;
	c->tid = thread_start_blocked(&c->thread, call, c);
	return c->tid < 0 ? c->tid : 0;
}

FIXTURE(wait) {
	struct caller c;
	struct flow f;
	int fd, sk;
};

FIXTURE_SETUP(wait)
{
	memset(self, 0, sizeof(*self));
	self->f.dport = 1;
	ASSERT_EQ(0, ns_enter());
	self->fd = tunfd_create_up("t0", IFF_TUN | IFF_NO_PI);
	ASSERT_LE(0, self->fd);
	self->sk = psock_open("t0", false);
	ASSERT_LE(0, self->sk);
}

FIXTURE_TEARDOWN(wait)
{
	close(self->sk);
	close(self->fd);
}

TEST_F(wait, blocking_read)
{
	ASSERT_EQ(0, start(&self->c, self->fd));
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	ASSERT_EQ(0, pthread_join(self->c.thread, NULL));
	EXPECT_EQ(38, self->c.ret);
}

TEST_F(wait, two_readers_one_packet_each)
{
	struct caller *d = calloc(1, sizeof(*d));

	ASSERT_EQ(0, start(&self->c, self->fd));
	ASSERT_EQ(0, start(d, self->fd));
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	ASSERT_EQ(0, pthread_join(self->c.thread, NULL));
	ASSERT_EQ(0, pthread_join(d->thread, NULL));
	EXPECT_EQ(38, self->c.ret);
	EXPECT_EQ(38, d->ret);
}

TEST_F(wait, read_interrupted)
{
	catch(SIGUSR1, 0);
	ASSERT_EQ(0, start(&self->c, self->fd));
	pthread_kill(self->c.thread, SIGUSR1);
	ASSERT_EQ(0, pthread_join(self->c.thread, NULL));
	EXPECT_EQ(-EINTR, self->c.ret);
}

TEST_F(wait, read_restarted)
{
	catch(SIGUSR1, SA_RESTART);
	ASSERT_EQ(0, start(&self->c, self->fd));
	pthread_kill(self->c.thread, SIGUSR1);
	ASSERT_EQ(SIGUSR1, await_signal());
	ASSERT_EQ(0, thread_wait_blocked(self->c.tid));
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	ASSERT_EQ(0, pthread_join(self->c.thread, NULL));
	EXPECT_EQ(38, self->c.ret);
}

/*
 * Deleting the interface wakes a blocked reader with EFAULT. Later reads get
 * EBADFD.
 */
TEST_F(wait, read_woken_by_delete)
{
	char buf[64];

	ASSERT_EQ(0, start(&self->c, self->fd));
	ASSERT_EQ(0, rtnl_del("t0"));
	ASSERT_EQ(0, pthread_join(self->c.thread, NULL));
	EXPECT_EQ(-EFAULT, self->c.ret);
	EXPECT_EQ(-EBADFD, fd_read(self->fd, buf, sizeof(buf)));
}

TEST_F(wait, read_survives_down_up)
{
	ASSERT_EQ(0, start(&self->c, self->fd));
	ASSERT_EQ(0, if_down("t0"));
	ASSERT_EQ(0, thread_wait_blocked(self->c.tid));
	ASSERT_EQ(0, if_up("t0"));
	/* the packet socket also reports that the interface went down */
	EXPECT_EQ(-ENETDOWN, psock_send_flow(self->sk, false, &self->f, 10));
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	ASSERT_EQ(0, pthread_join(self->c.thread, NULL));
	EXPECT_EQ(38, self->c.ret);
}

TEST_F(wait, nonblock_on_and_off)
{
	char buf[64];

	ASSERT_EQ(0, fd_nonblock(self->fd));
	EXPECT_EQ(-EAGAIN, fd_read(self->fd, buf, sizeof(buf)));
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, 0));
	ASSERT_EQ(0, start(&self->c, self->fd));
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	ASSERT_EQ(0, pthread_join(self->c.thread, NULL));
	EXPECT_EQ(38, self->c.ret);
}

/* O_ASYNC makes the process the owner without F_SETOWN. */
TEST_F(wait, sigio_in)
{
	catch(SIGIO, SA_RESTART);
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_ASYNC | O_NONBLOCK));
	EXPECT_EQ(getpid(), fcntl(self->fd, F_GETOWN));
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	EXPECT_EQ(SIGIO, await_signal());
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	got_signal = 0;
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	EXPECT_EQ(2, fd_drain(self->fd));
	EXPECT_EQ(0, got_signal);
}

TEST_F(wait, sigio_chosen_signal)
{
	int sig = SIGRTMIN + 3;

	catch(sig, SA_RESTART);
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_ASYNC));
	ASSERT_EQ(0, fcntl(self->fd, F_SETSIG, sig));
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	EXPECT_EQ(sig, await_signal());
	EXPECT_EQ(self->fd, got_fd);
	EXPECT_EQ(POLLIN | POLLRDNORM, got_band);
}

/* SIGIO is sent when the file becomes writable, after poll() saw it was not. */
TEST_F(wait, sigio_out_on_up)
{
	int sig = SIGRTMIN + 3;

	ASSERT_EQ(0, if_down("t0"));
	catch(sig, SA_RESTART);
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_ASYNC));
	ASSERT_EQ(0, fcntl(self->fd, F_SETSIG, sig));
	EXPECT_EQ(0, fd_wait(self->fd, POLLOUT, 0));
	ASSERT_EQ(0, if_up("t0"));
	EXPECT_EQ(sig, await_signal());
	EXPECT_EQ(POLLOUT | POLLWRNORM | POLLWRBAND, got_band);
}

TEST_HARNESS_MAIN
