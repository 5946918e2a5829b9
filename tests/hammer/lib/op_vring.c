// SPDX-License-Identifier: GPL-2.0
/* vringfds: created, attached to queues, fed, closed. */
#include <linux/virtio_ring.h>

#include "hammer.h"

/* vringfd i has the last rings of the arena. */
static struct vring_avail *avail_of(const struct h_vq *vq)
{
	return (void *)(vq->desc + vq->entries);
}

static struct h_vq ring(unsigned int i)
{
	struct h_vq vq = h_vq_at(H_SETS - 2 + i / 2, i % 2);

	vq.avail = avail_of(&vq);
	vq.used = (void *)vq.desc + 4096;
	return vq;
}

static void create(void)
{
	unsigned int i = h_below(H_VRINGS);
	struct h_vq vq = ring(i);
	struct vringfd_create c = {
		.addr = (uintptr_t)vq.desc, .num = vq.entries,
		.last_used = (uintptr_t)vq.desc + 8192,
	};
	int node = open("/dev/vringfd", O_RDWR | O_CLOEXEC), fd;

	if (node < 0)
		return;
	if (!h_one_in(8))
		h_vq_reset(H_SETS - 2 + i / 2, i % 2);
	fd = h_call(node, VRINGFDCREATE, &c, sizeof(c));
	if (fd >= 0) {
		dup2(fd, H_VRING + i);
		close(fd);
		h_ioctl(H_VRING + i, VRINGSETBASE,
			h_one_in(16) ? h_odd() : (unsigned long)h_pool());
		h_ioctl(H_VRING + i, VRINGSETLIMIT,
			h_one_in(16) ? h_odd() : H_POOL);
	}
	close(node);
}

static void attach(void)
{
	unsigned int dir = h_below(2);
	int fd = H_VRING + 2 * h_below(2) + dir;

	if (h_one_in(8))
		fd = -1;
	else if (h_one_in(16))
		fd = h_tun();
	h_ioctl(h_tun(), dir ? TUNSETXMITVRING : TUNSETRECVVRING, fd);
}

static void feed(void)
{
	unsigned int i = h_below(H_VRINGS);
	struct h_vq vq = ring(i);

	h_feed(&vq, !(i % 2), 1 + h_below(32));
	h_note("vringfd write", write(H_VRING + i, "", h_below(2)));
}

static void wait_for(void)
{
	struct pollfd p = { h_vringfd(), POLLIN | POLLOUT, 0 };
	int n = poll(&p, 1, h_below(3));

	h_note("vringfd poll", n < 0 || p.revents & POLLNVAL ? -1 : 0);
}

static void misuse(void)
{
	int fd = h_one_in(4) ? H_NONE : h_vringfd();
	char c;

	if (h_one_in(2))
		read(fd, &c, 1);
	else
		h_ioctl(fd, h_one_in(2) ? VRINGSETBASE : VRINGSETLIMIT, h_odd());
}

static void end(void)
{
	h_note("close", close(h_vringfd()));
}

const struct h_op h_ops_vring[] = {
	{ create, 12 }, { attach, 16 }, { feed, 40 }, { wait_for, 8 },
	{ misuse, 4 }, { end, 1 }, { },
};
