// SPDX-License-Identifier: GPL-2.0
/*
 * Joins two tuns: each device receives the packets that the stack sends through the
 * other. The program moves a buffer, header included, from the receive ring of one
 * device to the transmit ring of the other, and back after its use.
 *
 *	forward DEVICE DEVICE
 *
 * On SIGTERM the program prints its counts and ends.
 */
#include "vr.h"

#define NUM	256
#define SIZE	(66 * 1024)

/* One direction; both rings have the same buffers. */
struct way {
	struct vr rx, tx;
	unsigned long packets, held;
};

static volatile sig_atomic_t stop;

static void on_term(int sig)
{
	stop = 1;
}

static int ring_open(struct vr *r, size_t buf_size)
{
	int ret = vr_open(r, NUM, buf_size);

	if (ret)
		fprintf(stderr, "ring: %s\n", strerror(-ret));
	return ret;
}

static int way_open(struct way *w, int from, int to)
{
	unsigned int i;

	memset(w, 0, sizeof(*w));
	if (ring_open(&w->rx, SIZE) || ring_open(&w->tx, 0) ||
	    tunfd_ioctl(from, TUNSETRECVVRING, w->rx.fd) ||
	    tunfd_ioctl(to, TUNSETXMITVRING, w->tx.fd))
		return -1;
	for (i = 0; i < NUM; i++)
		vr_give(&w->rx, i, SIZE, VRING_DESC_F_WRITE);
	return vr_kick(&w->rx);
}

/* Return: one of the rings had used entries. */
static bool way_run(struct way *w)
{
	struct vring_used_elem e;
	bool back = false, forth = false;
	unsigned int n;

	while (vr_pending(&w->tx)) {
		e = vr_take(&w->tx);
		vr_give(&w->rx, e.id, SIZE, VRING_DESC_F_WRITE);
		w->held--;
		back = true;
	}
	if (back)
		vr_kick_if(&w->rx);
	for (n = 0; n < 64 && vr_pending(&w->rx); n++) {
		e = vr_take(&w->rx);
		vr_desc(&w->tx, e.id, vr_buf(&w->rx, e.id), e.len, 0, 0);
		vr_put(&w->tx, e.id);
		w->held++;
		w->packets++;
		forth = true;
	}
	if (forth)
		vr_kick_if(&w->tx);
	return back || forth;
}

static int tun(const char *name)
{
	int fd = tunfd_create(name, IFF_TUN | IFF_NO_PI);

	if (fd >= 0)
		tunfd_ioctl(fd, TUNSETOFFLOAD,
			    TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6);
	return fd;
}

int main(int argc, char **argv)
{
	struct way way[2];
	struct pollfd p[4];
	unsigned int i;
	int fd[2];

	if (argc != 3)
		return 2;
	signal(SIGTERM, on_term);
	fd[0] = tun(argv[1]);
	fd[1] = tun(argv[2]);
	if (way_open(&way[0], fd[0], fd[1]) || way_open(&way[1], fd[1], fd[0]))
		return 1;
	for (i = 0; i < 4; i++) {
		p[i].fd = i & 1 ? way[i / 2].tx.fd : way[i / 2].rx.fd;
		p[i].events = POLLIN;
	}
	while (!stop) {
		bool busy = way_run(&way[0]);

		if (way_run(&way[1]) || busy)
			continue;
		if (poll(p, 4, 1000) < 0 && errno != EINTR)
			return 1;
		for (i = 0; i < 4; i++)
			if (p[i].revents & POLLERR)
				return 1;
	}
	printf("packets %lu %lu held %lu %lu\n", way[0].packets, way[1].packets,
	       way[0].held, way[1].held);
	return 0;
}
