// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * Answer pings, the way of 2008: two rings in memory of this program are attached
 * to a tun device by descriptors. Start: vringfd DEVICE [COUNT]
 */
#include <err.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <linux/virtio_ring.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <vringfd.h>

#define NUM	256
#define HDR	sizeof(struct virtio_net_hdr)	/* before each packet */

static struct ring {
	char mem[3 * 4096] __attribute__((aligned(4096)));
	struct vring v;
	uint16_t last_used, avail;
	int fd;
} rx, tx;
static char bufs[NUM][2048];

static void ring_open(struct ring *r)
{
	vring_init(&r->v, NUM, r->mem, 4096);
	r->fd = vringfd(r->mem, NUM, &r->last_used);
	if (r->fd < 0)
		err(1, "vringfd");
}

static void give(struct ring *r, uint16_t i, uint32_t len, uint16_t flags)
{
	r->v.desc[i] = (struct vring_desc){ (uintptr_t)bufs[i], len, flags, 0 };
	r->v.avail->ring[r->avail++ % NUM] = i;
	__atomic_store_n(&r->v.avail->idx, r->avail, __ATOMIC_SEQ_CST);
	if (!(r->v.used->flags & VRING_USED_F_NO_NOTIFY) &&
	    write(r->fd, "", 0) < 0)
		err(1, "write");
}

static int readable(struct ring *r, int timeout)
{
	struct pollfd p = { .fd = r->fd, .events = POLLIN };

	if (poll(&p, 1, timeout) < 0 || p.revents & POLLERR)
		err(1, "poll");
	return p.revents & POLLIN ? 1 : 0;
}

static struct vring_used_elem take(struct ring *r)
{
	while (__atomic_load_n(&r->v.used->idx, __ATOMIC_ACQUIRE) == r->last_used)
		readable(r, -1);
	return r->v.used->ring[r->last_used++ % NUM];
}

/* An echo request becomes a reply: other way round, another checksum. */
static int answer(uint8_t *ip, size_t len)
{
	uint32_t addr[2], sum;

	if (len < 28 || ip[0] != 0x45 || ip[9] != 1 || ip[20] != 8)
		return 0;
	memcpy(addr, ip + 12, 8);
	memcpy(ip + 12, &addr[1], 4);
	memcpy(ip + 16, &addr[0], 4);
	sum = (ip[22] << 8 | ip[23]) + 0x800U;
	sum += sum >> 16;
	ip[20] = 0;
	ip[22] = (uint8_t)(sum >> 8);
	ip[23] = (uint8_t)sum;
	return 1;
}

int main(int argc, char **argv)
{
	struct ifreq ifr = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	long left = argc > 2 ? atol(argv[2]) : -1;
	int tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	struct vring_used_elem e;
	uint16_t i;

	if (argc < 2 || argv[1][0] == '-')
		errx(2, "usage: vringfd DEVICE [COUNT]");
	ring_open(&rx);
	ring_open(&tx);
	printf("%d", readable(&rx, 0));
	rx.v.used->idx = 1;
	printf(" %d", readable(&rx, 0));
	rx.last_used = 1;
	printf(" %d\n", readable(&rx, 0));
	rx.v.used->idx = rx.last_used = 0;
	strncpy(ifr.ifr_name, argv[1], IFNAMSIZ - 1);
	if (ioctl(tun, TUNSETIFF, &ifr) || ioctl(tun, TUNSETRECVVRING, rx.fd) ||
	    ioctl(tun, TUNSETXMITVRING, tx.fd))
		err(1, "tun");
	for (i = 0; i < NUM; i++)
		give(&rx, i, sizeof(bufs[i]), VRING_DESC_F_WRITE);
	while (left) {
		e = take(&rx);
		i = (uint16_t)e.id;
		if (answer((uint8_t *)bufs[i] + HDR, e.len - HDR)) {
			memset(bufs[i], 0, HDR);
			give(&tx, i, e.len, 0);
			take(&tx);
			left--;
		}
		give(&rx, i, sizeof(bufs[i]), VRING_DESC_F_WRITE);
	}
	return 0;
}
