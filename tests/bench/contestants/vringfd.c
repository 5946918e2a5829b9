// SPDX-License-Identifier: GPL-2.0
/*
 * A ring in memory of the program's own as a file descriptor, for one direction.
 * Each packet has a struct virtio_net_hdr in front. A kernel thread copies
 * received packets, and has the processor when the driver sleeps. The driver's own
 * write() copies the packets that it sends.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include <linux/if_tun.h>
#include <linux/if_tun_ring.h>
#include <linux/virtio_net.h>
#include <linux/vring.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "../bench.h"
#include "../ring.h"

#define NAME	"bench0"
#define ENTRIES	256
#define BUF	2048
#define HDR	sizeof(struct virtio_net_hdr)
#define ALIGN	4096	/* of the used ring, as vring_init() lays it out */

struct vringfd {
	int tun, fd;
	struct ring_vq vq;
	uint16_t *last_used;
	uint8_t *mem;
	uint8_t (*buf)[BUF];
	size_t len;
};

static void lay_out(struct vringfd *v)
{
	size_t ring = (vring_size(ENTRIES, ALIGN) + ALIGN - 1) & -ALIGN;
	struct vring r;

	v->len = ring + ALIGN + ENTRIES * sizeof(*v->buf);
	v->mem = mmap(NULL, v->len, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (v->mem == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	vring_init(&r, ENTRIES, v->mem, ALIGN);
	v->vq = (struct ring_vq) {
		.mask = ENTRIES - 1,
		.desc = r.desc, .avail = r.avail, .used = r.used,
	};
	v->last_used = (void *)(v->mem + ring);
	v->buf = (void *)(v->mem + ring + ALIGN);
}

static const char *ring_create(struct vringfd *v)
{
	struct vringfd_create how = { .num = ENTRIES };
	int node;

	if (system("modprobe -q vringfd"))
		return "there is no vringfd.ko";
	node = open("/dev/vringfd", O_RDWR | O_CLOEXEC);
	if (node < 0)
		die("/dev/vringfd: %s", strerror(errno));
	lay_out(v);
	how.addr = (uintptr_t)v->mem;
	how.last_used = (uintptr_t)v->last_used;
	v->fd = ioctl(node, VRINGFDCREATE, &how);
	if (v->fd < 0)
		die("VRINGFDCREATE: %s", strerror(errno));
	close(node);
	return NULL;
}

/* No event index: the flags decide. */
static void publish(struct instance *in, struct vringfd *v)
{
	__atomic_store_n(&v->vq.avail->idx, v->vq.avail_idx, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (__atomic_load_n(&v->vq.used->flags, __ATOMIC_RELAXED) &
	    VRING_USED_F_NO_NOTIFY)
		return;
	in->syscalls++;
	if (write(v->fd, "", 0))
		die("vringfd: %s", strerror(errno));
}

static void taken(struct vringfd *v)
{
	__atomic_store_n(v->last_used, v->vq.taken, __ATOMIC_RELEASE);
}

static void rx_start(struct instance *in, struct vringfd *v)
{
	unsigned int i;

	for (i = 0; i < ENTRIES; i++) {
		v->vq.desc[i] = (struct vring_desc) {
			.addr = (uintptr_t)v->buf[i], .len = BUF,
			.flags = VRING_DESC_F_WRITE,
		};
		vq_give(&v->vq, i);
	}
	publish(in, v);
	source_open(in);
}

static void tx_start(struct instance *in, struct vringfd *v)
{
	unsigned int i;

	sink_open(in);
	for (i = 0; i < ENTRIES; i++)
		packet_fill(v->buf[i] + HDR, in->size);
}

static const char *set_up(struct instance *in)
{
	const bool rx = in->c->direction == RX;
	struct vringfd *v = calloc(1, sizeof(*v));
	const char *missing;

	if (!v)
		die("no memory");
	sched_unthrottle();
	in->priv = v;
	v->tun = net_tun(NAME, IFF_TUN | IFF_NO_PI);
	missing = ring_create(v);
	if (missing)
		return missing;
	if (ioctl(v->tun, rx ? TUNSETRECVVRING : TUNSETXMITVRING, v->fd))
		die("a vringfd on a tun: %s", strerror(errno));
	net_up(NAME);
	if (rx)
		rx_start(in, v);
	else
		tx_start(in, v);
	return NULL;
}

/* Until there are n used entries. poll() ends with the first of them. */
static void wait_used(struct instance *in, struct vringfd *v, uint16_t n)
{
	struct pollfd p = { .fd = v->fd, .events = POLLIN };

	while ((uint16_t)(vq_used(&v->vq) - v->vq.taken) < n) {
		in->syscalls++;
		if (poll(&p, 1, -1) != 1 || p.revents != POLLIN)
			die("vringfd: poll says %#x", p.revents);
	}
}

/* The descriptors stay as they are: a buffer is given back by its number. */
static void rx_take(struct instance *in, struct vringfd *v)
{
	const struct vring_used_elem *used;
	unsigned int i;

	wait_used(in, v, in->burst);
	for (i = 0; i < in->burst; i++) {
		used = vq_next(&v->vq);
		if (used->len != HDR + in->size)
			die("vringfd: a packet of %u bytes", used->len);
		vq_give(&v->vq, used->id);
	}
	taken(v);
	publish(in, v);
}

static void rx_run(struct instance *in, unsigned int n)
{
	struct vringfd *v = in->priv;

	sched_in_front(true);
	for (; n; n -= in->burst) {
		source_send(in, in->burst);
		own_begin(in);
		rx_take(in, v);
		own_end(in);
	}
	sched_in_front(false);
}

/* Each packet gets its descriptor and header written, as if it were new. */
static void tx_put(struct vringfd *v, uint16_t head, unsigned int size)
{
	v->vq.desc[head] = (struct vring_desc) {
		.addr = (uintptr_t)v->buf[head], .len = HDR + size,
	};
	memset(v->buf[head], 0, HDR);
	vq_give(&v->vq, head);
}

static void tx_run(struct instance *in, unsigned int n)
{
	struct vringfd *v = in->priv;
	unsigned int i;

	own_begin(in);
	for (; n; n -= in->burst) {
		for (i = 0; i < in->burst; i++)
			tx_put(v, v->vq.avail_idx & v->vq.mask, in->size);
		publish(in, v);
		wait_used(in, v, in->burst);
		for (i = 0; i < in->burst; i++)
			if (vq_next(&v->vq)->id > v->vq.mask)
				die("vringfd: a used entry that is none");
		taken(v);
	}
	own_end(in);
}

static void tear_down(struct instance *in)
{
	struct vringfd *v = in->priv;

	close(v->fd);
	close(v->tun);
	munmap(v->mem, v->len);
	free(v);
}

const struct contestant vringfd_contestants[] = {
	{ "vringfd", RX, NAME, bursts_all, set_up, rx_run, tear_down },
	{ "vringfd", TX, NAME, bursts_all, set_up, tx_run, tear_down },
	{ }
};
