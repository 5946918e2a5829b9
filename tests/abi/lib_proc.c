// SPDX-License-Identifier: GPL-2.0
/* Other processes and other identities. */
#include <grp.h>
#include <sched.h>
#include <stdarg.h>
#include <time.h>
#include <sys/prctl.h>

#include "lib.h"

long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Runs fn in a child and returns what it returned. */
int in_child(int (*fn)(void *), void *arg)
{
	int p[2], ret = -EPIPE, status;
	pid_t pid;

	if (pipe(p))
		return -errno;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid) {
		ret = fn(arg);
		_exit(write(p[1], &ret, sizeof(ret)) != sizeof(ret));
	}
	close(p[1]);
	if (read(p[0], &ret, sizeof(ret)) != sizeof(ret))
		ret = -EPIPE;
	close(p[0]);
	waitpid(pid, &status, 0);
	return ret;
}

struct user_call {
	uid_t uid;
	gid_t gid;
	int (*fn)(void *);
	void *arg;
};

static int drop_to_user(void *arg)
{
	struct user_call *c = arg;

	if (setgroups(0, NULL) || setresgid(c->gid, c->gid, c->gid) ||
	    setresuid(c->uid, c->uid, c->uid))
		return -ECHILD;
	return c->fn(c->arg);
}

/* In a child with this identity, no supplementary group, no capability. */
int as_user(uid_t uid, gid_t gid, int (*fn)(void *), void *arg)
{
	struct user_call c = { uid, gid, fn, arg };

	return in_child(drop_to_user, &c);
}

static int enter_userns(void *arg)
{
	struct user_call *c = arg;

	if (setgroups(0, NULL) || setresgid(65534, 65534, 65534) ||
	    setresuid(65534, 65534, 65534))
		return -ECHILD;
	/* or /proc/self would be root's after the change of identity */
	if (prctl(PR_SET_DUMPABLE, 1) || unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return -errno;
	return c->fn(c->arg);
}

/* As nobody, in a user namespace of its own with a network namespace in it. */
int in_userns(int (*fn)(void *), void *arg)
{
	struct user_call c = { 65534, 65534, fn, arg };

	return in_child(enter_userns, &c);
}

/* Waits until the thread sleeps interruptibly, that is, blocks in a call. */
int sleeps(pid_t tid)
{
	long end = now_ms() + WAIT_MS;
	char path[64], buf[512], *p;

	snprintf(path, sizeof(path), "/proc/%d/stat", tid);
	while (now_ms() < end) {
		if (get_file(path, buf, sizeof(buf)) < 0)
			return -ESRCH;
		p = strrchr(buf, ')');
		if (p && p[2] == 'S')
			return 0;
		usleep(2000);
	}
	return -ETIMEDOUT;
}

int cmd_out(char *buf, size_t size, const char *fmt, ...)
{
	char cmd[1024];
	size_t n;
	va_list ap;
	FILE *f;
	int st;

	va_start(ap, fmt);
	vsnprintf(cmd, sizeof(cmd), fmt, ap);
	va_end(ap);
	f = popen(cmd, "r");
	if (!f)
		return -errno;
	n = fread(buf, 1, size - 1, f);
	buf[n] = 0;
	st = pclose(f);
	return WIFEXITED(st) ? WEXITSTATUS(st) : -EINTR;
}

int run_cmd(const char *fmt, ...)
{
	char cmd[1024];
	va_list ap;
	int st;

	va_start(ap, fmt);
	vsnprintf(cmd, sizeof(cmd), fmt, ap);
	va_end(ap);
	st = system(cmd);
	return WIFEXITED(st) ? WEXITSTATUS(st) : -EINTR;
}

int module_refs(const char *name)
{
	char path[96], buf[32];

	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", name);
	return get_file(path, buf, sizeof(buf)) < 0 ? -errno : atoi(buf);
}

int fd_send(int sk, int fd)
{
	char byte = 0, ctl[CMSG_SPACE(sizeof(int))] = { };
	struct iovec iov = { &byte, 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
			    .msg_control = ctl, .msg_controllen = sizeof(ctl) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return sendmsg(sk, &m, 0) == 1 ? 0 : -errno;
}

int fd_recv(int sk)
{
	char byte, ctl[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { &byte, 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
			    .msg_control = ctl, .msg_controllen = sizeof(ctl) };
	struct cmsghdr *c;
	int fd;

	if (recvmsg(sk, &m, MSG_CMSG_CLOEXEC) != 1)
		return -errno;
	c = CMSG_FIRSTHDR(&m);
	if (!c || c->cmsg_type != SCM_RIGHTS)
		return -ENOMSG;
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}
