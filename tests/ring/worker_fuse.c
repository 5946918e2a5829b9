// SPDX-License-Identifier: GPL-2.0
/*
 * The worker is stuck in a page fault on a file of FUSE whose server has taken
 * the request and does not answer. No signal ends such a fault. Nobody but the
 * owner of the memory waits for it, and the worker puts its references when the
 * fault ends.
 */
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sched.h>
#include <linux/fuse.h>

#include "attach.h"
#include "env.h"
#include "harness.h"
#include "thread.h"

#define FILE_SIZE	65536
#define PLACE		"/mnt/memory"

/* ---- the server of a file system with one file, which is its root ---- */

static int fuse_reply(int fd, uint64_t unique, int err, const void *p,
		      size_t len)
{
	struct fuse_out_header h = {
		.len = sizeof(h) + len, .error = err, .unique = unique,
	};
	struct iovec iov[2] = { { &h, sizeof(h) }, { (void *)p, len } };

	return writev(fd, iov, 2) == h.len ? 0 : -errno;
}

static int fuse_answer(int fd, const struct fuse_in_header *in, int taken)
{
	struct fuse_init_out init = {
		.major = FUSE_KERNEL_VERSION, .minor = 31, .max_write = 4096,
	};
	struct fuse_attr_out attr = {
		.attr_valid = 1000, .attr.ino = 1, .attr.nlink = 1,
		.attr.size = FILE_SIZE, .attr.mode = S_IFREG | 0600,
	};
	struct fuse_open_out open = { };

	switch (in->opcode) {
	case FUSE_INIT:
		return fuse_reply(fd, in->unique, 0, &init, sizeof(init));
	case FUSE_GETATTR:
		return fuse_reply(fd, in->unique, 0, &attr, sizeof(attr));
	case FUSE_OPEN:
		return fuse_reply(fd, in->unique, 0, &open, sizeof(open));
	case FUSE_READ:
		return write(taken, "r", 1) == 1 ? 0 : -errno;
	default:
		return fuse_reply(fd, in->unique, -ENOSYS, NULL, 0);
	}
}

/* Serves until it is killed. Writes to taken after each request to read. */
static void fuse_serve(int fd, int taken)
{
	static char buf[FUSE_MIN_READ_BUFFER + FILE_SIZE];

	while (read(fd, buf, sizeof(buf)) > 0)
		fuse_answer(fd, (void *)buf, taken);
	_exit(0);
}

/* Mounts the file at PLACE, in a mount namespace of the caller. */
static int fuse_mount(int fd)
{
	char opts[100];

	snprintf(opts, sizeof(opts),
		 "fd=%d,rootmode=100000,user_id=0,group_id=0", fd);
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("place", "/mnt", "tmpfs", 0, NULL))
		return -errno;
	close(open(PLACE, O_CREAT | O_RDWR, 0600));
	return mount("memory", PLACE, "fuse", 0, opts) ? -errno : 0;
}

/* ---- the owner: attached rings whose buffers are in the file ---- */

static int owner_attach(int tun)
{
	struct aconf c = { .c = { F_META, 16, 16, 2048, 0 } };
	struct tun_ring_region v;
	struct tring r = { };
	struct stat st;
	int ret, fd;
	void *p;

	ret = attach_alloc(&r, &c);
	fd = open(PLACE, O_RDWR | O_CLOEXEC);
	/* the kernel learns the size of the file, else a page fault is an error */
	if (fstat(fd, &st) || st.st_size != FILE_SIZE)
		return -EIO;
	p = mmap(NULL, FILE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (ret || fd < 0 || p == MAP_FAILED)
		return ret ?: -errno;
	v = attach_region(&r);
	v.user = (uintptr_t)p;
	v.len = FILE_SIZE;
	ret = attach_regions(tun, &v, 1, 0) ?: attach_again(&r, tun, &c);
	return ret ?: tring_rx_fill(&r);
}

FIXTURE(fuse) {
	struct env e;
	pid_t server, owner;
	int taken;		/* a byte for each request to read */
};

static int begin_server(struct _test_data_fuse *self)
{
	int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC), p[2], ret;

	if (fd < 0 || pipe(p))
		return -errno;
	ret = fuse_mount(fd);
	if (ret)
		return ret;
	self->server = fork();
	if (!self->server) {
		/* the device ends with the descriptors of the others */
		close(self->e.fd);
		fuse_serve(fd, p[1]);
	}
	close(fd);
	close(p[1]);
	self->taken = p[0];
	return self->server < 0 ? -errno : 0;
}

static int begin_owner(struct _test_data_fuse *self)
{
	int sk[2], ret;
	char c;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sk))
		return -errno;
	self->owner = fork();
	if (!self->owner) {
		ret = owner_attach(self->e.fd);
		if (ret || write(sk[1], "a", 1) != 1)
			_exit(1);
		pause();
	}
	close(sk[1]);
	ret = read(sk[0], &c, 1) == 1 ? 0 : -ECHILD;
	close(sk[0]);
	return ret;
}

FIXTURE_SETUP(fuse)
{
	char c;

	cmd_run("modprobe fuse");
	ASSERT_EQ(0, env_open(&self->e, "fuse0", TUN_PLAIN));
	ASSERT_EQ(0, begin_server(self));
	ASSERT_EQ(0, begin_owner(self));
	ASSERT_EQ(0, env_inject(&self->e, 0, 100));
	ASSERT_EQ(1, read(self->taken, &c, 1));
	ASSERT_EQ(0, thread_wait_stuck(thread_of_rings(self->owner)));
}

/* The end of the server ends the fault, and the worker frees what it holds. */
FIXTURE_TEARDOWN(fuse)
{
	long end = now_ms() + WAIT_MS;
	int status;

	EXPECT_LT(0, thread_of_rings(self->owner));
	kill(self->server, SIGKILL);
	waitpid(self->server, &status, 0);
	kill(self->owner, SIGKILL);
	waitpid(self->owner, &status, 0);
	while (thread_of_rings(self->owner) && now_ms() < end)
		usleep(1000);
	EXPECT_EQ(0, thread_of_rings(self->owner));
	close(self->e.sk);
	close(self->taken);
}

/* The owner holds the last descriptor, and is killed. */
TEST_F(fuse, owner_killed)
{
	close(self->e.fd);
	ASSERT_EQ(0, kill(self->owner, SIGKILL));
	EXPECT_EQ(SIGKILL, child_ended(self->owner, WAIT_MS));
	EXPECT_EQ(0, if_wait_gone("fuse0"));
}

/* Another process holds the last descriptor, and closes it. */
TEST_F(fuse, closed_by_another)
{
	pid_t pid;

	ASSERT_EQ(0, kill(self->owner, SIGKILL));
	ASSERT_EQ(SIGKILL, child_ended(self->owner, WAIT_MS));
	pid = fork();
	if (!pid) {
		close(self->e.fd);
		_exit(0);
	}
	close(self->e.fd);
	EXPECT_EQ(0, child_ended(pid, WAIT_MS));
	EXPECT_EQ(0, if_wait_gone("fuse0"));
}

TEST_F(fuse, torn_down_by_another)
{
	struct tconf c = { F_META, 16, 16, 2048, 0 };
	struct tring r = { };
	pid_t pid = fork();

	if (!pid)
		_exit(tring_teardown(self->e.fd) ? 1 : 0);
	EXPECT_EQ(0, child_ended(pid, WAIT_MS));
	/* the queue works, with rings of its new user */
	ASSERT_EQ(0, tring_setup(&r, self->e.fd, &c));
	ASSERT_LE(0, tring_rx_fill(&r));
	ASSERT_EQ(0, env_inject_n(&self->e, 1, 5, 100));
	EXPECT_EQ(0, env_expect(&self->e, &r, 1, 5));
	tring_unmap(&r);
	close(self->e.fd);
}

TEST_F(fuse, device_deleted)
{
	pid_t pid = fork();

	if (!pid)
		_exit(rtnl_del("fuse0") ? 1 : 0);
	EXPECT_EQ(0, child_ended(pid, WAIT_MS));
	EXPECT_EQ(0, if_wait_gone("fuse0"));
	close(self->e.fd);
}

TEST_HARNESS_MAIN
