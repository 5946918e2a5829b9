// SPDX-License-Identifier: GPL-2.0
/* Child processes, other identities, commands. */
#include <grp.h>
#include <sched.h>
#include <stdarg.h>
#include <time.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "lib.h"

long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Runs fn in a child. Returns fn's result. */
int child_run(int (*fn)(void *), void *arg)
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

/* Runs fn in a child with this identity, no supplementary group, no capability. */
int child_as_user(uid_t uid, gid_t gid, int (*fn)(void *), void *arg)
{
	struct user_call c = { uid, gid, fn, arg };

	return child_run(drop_to_user, &c);
}

static int enter_userns(void *arg)
{
	struct user_call *c = arg;

	if (setgroups(0, NULL) || setresgid(65534, 65534, 65534) ||
	    setresuid(65534, 65534, 65534))
		return -ECHILD;
	/* else /proc/self belongs to root after the change of identity */
	if (prctl(PR_SET_DUMPABLE, 1) || unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return -errno;
	return c->fn(c->arg);
}

/* Runs fn in a child as nobody, in a new user and network namespace. */
int child_in_userns(int (*fn)(void *), void *arg)
{
	struct user_call c = { 65534, 65534, fn, arg };

	return child_run(enter_userns, &c);
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

int cmd_run(const char *fmt, ...)
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

/* Returns a line of /proc/self/status in kB: VmLck, VmPin, VmRSS. */
long proc_status_kb(const char *field)
{
	char buf[4096], *p;

	if (file_get("/proc/self/status", buf, sizeof(buf)) < 0)
		return -EIO;
	p = strstr(buf, field);
	return p ? atol(p + strlen(field) + 1) : -ENOENT;
}

int module_refs(const char *name)
{
	char path[96], buf[32];

	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", name);
	return file_get(path, buf, sizeof(buf)) < 0 ? -errno : atoi(buf);
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

/* Waits for the end of a child. Returns its status, or -ETIMEDOUT after @ms. */
int child_ended(pid_t pid, int ms)
{
	int fd = syscall(SYS_pidfd_open, pid, 0), status, ret;

	if (fd < 0)
		return -errno;
	ret = fd_wait(fd, POLLIN, ms) & POLLIN ? 0 : -ETIMEDOUT;
	close(fd);
	return ret ?: waitpid(pid, &status, 0) == pid ? status : -errno;
}
