// SPDX-License-Identifier: GPL-2.0
/* select(), poll() and epoll, as system calls, too. */
#include <sys/epoll.h>
#include <sys/syscall.h>

#include "probe.h"

#define ROUNDS	40

/* Waits, says whether the tun is readable, and reads if it is. */
static void waits_drain(struct probe *p, int (*wait)(struct probe *p))
{
	int i, ready;

	if (fd_nonblock(p->fd))
		probe_die("O_NONBLOCK");
	for (i = 0; i < 3; i++) {
		printf("before: %d\n", wait(p));
		probe_send(p, ROUNDS, 100);
		while ((ready = wait(p)) > 0) {
			printf("ready: %d\n", ready);
			probe_read(p, 2000);
		}
		printf("after: %d\n", ready);
		probe_read(p, 2000);
		probe_write(p, 2);
	}
}

static int waits_poll_once(struct probe *p)
{
	struct pollfd fds[2] = {
		{ p->sk, POLLIN, 7 }, { p->fd, POLLIN | POLLRDNORM, 7 },
	};
	int ret = poll(fds, 2, 0);

	return ret < 0 ? ret : fds[1].revents & POLLIN ? ret : 0;
}

static int waits_ppoll_once(struct probe *p)
{
	struct timespec ts = { 0 };
	struct pollfd pfd = { p->fd, POLLIN, 7 };
	int ret = ppoll(&pfd, 1, &ts, NULL);

	return ret <= 0 ? ret : pfd.revents;
}

static int waits_sys_poll_once(struct probe *p)
{
	struct timespec ts = { 0 };
	struct pollfd pfd = { p->fd, POLLIN | POLLOUT, 7 };
	int ret = syscall(SYS_ppoll, &pfd, 1, &ts, NULL, 8);

	return ret <= 0 ? ret : pfd.revents & POLLIN ? pfd.revents : 0;
}

static int waits_select_once(struct probe *p)
{
	struct timeval tv = { 0 };
	fd_set r, w, e;

	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_ZERO(&e);
	FD_SET(p->fd, &r);
	FD_SET(p->sk, &r);
	FD_SET(p->fd, &w);
	FD_SET(p->fd, &e);
	if (select((p->fd > p->sk ? p->fd : p->sk) + 1, &r, &w, &e, &tv) <= 0)
		return -1;
	return FD_ISSET(p->fd, &r) ? 1 + 2 * !!FD_ISSET(p->fd, &w) +
				     4 * !!FD_ISSET(p->fd, &e) : 0;
}

static int waits_pselect_once(struct probe *p)
{
	struct timespec ts = { 0 };
	fd_set r;
	int ret;

	FD_ZERO(&r);
	FD_SET(p->fd, &r);
	ret = pselect(p->fd + 1, &r, NULL, NULL, &ts, NULL);
	return ret + 2 * !!FD_ISSET(p->fd, &r);
}

static int waits_ep = -1;

void waits_epoll_add(struct probe *p, unsigned int events)
{
	struct epoll_event ev = { .events = events, .data.u64 = 0x123456789a };

	waits_ep = epoll_create1(0);
	if (epoll_ctl(waits_ep, EPOLL_CTL_ADD, p->fd, &ev))
		probe_die("epoll_ctl");
}

static int waits_epoll_said(int ret, const struct epoll_event *ev)
{
	return ret <= 0 ? ret : ev->data.u64 == 0x123456789a ? (int)ev->events : -9;
}

int waits_epoll_once(struct probe *p)
{
	struct epoll_event ev[4];

	return waits_epoll_said(epoll_wait(waits_ep, ev, 4, 0), ev);
}

static int waits_epoll_pwait_once(struct probe *p)
{
	struct epoll_event ev[4];

	return waits_epoll_said(epoll_pwait(waits_ep, ev, 4, 0, NULL), ev);
}

static int waits_sys_epoll_once(struct probe *p)
{
	struct epoll_event ev[4];

	return waits_epoll_said(syscall(SYS_epoll_pwait, waits_ep, ev, 4, 0, NULL, 8),
				ev);
}

static void waits_poll(struct probe *p)
{
	waits_drain(p, waits_poll_once);
}

static void waits_ppoll(struct probe *p)
{
	waits_drain(p, waits_ppoll_once);
}

static void waits_sys_poll(struct probe *p)
{
	waits_drain(p, waits_sys_poll_once);
}

static void waits_select(struct probe *p)
{
	waits_drain(p, waits_select_once);
}

static void waits_pselect(struct probe *p)
{
	waits_drain(p, waits_pselect_once);
}

static void waits_epoll(struct probe *p)
{
	waits_epoll_add(p, EPOLLIN);
	waits_drain(p, waits_epoll_once);
	epoll_ctl(waits_ep, EPOLL_CTL_DEL, p->fd, NULL);
	probe_send(p, 1, 100);
	printf("deleted: %d\n", waits_epoll_once(p));
}

static void waits_epoll_pwait(struct probe *p)
{
	waits_epoll_add(p, EPOLLIN);
	waits_drain(p, waits_epoll_pwait_once);
}

static void waits_sys_epoll(struct probe *p)
{
	waits_epoll_add(p, EPOLLIN);
	waits_drain(p, waits_sys_epoll_once);
}

/* The other file gets its turn while the tun always has packets. */
static void waits_turns(struct probe *p)
{
	struct pollfd fds[2] = { { .events = POLLIN }, { p->fd, POLLIN } };
	int pipes[2], n;

	if (pipe(pipes) || write(pipes[1], "", 1) != 1)
		probe_die("pipe");
	fds[0].fd = pipes[0];
	probe_send(p, 100, 100);
	for (n = 0; n < 50; n++) {
		if (poll(fds, 2, -1) < 1 || !(fds[1].revents & POLLIN))
			probe_die("poll");
		probe_read(p, 2000);
		if (fds[0].revents & POLLIN)
			break;
	}
	printf("the pipe has its turn: %d\n", n < 40);
}

/* The kernel looks at the arguments first. */
static void waits_refused(struct probe *p)
{
	struct pollfd pfd = { p->fd, POLLIN };
	struct pollfd *volatile bad = (void *)16, *volatile good = &pfd;
	fd_set *volatile set = (void *)16;
	struct timeval tv = { 0 };

	probe_send(p, 1, 100);
	probe_read(p, 2000);
	probe_say("too many", poll(good, 1 << 30, 0), NULL);
	close(p->fd);
	probe_say("poll", poll(bad, 3, 0), NULL);
	probe_say("select", select(3, set, NULL, NULL, &tv), NULL);
}

const struct probe_case probe_waits[] = {
	{ "poll", waits_poll, TUN },
	{ "ppoll", waits_ppoll, TAP },
	{ "syscall-ppoll", waits_sys_poll, TUN },
	{ "select", waits_select, TUN },
	{ "pselect", waits_pselect, TAP },
	{ "epoll", waits_epoll, TUN },
	{ "epoll_pwait", waits_epoll_pwait, TAP },
	{ "syscall-epoll_pwait", waits_sys_epoll, TUN },
	{ "refused", waits_refused, TUN },
	{ "turns", waits_turns, TUN },
	{ NULL, NULL, 0 },
};
