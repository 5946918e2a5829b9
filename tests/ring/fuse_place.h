/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A file of FUSE whose server takes each request to read, and does not answer. No
 * signal ends a page fault of the file.
 */
#ifndef TUN_TESTS_FUSE_PLACE_H
#define TUN_TESTS_FUSE_PLACE_H

#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sched.h>
#include <linux/fuse.h>

#include "attach.h"
#include "env.h"

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

/* A table of one region, which is in the file. */
static int place_region(struct tun_ring_region *v)
{
	struct stat st;
	int fd = open(PLACE, O_RDWR | O_CLOEXEC);
	void *p;

	/* the kernel learns the size of the file, else a page fault is an error */
	if (fd < 0 || fstat(fd, &st) || st.st_size != FILE_SIZE)
		return -EIO;
	p = mmap(NULL, FILE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return -errno;
	*v = (struct tun_ring_region) {
		.user = (uintptr_t)p, .len = FILE_SIZE,
	};
	return 0;
}

struct place {
	pid_t server;
	int taken;		/* a byte for each request to read */
};

/* @other: a descriptor that the server must not have */
static int place_begin(struct place *self, int other)
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
		close(other);
		fuse_serve(fd, p[1]);
	}
	close(fd);
	close(p[1]);
	self->taken = p[0];
	return self->server < 0 ? -errno : 0;
}

/* The end of the server ends the page faults. */
static void place_end(struct place *self)
{
	kill(self->server, SIGKILL);
	waitpid(self->server, NULL, 0);
	close(self->taken);
}

#endif
