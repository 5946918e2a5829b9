// SPDX-License-Identifier: GPL-2.0
/*
 * Opens the queues of a tap device, and a vhost file for each, and starts a program that
 * finds the descriptors at fixed numbers.
 *
 *   tapfd DEVICE QUEUES tun|tun-pinned|vhost_net|none COMMAND ARGUMENT...
 *
 * Queue N is FIRST_TAP + N, and its vhost fd is FIRST_VHOST + N: a duplicate of the same
 * fd (tun, tun-pinned), or vhost-net. QEMU closes each descriptor once.
 */
#include <err.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/if_tun_ring.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define FIRST_TAP	40
#define FIRST_VHOST	60
#define MAX_QUEUES	8

static int open_at(const char *path, int number)
{
	int fd = open(path, O_RDWR);

	if (fd < 0 || dup2(fd, number) < 0)
		err(1, "%s", path);
	close(fd);
	return number;
}

/* Asks the fd to pin the guest's memory; QEMU does not know. */
static void pin(int fd)
{
	struct tun_ring_guest how = { .flags = TUN_RING_GUEST_PIN };

	if (ioctl(fd, TUNRINGGUEST, &how))
		err(1, "TUNRINGGUEST");
}

static void queue_open(const char *device, int n, short flags,
		       const char *backend)
{
	struct ifreq ifr = { .ifr_flags = flags };
	int fd = open_at("/dev/net/tun", FIRST_TAP + n);

	strncpy(ifr.ifr_name, device, IFNAMSIZ - 1);
	if (ioctl(fd, TUNSETIFF, &ifr))
		err(1, "%s, queue %d", device, n);
	if (!strcmp(backend, "vhost_net"))
		open_at("/dev/vhost-net", FIRST_VHOST + n);
	if (!strcmp(backend, "tun-pinned"))
		pin(fd);
	if (!strncmp(backend, "tun", 3) && dup2(fd, FIRST_VHOST + n) < 0)
		err(1, "dup2");
}

int main(int argc, char **argv)
{
	short flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
	int queues = argc > 4 ? atoi(argv[2]) : 0;
	int n;

	if (queues < 1 || queues > MAX_QUEUES)
		errx(2, "usage: tapfd DEVICE QUEUES tun|tun-pinned|vhost_net|none COMMAND ...");
	if (queues > 1)
		flags |= IFF_MULTI_QUEUE;
	for (n = 0; n < queues; n++)
		queue_open(argv[1], n, flags, argv[3]);
	execvp(argv[4], argv + 4);
	err(127, "%s", argv[4]);
}
