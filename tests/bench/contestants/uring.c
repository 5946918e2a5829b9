// SPDX-License-Identifier: GPL-2.0
/*
 * io_uring on a tun fd, all that it offers in use: registered file, registered
 * buffers, one system call for a burst. With SQPOLL a kernel thread looks for
 * submissions; the thread has the processor while the driver waits. Packets of
 * 64 KB that are to be segmented have a struct virtio_net_hdr in front.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <linux/if_tun.h>
#include <linux/io_uring.h>
#include <linux/virtio_net.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "../bench.h"

#define NAME	"bench0"
#define BUF	2048
#define BUF_GSO	(65536 + 4096)
#define IDLE_MS	1	/* until the thread sleeps; see sched_settle() */

struct uring {
	int tun, fd;
	bool sqpoll;
	unsigned int *sq_tail, *sq_mask, *sq_flags, *sq_array;
	unsigned int *cq_head, *cq_tail, *cq_mask;
	struct io_uring_sqe *sqes;
	struct io_uring_cqe *cqes;
	unsigned int hdr, buf_size;
	uint8_t *buf;		/* MAX_BURST of them */
};

static uint8_t *buffer(const struct uring *u, unsigned int i)
{
	return u->buf + (size_t)i * u->buf_size;
}

static void *area(const struct uring *u, size_t len, uint64_t offset)
{
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_POPULATE, u->fd, offset);

	if (p == MAP_FAILED)
		die("mmap of io_uring: %s", strerror(errno));
	return p;
}

static void map_rings(struct uring *u, const struct io_uring_params *p)
{
	char *ring;

	if (!(p->features & IORING_FEAT_SINGLE_MMAP))
		die("an io_uring of two mappings");
	ring = area(u, p->cq_off.cqes + p->cq_entries * sizeof(*u->cqes),
		    IORING_OFF_SQ_RING);
	u->sqes = area(u, p->sq_entries * sizeof(*u->sqes), IORING_OFF_SQES);
	u->sq_tail = (void *)(ring + p->sq_off.tail);
	u->sq_mask = (void *)(ring + p->sq_off.ring_mask);
	u->sq_flags = (void *)(ring + p->sq_off.flags);
	u->sq_array = (void *)(ring + p->sq_off.array);
	u->cq_head = (void *)(ring + p->cq_off.head);
	u->cq_tail = (void *)(ring + p->cq_off.tail);
	u->cq_mask = (void *)(ring + p->cq_off.ring_mask);
	u->cqes = (void *)(ring + p->cq_off.cqes);
}

static const char *ring_open(struct uring *u)
{
	struct io_uring_params p = { .sq_thread_idle = IDLE_MS };
	struct iovec iov = { u->buf, MAX_BURST * u->buf_size };
	unsigned int i;

	if (u->sqpoll)
		p.flags = IORING_SETUP_SQPOLL;
	else
		p.flags = IORING_SETUP_SINGLE_ISSUER |
			  IORING_SETUP_DEFER_TASKRUN;
	u->fd = syscall(__NR_io_uring_setup, MAX_BURST, &p);
	if (u->fd < 0)
		return "this kernel refuses io_uring";
	map_rings(u, &p);
	if (syscall(__NR_io_uring_register, u->fd, IORING_REGISTER_BUFFERS,
		    &iov, 1) ||
	    syscall(__NR_io_uring_register, u->fd, IORING_REGISTER_FILES,
		    &u->tun, 1))
		die("io_uring_register: %s", strerror(errno));
	for (i = 0; i <= *u->sq_mask; i++)
		u->sq_array[i] = i;
	return NULL;
}

static void open_tun(struct instance *in, struct uring *u)
{
	const bool gso = in->size == SIZE_GSO;

	u->hdr = gso ? sizeof(struct virtio_net_hdr) : 0;
	u->buf_size = gso ? BUF_GSO : BUF;
	u->buf = mmap(NULL, MAX_BURST * u->buf_size, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (u->buf == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	u->tun = net_tun(NAME, IFF_TUN | IFF_NO_PI | (gso ? IFF_VNET_HDR : 0));
	if (gso && ioctl(u->tun, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4))
		die("TUNSETOFFLOAD: %s", strerror(errno));
}

static const char *set_up_with(struct instance *in, bool sqpoll)
{
	struct uring *u = calloc(1, sizeof(*u));
	const char *missing;
	unsigned int i;

	if (!u)
		die("no memory");
	in->priv = u;
	u->sqpoll = sqpoll;
	if (sqpoll)
		sched_unthrottle();
	open_tun(in, u);
	missing = ring_open(u);
	if (missing)
		return missing;
	net_up(NAME);
	if (in->c->direction == RX) {
		source_open(in);
		return NULL;
	}
	sink_open(in);
	for (i = 0; i < MAX_BURST; i++)
		packet_fill(buffer(u, i) + u->hdr, in->size);
	return NULL;
}

static const char *set_up(struct instance *in)
{
	return set_up_with(in, false);
}

static const char *sqpoll_set_up(struct instance *in)
{
	return set_up_with(in, true);
}

static void submit(struct instance *in, struct uring *u)
{
	unsigned int n = in->burst, flags = IORING_ENTER_GETEVENTS;

	if (u->sqpoll) {
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		if (__atomic_load_n(u->sq_flags, __ATOMIC_RELAXED) &
		    IORING_SQ_NEED_WAKEUP)
			flags |= IORING_ENTER_SQ_WAKEUP;
	}
	in->syscalls++;
	if (syscall(__NR_io_uring_enter, u->fd, n, n, flags, NULL, 0) != n)
		die("io_uring_enter: %s", strerror(errno));
}

static void put(struct instance *in, struct uring *u, bool rx)
{
	unsigned int tail = *u->sq_tail, i;

	for (i = 0; i < in->burst; i++) {
		if (u->hdr && !rx)
			packet_header((void *)buffer(u, i), in->size);
		u->sqes[tail++ & *u->sq_mask] = (struct io_uring_sqe) {
			.opcode = rx ? IORING_OP_READ_FIXED :
				       IORING_OP_WRITE_FIXED,
			.flags = IOSQE_FIXED_FILE,
			.addr = (uintptr_t)buffer(u, i),
			.user_data = (uintptr_t)buffer(u, i),
			.len = rx ? u->buf_size : u->hdr + in->size,
		};
	}
	__atomic_store_n(u->sq_tail, tail, __ATOMIC_RELEASE);
}

/* Whole, and to be segmented if it has a header. */
static void check(const struct instance *in, const struct uring *u, int len,
		  const struct virtio_net_hdr *hdr)
{
	if (len != (int)(u->hdr + in->size) ||
	    (u->hdr && hdr->gso_type != VIRTIO_NET_HDR_GSO_TCPV4))
		die("io_uring: %d instead of %u", len, u->hdr + in->size);
}

/* A burst of packets, one by one into or out of the registered buffers. */
static void move(struct instance *in, struct uring *u)
{
	unsigned int head = *u->cq_head, i;
	const struct io_uring_cqe *cqe;

	put(in, u, in->c->direction == RX);
	submit(in, u);
	if (__atomic_load_n(u->cq_tail, __ATOMIC_ACQUIRE) - head != in->burst)
		die("io_uring: not all is done");
	for (i = 0; i < in->burst; i++) {
		cqe = &u->cqes[head++ & *u->cq_mask];
		check(in, u, cqe->res, (void *)(uintptr_t)cqe->user_data);
	}
	__atomic_store_n(u->cq_head, head, __ATOMIC_RELEASE);
}

static void run(struct instance *in, unsigned int n)
{
	struct uring *u = in->priv;

	for (; n; n -= in->burst) {
		if (in->c->direction == RX)
			source_send(in, in->burst);
		own_begin(in);
		move(in, u);
		own_end(in);
	}
}

static void sqpoll_run(struct instance *in, unsigned int n)
{
	uint64_t start = clock_now();

	sched_in_front(true);
	run(in, n);
	in->total = clock_now() - start;
	sched_in_front(false);
	sched_settle();
}

static void tear_down(struct instance *in)
{
	struct uring *u = in->priv;

	close(u->fd);
	close(u->tun);
	free(u);
}

const struct contestant uring_contestants[] = {
	{ "io_uring", RX, NAME, bursts_all, set_up, run, tear_down },
	{ "io_uring", TX, NAME, bursts_all, set_up, run, tear_down },
	{ "io_uring-socket", TX, NAME, bursts_64,
	  set_up, run, tear_down, .to_socket = true },
	{ "io_uring-gso", RX, NAME, bursts_64, set_up, run, tear_down, sizes_gso },
	{ "io_uring-gso", TX, NAME, bursts_64, set_up, run, tear_down, sizes_gso },
	{ "io_uring-sqpoll", RX, NAME, bursts_all,
	  sqpoll_set_up, sqpoll_run, tear_down },
	{ "io_uring-sqpoll", TX, NAME, bursts_all,
	  sqpoll_set_up, sqpoll_run, tear_down },
	{ }
};
