// SPDX-License-Identifier: GPL-2.0
/* Several processes with one tun, and the next program of a process. */
#include <signal.h>

#include "probe.h"

/* As daemon(3) does: the child goes on. */
static void forks_daemon(struct probe *p)
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
static void forks_child_first(struct probe *p)
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
static void forks_borrow(struct probe *p)
{
	pid_t pid = vfork();

	if (!pid) {
		dup2(p->fd, 40);
		close(p->fd);
		close_range(3, 100, 0);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void forks_vfork(struct probe *p)
{
	char c;

	probe_send(p, 4, 100);
	probe_read(p, 2000);
	forks_borrow(p);
	probe_read(p, 2000);
	probe_say("no descriptor", read(40, &c, 1), NULL);
	probe_read(p, 2000);
}

/* The same, by a child of fork(2) that has made no other call since. */
static void forks_vfork_child(struct probe *p)
{
	pid_t pid;

	probe_send(p, 3, 100);
	probe_read(p, 2000);
	pid = fork();
	if (!pid) {
		forks_borrow(p);
		probe_read(p, 2000);
		probe_read(p, 2000);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

/* The next program reads the descriptor that the one before has read. */
static void forks_exec(struct probe *p)
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

static void forks_next_program(struct probe *p)
{
	char fd[16];

	fcntl(p->fd, F_SETFD, 0);
	snprintf(fd, sizeof(fd), "%d", p->fd);
	execl("/proc/self/exe", "probe", "reader", fd, NULL);
	probe_die("exec");
}

/* The program has read no packet, but has looked for one. */
static void forks_exec_empty(struct probe *p)
{
	fd_nonblock(p->fd);
	probe_read(p, 2000);
	forks_next_program(p);
}

/* A daemon that has not read, while its parent has, and is gone. */
static void forks_exec_daemon(struct probe *p)
{
	int gone[2], end[2];
	siginfo_t info;
	pid_t parent;
	char c;

	if (pipe(gone) || pipe(end))
		probe_die("pipe");
	probe_send(p, 1, 100);
	parent = fork();
	if (!parent) {
		probe_read(p, 2000);
		if (fork())
			_exit(0);
		close(gone[1]);
		if (read(gone[0], &c, 1))
			probe_die("parent");
		forks_next_program(p);
	}
	/* a zombie is the last that the daemon sees of its parent */
	if (waitid(P_PID, parent, &info, WEXITED | WNOWAIT))
		probe_die("waitid");
	close(gone[1]);
	close(end[1]);
	if (read(end[0], &c, 1))
		probe_die("daemon");
}

const struct probe_case probe_forks[] = {
	{ "daemon", forks_daemon, TUN },
	{ "child-first", forks_child_first, TUN },
	{ "vfork", forks_vfork, TUN },
	{ "vfork-child", forks_vfork_child, TUN },
	{ "exec", forks_exec, TUN },
	{ "exec-empty-aside", forks_exec_empty, TUN },
	{ "exec-daemon-aside", forks_exec_daemon, TUN },
	{ NULL, NULL, 0 },
};
