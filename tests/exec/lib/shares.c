// SPDX-License-Identifier: GPL-2.0
/* Several descriptors and threads with one tun. */
#include <pthread.h>
#include <sys/syscall.h>

#include "probe.h"
#include "thread.h"

static void shares_dup(struct probe *p)
{
	int fd = p->fd;

	fd_nonblock(fd);
	probe_send(p, 8, 100);
	probe_read(p, 2000);
	p->fd = dup(fd);
	probe_read(p, 2000);
	close(fd);
	probe_read(p, 2000);
	fd = p->fd;
	p->fd = fcntl(fd, F_DUPFD_CLOEXEC, 100);
	close(fd);
	probe_read(p, 2000);
	if (dup2(p->fd, 30) != 30)
		probe_die("dup2");
	close(p->fd);
	p->fd = 30;
	probe_read(p, 2000);
	printf("self: %d\n", dup2(30, 30));
	printf("bad: %d\n", dup2(99, 30));
	probe_say("bad flags", close_range(30, 30, 128), NULL);
	probe_read(p, 2000);
	if (dup3(30, 31, O_CLOEXEC) != 31)
		probe_die("dup3");
	probe_read(p, 2000);
	close_range(31, 40, 0);
	probe_read(p, 2000);
	probe_read(p, 2000);
}

/* The number of a closed tun belongs to another file. */
static void shares_reused(struct probe *p)
{
	int fd = p->fd, pipes[2];
	char c = 'x';

	probe_send(p, 3, 100);
	probe_read(p, 2000);
	if (pipe(pipes) || write(pipes[1], &c, 1) != 1 || dup2(pipes[0], fd) != fd)
		probe_die("pipe");
	printf("the pipe: %zd", read(fd, &c, 1));
	printf(" %c\n", c);
	close(fd);
	probe_say("closed", read(fd, &c, 1), NULL);
	printf("the device is gone: %d\n", if_wait_gone(NAME));
}

#define READERS	4
#define EACH	3000

static unsigned long shares_sum[READERS], shares_got[READERS];
static int shares_fd, shares_stop;

static void *shares_reader(void *arg)
{
	long me = (long)arg;
	char buf[2000];
	ssize_t n;

	for (;;) {
		n = read(shares_fd, buf, sizeof(buf));
		if (n <= 0)
			break;
		shares_got[me]++;
		shares_sum[me] += pkt_csum(buf, n, 0);
		__atomic_fetch_add(&shares_stop, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* Threads that sleep in read() until they are cancelled. */
static void shares_threads(struct probe *p)
{
	unsigned long got = 0, sum = 0;
	pthread_t t[READERS];
	long i;
	int sent;

	shares_fd = p->fd;
	for (i = 0; i < READERS; i++)
		pthread_create(&t[i], NULL, shares_reader, (void *)i);
	for (sent = 0; sent < EACH; sent += 100) {
		probe_send(p, 100, 100);
		while (__atomic_load_n(&shares_stop, __ATOMIC_RELAXED) < sent + 100)
			usleep(1000);
	}
	for (i = 0; i < READERS; i++) {
		pthread_cancel(t[i]);
		pthread_join(t[i], NULL);
		got += shares_got[i];
		sum += shares_sum[i];
	}
	printf("%lu packets, sum %lu\n", got, sum);
	probe_send(p, 1, 100);
	probe_read(p, 2000);
}

/* The child has no thread that reads, and closes its descriptor before the parent. */
static void shares_thread_forks(struct probe *p)
{
	int pipes[2];
	pthread_t t;
	pid_t pid;

	shares_fd = p->fd;
	probe_send(p, 1, 100);
	probe_read(p, 2000);
	if (pipe(pipes))
		probe_die("pipe");
	if (thread_start_blocked(&t, shares_reader, NULL) < 0)
		probe_die("thread");
	pid = fork();
	if (!pid) {
		close(p->fd);
		close(pipes[1]);
		_exit(read(pipes[0], &pid, 1));
	}
	pthread_cancel(t);
	pthread_join(t, NULL);
	close(p->fd);
	printf("the device is gone: %d\n", if_wait_gone(NAME));
	close(pipes[1]);
	waitpid(pid, NULL, 0);
}

const struct probe_case probe_shares[] = {
	{ "dup", shares_dup, TUN },
	{ "reused", shares_reused, TUN },
	{ "threads", shares_threads, TUN },
	{ "thread-forks", shares_thread_forks, TUN },
	{ NULL, NULL, 0 },
};
