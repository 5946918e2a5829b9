// SPDX-License-Identifier: GPL-2.0
/* Dummy devices (the floor), read(), and mapped rings. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>

#include "scale.h"

unsigned int ring_entries = 64, ring_buf = 2048;

static const char *nothing(struct tun *t)
{
	return NULL;
}

static unsigned int read_take(struct tun *t)
{
	static uint8_t buf[2048];
	unsigned int n = 0;
	ssize_t len;

	while ((len = read(t->fd, buf, sizeof(buf))) >= 0) {
		if (len != SIZE)
			die("read: a packet of %zd bytes", len);
		n++;
	}
	if (errno != EAGAIN)
		die("read: %s", strerror(errno));
	return n;
}

static void read_close(struct tun *t)
{
	close(t->fd);
}

static void give_all(struct ring *r)
{
	struct tun_ring_enter e = { .flags = TUN_RING_ENTER_RX };

	if (vq_publish(&r->rx) && ioctl(r->fd, TUNRINGENTER, &e) < 0)
		die("TUNRINGENTER: %s", strerror(errno));
}

static const char *ring_rings(struct tun *t)
{
	struct ring *r = &t->ring;
	const char *missing;
	unsigned int i;

	r->s.features = 1 << TUN_RING_F_META;
	missing = ring_open(r, t->fd, ring_entries, ring_buf);
	if (missing)
		return missing;
	for (i = 0; i < ring_entries; i++) {
		r->rx.desc[i] = (struct vring_desc) {
			.addr = i * ring_buf, .len = ring_buf,
			.flags = VRING_DESC_F_WRITE,
		};
		vq_give(&r->rx, i);
	}
	give_all(r);
	return NULL;
}

/* Again, if more came before the kernel could see that this was taken. */
static unsigned int ring_take(struct tun *t)
{
	const struct vring_used_elem *used;
	struct ring *r = &t->ring;
	unsigned int n = 0;

	while (vq_used(&r->rx) != r->rx.taken) {
		while (vq_used(&r->rx) != r->rx.taken) {
			used = vq_next(&r->rx);
			if (used->len != SIZE)
				die("ring: a packet of %u bytes", used->len);
			vq_give(&r->rx, used->id);
			n++;
		}
		vq_taken(&r->rx);
		give_all(r);
	}
	return n;
}

static void ring_end(struct tun *t)
{
	ring_close(&t->ring);
	close(t->fd);
}

const struct kind kinds[] = {
	{ "dummy", false, nothing },
	{ "read", true, nothing, read_take, read_close },
	{ "ring", true, ring_rings, ring_take, ring_end },
	{ }
};
