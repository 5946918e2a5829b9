// SPDX-License-Identifier: GPL-2.0
/* Devices by their number, and a source for each. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <sys/ioctl.h>
#include <linux/if_tun.h>

#include "scale.h"

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		die("%s: %s", path, strerror(errno));
	close(fd);
}

/* A neighbour for each device; to be called outside of a fresh namespace. */
void link_limits(void)
{
	put("/proc/sys/net/ipv4/neigh/default/gc_thresh3", "100000");
	put("/proc/sys/net/ipv4/neigh/default/gc_thresh2", "50000");
	put("/proc/sys/net/ipv4/neigh/default/gc_thresh1", "50000");
}

static void link_name(unsigned int i, char *name)
{
	snprintf(name, IFNAMSIZ, "t%u", i);
}

static int ctl(unsigned long cmd, struct ifreq *ifr)
{
	static int sk = -1;

	if (sk < 0)
		sk = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return ioctl(sk, cmd, ifr);
}

/* One program for all lines: starting one for each would take minutes. */
static void batch(const char *format, unsigned int first, unsigned int n)
{
	FILE *f = popen("ip -batch -", "w");

	if (!f)
		die("ip: %s", strerror(errno));
	for (; first < n; first++)
		fprintf(f, format, first);
	if (pclose(f))
		die("failed: %s", format);
}

void link_dummies(unsigned int n)
{
	batch("link add t%u type dummy\n", 0, n);
}

/* From the first on, at once: one after the other would wait for RCU each time. */
void link_gone(unsigned int first, unsigned int n)
{
	if (first >= n)
		return;
	batch("link set t%u group 7\n", first, n);
	if (system("ip link delete group 7"))
		die("ip link delete failed");
}

int link_tun(unsigned int i)
{
	char name[IFNAMSIZ];

	link_name(i, name);
	return net_tun(name, IFF_TUN | IFF_NO_PI);
}

void link_up(unsigned int i)
{
	struct ifreq ifr = { .ifr_flags = IFF_UP | IFF_NOARP };

	link_name(i, ifr.ifr_name);
	if (ctl(SIOCSIFFLAGS, &ifr))
		die("%s: SIOCSIFFLAGS: %s", ifr.ifr_name, strerror(errno));
}

/* One address for all, so that there are no routes: see link_source(). */
void link_address(void)
{
	struct ifreq ifr = { .ifr_name = "lo" };
	struct sockaddr_in *sin = (void *)&ifr.ifr_addr;

	sin->sin_family = AF_INET;
	sin->sin_addr.s_addr = inet_addr(NET_LOCAL);
	if (ctl(SIOCSIFADDR, &ifr))
		die("lo: SIOCSIFADDR: %s", strerror(errno));
}

/*
 * A socket for each device and bound to it, so that no packet looks for a route.
 * With thousands of routes a device would take seconds to go: the stack looks
 * through all of them for each. No checksums: a dummy device would not have the
 * stack make them.
 */
int link_source(unsigned int i)
{
	struct sockaddr_in peer = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
		.sin_addr.s_addr = inet_addr(NET_PEER),
	};
	int one = 1, sk = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char name[IFNAMSIZ];

	link_name(i, name);
	if (sk < 0 ||
	    setsockopt(sk, SOL_SOCKET, SO_BINDTODEVICE, name, sizeof(name)) ||
	    setsockopt(sk, SOL_SOCKET, SO_NO_CHECK, &one, sizeof(one)) ||
	    connect(sk, (void *)&peer, sizeof(peer)))
		die("socket: %s", strerror(errno));
	return sk;
}

void link_send(struct tun *t, unsigned int n)
{
	static const uint8_t payload[SIZE - sizeof(struct iphdr) -
				     sizeof(struct udphdr)];

	while (n--)
		if (send(t->sock, payload, sizeof(payload), 0) !=
		    sizeof(payload))
			die("send: %s", strerror(errno));
}
