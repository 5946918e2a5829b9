// SPDX-License-Identifier: GPL-2.0
/* Several descriptors, threads and processes with one tun. */
#include <pthread.h>
#include <sys/syscall.h>

#include "probe.h"

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

/* As daemon(3) does: the child goes on. */
static void shares_daemon(struct probe *p)
{
	int status;
	pid_t pid;

	probe_send(p, 6, 100);
	probe_read(p, 2000);
	pid = fork();
	if (!pid) {
		probe_read(p, 2000);
		pid = fork();
		if (!pid) {
			probe_read(p, 2000);
			probe_read(p, 2000);
			_exit(0);
		}
		waitpid(pid, &status, 0);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	probe_read(p, 2000);
	probe_read(p, 2000);
	fd_nonblock(p->fd);
	probe_read(p, 2000);
}

/* The first read is in a child, and the parent goes on. */
static void shares_child_first(struct probe *p)
{
	pid_t pid;

	probe_send(p, 3, 100);
	pid = fork();
	if (!pid) {
		probe_read(p, 2000);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	probe_read(p, 2000);
	printf("ready: %d\n", fd_wait(p->fd, POLLIN, 0));
	probe_read(p, 2000);
	printf("ready: %d\n", fd_wait(p->fd, POLLIN, 0));
}

/* A child that borrows the memory of the program closes its own descriptors. */
static void shares_vfork(struct probe *p)
{
	pid_t pid;

	probe_send(p, 4, 100);
	probe_read(p, 2000);
	pid = vfork();
	if (!pid) {
		dup2(p->fd, 40);
		close(p->fd);
		close_range(3, 100, 0);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	probe_read(p, 2000);
	probe_say("no descriptor", read(40, &pid, sizeof(pid)), NULL);
	probe_read(p, 2000);
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

/* As slirp4netns and ocserv do. */
static void shares_pass(struct probe *p)
{
	int sv[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sv))
		probe_die("socketpair");
	pid = fork();
	if (!pid) {
		close(p->fd);
		p->fd = fd_recv(sv[1]);
		probe_send(p, 2, 100);
		probe_read(p, 2000);
		probe_read(p, 2000);
		_exit(0);
	}
	if (fd_send(sv[0], p->fd))
		probe_die("fd_send");
	waitpid(pid, NULL, 0);
}

/* The next program reads the descriptor that the one before has read. */
static void shares_exec(struct probe *p)
{
	char fd[16];

	probe_send(p, 1, 100);
	probe_read(p, 2000);
	fcntl(p->fd, F_SETFD, 0);
	snprintf(fd, sizeof(fd), "%d", p->fd);
	if (fork() == 0) {
		execlp("true", "true", NULL);
		_exit(1);
	}
	wait(NULL);
	probe_send(p, 1, 100);
	probe_read(p, 2000);
	fcntl(p->sk, F_SETFD, 0);
	execl("/proc/self/exe", "probe", "reader", fd, NULL);
	probe_die("exec");
}

const struct probe_case probe_shares[] = {
	{ "dup", shares_dup, TUN },
	{ "reused", shares_reused, TUN },
	{ "daemon", shares_daemon, TUN },
	{ "child-first", shares_child_first, TUN },
	{ "vfork", shares_vfork, TUN },
	{ "threads", shares_threads, TUN },
	{ "pass-aside", shares_pass, TUN },
	{ "exec", shares_exec, TUN },
	{ NULL, NULL, 0 },
};
