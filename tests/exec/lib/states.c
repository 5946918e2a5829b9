// SPDX-License-Identifier: GPL-2.0
/* States of the device, of the descriptor, and of the program. */
#include <sys/resource.h>

#include "probe.h"

static void states_down(struct probe *p)
{
	fd_nonblock(p->fd);
	probe_send(p, 2, 100);
	probe_read(p, 2000);
	probe_read(p, 2000);
	if_down(NAME);
	probe_say("down", write(p->fd, "E234567890123456789012", 21), NULL);
	probe_read(p, 2000);
	printf("events: %d\n", fd_wait(p->fd, POLLIN, 0));
	if_up(NAME);
	p->sk = psock_open(NAME, false);
	probe_send(p, 1, 100);
	probe_read(p, 2000);
	probe_say("no IP", write(p->fd, "\0\1\2\3\4\5\6\7\7\7\7\7\7\7\7\7\7\7\7\7\7", 20),
		  NULL);
	probe_write(p, 2);
}

static void states_deleted(struct probe *p)
{
	fd_nonblock(p->fd);
	probe_send(p, 1, 100);
	probe_read(p, 2000);
	rtnl_del(NAME);
	printf("events: %d\n", fd_wait(p->fd, POLLIN, 0));
	probe_read(p, 2000);
	probe_read(p, 2000);
	probe_say("write", write(p->fd, "E", 1), NULL);
}

/* The device goes while the program sleeps in read(). */
static void states_deleted_asleep(struct probe *p)
{
	pid_t pid;

	probe_send(p, 1, 100);
	probe_read(p, 2000);
	pid = fork();
	if (!pid) {
		probe_read(p, 2000);
		probe_read(p, 2000);
		_exit(0);
	}
	probe_wait_asleep(pid);
	rtnl_del(NAME);
	waitpid(pid, NULL, 0);
}

static void states_handler(int sig)
{
}

/* read() begins again, or does not, as the handler was set up. */
static void states_signals(struct probe *p)
{
	struct sigaction sa = { .sa_handler = states_handler };
	pid_t pid;
	int i;

	probe_send(p, 1, 100);
	probe_read(p, 2000);
	for (i = 0; i < 2; i++) {
		sa.sa_flags = i ? SA_RESTART : 0;
		sigaction(SIGUSR1, &sa, NULL);
		pid = fork();
		if (!pid) {
			probe_read(p, 2000);
			_exit(0);
		}
		probe_wait_asleep(pid);
		kill(pid, SIGSTOP);
		kill(pid, SIGCONT);
		usleep(100000);
		kill(pid, SIGUSR1);
		usleep(100000);
		printf("ended: %d\n", waitpid(pid, NULL, WNOHANG) == pid);
		fflush(stdout);
		probe_send(p, 1, 100);
		waitpid(pid, NULL, 0);
		fd_nonblock(p->fd);
		probe_read(p, 2000);
		fcntl(p->fd, F_SETFL, fcntl(p->fd, F_GETFL) & ~O_NONBLOCK);
	}
}

static void states_nonblock(struct probe *p)
{
	int on = 1;

	probe_send(p, 1, 100);
	probe_read(p, 2000);
	fd_nonblock(p->fd);
	probe_read(p, 2000);
	fcntl(p->fd, F_SETFL, fcntl(p->fd, F_GETFL) & ~O_NONBLOCK);
	probe_send(p, 1, 100);
	probe_read(p, 2000);
	ioctl(p->fd, FIONBIO, &on);
	probe_read(p, 2000);
}

/* The program may open nothing more, and sleeps in read() as before. */
static void states_limit(struct probe *p)
{
	const struct rlimit none = { 0, 0 };
	pid_t pid;

	probe_send(p, 1, 100);
	probe_read(p, 2000);
	pid = fork();
	if (!pid) {
		if (setrlimit(RLIMIT_NOFILE, &none))
			probe_die("setrlimit");
		probe_read(p, 2000);
		_exit(0);
	}
	probe_wait_asleep(pid);
	probe_send(p, 1, 100);
	waitpid(pid, NULL, 0);
}

const struct probe_case probe_states[] = {
	{ "down", states_down, TUN },
	{ "deleted", states_deleted, TUN },
	{ "deleted-asleep", states_deleted_asleep, TUN },
	{ "signals", states_signals, TUN },
	{ "nonblock", states_nonblock, TUN },
	{ "limit", states_limit, TUN },
	{ NULL, NULL, 0 },
};
