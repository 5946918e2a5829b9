// SPDX-License-Identifier: GPL-2.0
/* Where the library steps aside. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "probe.h"

/* A packet is read, and two wait. */
static void aside_begin(struct probe *p)
{
	fd_nonblock(p->fd);
	probe_send(p, 3, 100);
	probe_read(p, 2000);
}

/* Three more packets come, and the program reads while there are any. */
static void aside_end(struct probe *p)
{
	probe_send(p, 3, 100);
	while (fd_wait(p->fd, POLLIN, 0) == POLLIN)
		probe_read(p, 2000);
	probe_read(p, 2000);
}

/* A limit of unsent bytes: poll() has to obey it. */
static void aside_sndbuf(struct probe *p)
{
	int limit = 20000;

	aside_begin(p);
	printf("TUNSETSNDBUF: %d\n", ioctl(p->fd, TUNSETSNDBUF, &limit));
	aside_end(p);
}

static void aside_async(struct probe *p)
{
	aside_begin(p);
	signal(SIGIO, SIG_IGN);
	printf("O_ASYNC: %d\n", fcntl(p->fd, F_SETFL, O_RDWR | O_NONBLOCK | O_ASYNC));
	aside_end(p);
}

/* A queue that is detached loses its packets. */
static void aside_queue(struct probe *p)
{
	aside_begin(p);
	printf("detach: %d\n", tunfd_queue(p->fd, IFF_DETACH_QUEUE));
	printf("events: %d\n", fd_wait(p->fd, POLLIN, 0));
	printf("attach: %d\n", tunfd_queue(p->fd, IFF_ATTACH_QUEUE));
	aside_end(p);
}

/* An edge: one event. Then a program may read all, or a packet for each edge. */
static void aside_edge(struct probe *p)
{
	int i, n;

	fd_nonblock(p->fd);
	waits_epoll_add(p, EPOLLIN | EPOLLET);
	for (i = 0; i < 3; i++) {
		probe_send(p, 5, 100);
		printf("edge: %d\n", waits_epoll_once(p));
		printf("again: %d\n", waits_epoll_once(p));
		for (n = 0; n < 6; n++)
			probe_read(p, 2000);
	}
	probe_send(p, 2, 100);
	for (i = 0; i < 3; i++) {
		probe_send(p, 1, 100);
		printf("edge: %d\n", waits_epoll_once(p));
		probe_read(p, 2000);
	}
}

/* The program has read before, and packets wait. */
static void aside_edge_later(struct probe *p)
{
	int i;

	aside_begin(p);
	waits_epoll_add(p, EPOLLIN | EPOLLET);
	printf("edge: %d\n", waits_epoll_once(p));
	for (i = 0; i < 3; i++)
		probe_read(p, 2000);
	printf("again: %d\n", waits_epoll_once(p));
	probe_send(p, 1, 100);
	printf("edge: %d\n", waits_epoll_once(p));
	aside_end(p);
}

/* A filter that kills a process which calls ioctl(), mmap() or poll() afterwards. */
static void aside_filter(void)
{
#define KILL(nr) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1), \
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		KILL(SYS_ioctl), KILL(SYS_mmap), KILL(SYS_ppoll),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { ARRAY_LEN(filter), filter };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog))
		probe_die("seccomp");
}

static void aside_seccomp(struct probe *p)
{
	int i;

	aside_begin(p);
	aside_filter();
	probe_send(p, 2, 100);
	for (i = 0; i < 5; i++)
		probe_read(p, 2000);
}

/* The program has read no packet, but has looked for one. */
static void aside_seccomp_empty(struct probe *p)
{
	fd_nonblock(p->fd);
	probe_read(p, 2000);
	aside_filter();
	probe_read(p, 2000);
	probe_send(p, 1, 100);
	probe_read(p, 2000);
}

static void aside_seccomp_first(struct probe *p)
{
	aside_filter();
	probe_send(p, 1, 100);
	probe_read(p, 2000);
}

/* As slirp4netns and ocserv do. Sends a descriptor by sendmmsg(2) if @many. */
static void aside_send(int sk, int fd, bool many)
{
	char byte = 0, ctl[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec iov = { &byte, 1 };
	struct mmsghdr m = { .msg_hdr = { .msg_iov = &iov, .msg_iovlen = 1,
					  .msg_control = ctl,
					  .msg_controllen = sizeof(ctl) } };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m.msg_hdr);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = 4;
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	probe_say("bad length", sendmsg(sk, &m.msg_hdr, 0), NULL);
	c->cmsg_len = CMSG_LEN(sizeof(int));
	if ((many ? sendmmsg(sk, &m, 1, 0) : sendmsg(sk, &m.msg_hdr, 0)) != 1)
		probe_die("send");
}

static void aside_receiver(struct probe *p, bool many)
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
	aside_send(sv[0], p->fd, many);
	waitpid(pid, NULL, 0);
}

static void aside_pass(struct probe *p)
{
	aside_receiver(p, false);
}

static void aside_pass_many(struct probe *p)
{
	probe_send(p, 1, 100);
	probe_read(p, 2000);
	aside_receiver(p, true);
}

const struct probe_case probe_asides[] = {
	{ "sndbuf-aside", aside_sndbuf, TUN },
	{ "async-aside", aside_async, TUN },
	{ "queue-aside", aside_queue, TUN | IFF_MULTI_QUEUE },
	{ "edge-aside", aside_edge, TUN },
	{ "edge-later-aside", aside_edge_later, TUN },
	{ "seccomp-aside", aside_seccomp, TUN },
	{ "seccomp-empty-aside", aside_seccomp_empty, TUN },
	{ "seccomp-first-aside", aside_seccomp_first, TUN },
	{ "pass-aside", aside_pass, TUN },
	{ "pass-many-aside", aside_pass_many, TUN },
	{ NULL, NULL, 0 },
};
