// SPDX-License-Identifier: GPL-2.0
/* The driver vringloop echoes: it copies the readable half of a buffer into the writable half. */
#include "vr.h"

int modules_load(void)
{
	const char *top = getenv("TOP"), *kernel = getenv("KERNEL");

	/* modprobe takes long on an emulated machine, and every test calls this. */
	if (access("/dev/vringfd", F_OK) && cmd_run("modprobe vringfd"))
		return -ENODEV;
	if (!access("/dev/vringloop", F_OK))
		return 0;
	return cmd_run("insmod %s/build/%s/vringloop.ko", top ?: "../..",
		       kernel ?: "stock") ? -ENODEV : 0;
}

int loop_attach_to(int loop, int fd, unsigned int flags)
{
	struct vringloop_attach a = { fd, flags };

	return tunfd_ioctlp(loop, VRINGLOOP_ATTACH, &a);
}

/* Attach a new driver to the ring. Return: the driver's file, or a negative errno. */
int loop_attach(int fd, unsigned int flags)
{
	int loop = open("/dev/vringloop", O_RDWR | O_CLOEXEC), ret;

	if (loop < 0)
		return -errno;
	ret = loop_attach_to(loop, fd, flags);
	if (!ret)
		return loop;
	close(loop);
	return ret;
}

struct vringloop_stats loop_stats(int loop)
{
	struct vringloop_stats st = { };

	ioctl(loop, VRINGLOOP_STATS, &st);
	return st;
}

/* Give the driver @text in buffer 2 * @i, by descriptors 2 * @i and 2 * @i + 1. */
int echo_put(struct vr *r, unsigned int i, const void *text, size_t len)
{
	uint8_t *buf = vr_buf(r, 2 * i);

	if (2 * len > r->buf_size)
		return -EMSGSIZE;
	memcpy(buf, text, len);
	memset(buf + len, 0xa5, r->buf_size - len);
	vr_desc(r, 2 * i, buf, len, N, 2 * i + 1);
	vr_desc(r, 2 * i + 1, buf + r->buf_size / 2, len, W, 0);
	vr_put(r, 2 * i);
	return 0;
}

/* The next used entry is buffer 2 * @i, with @text in both halves. */
int echo_check(struct vr *r, unsigned int i, const void *text, size_t len)
{
	uint8_t *buf = vr_buf(r, 2 * i);
	struct vring_used_elem e;
	int ret = vr_wait(r, 1);

	if (ret)
		return ret;
	e = vr_take(r);
	if (e.id != 2 * i || e.len != len)
		return -EBADSLT;
	if (memcmp(buf, text, len) || memcmp(buf + r->buf_size / 2, text, len))
		return -EBADMSG;
	return 0;
}
