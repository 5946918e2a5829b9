// SPDX-License-Identifier: GPL-2.0
/* Users of the tun: the table, read() and write() with epoll, shared functions. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <linux/if_tun.h>
#include <sys/epoll.h>

#include "latency.h"

static int epoll;
static int tun;

/* To whom it came from; sums stay what they are. */
void packet_turn(void *packet)
{
	struct iphdr *ip = packet;
	struct udphdr *udp = (void *)(ip + 1);
	uint32_t address = ip->saddr;
	uint16_t port = udp->source;

	ip->saddr = ip->daddr;
	ip->daddr = address;
	udp->source = udp->dest;
	udp->dest = port;
}

/* An eventfd's counter is never read: each call is an edge. */
void epoll_open(int fd)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLET };

	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e))
		die("epoll: %s", strerror(errno));
}

/* Not for ever, to see that it is to stop. */
void epoll_sleep(void)
{
	struct epoll_event e;

	if (epoll_wait(epoll, &e, 1, 500) < 0)
		die("epoll_wait: %s", strerror(errno));
}

static const char *read_set_up(void)
{
	tun = net_tun(NAME, IFF_TUN | IFF_NO_PI);
	epoll_open(tun);
	return NULL;
}

static void read_run(const bool *stop)
{
	static uint8_t buf[2048];
	ssize_t len;

	while (!__atomic_load_n(stop, __ATOMIC_RELAXED)) {
		epoll_sleep();
		while ((len = read(tun, buf, sizeof(buf))) >= 0) {
			packet_turn(buf);
			if (write(tun, buf, len) != len)
				die("write: %s", strerror(errno));
		}
		if (errno != EAGAIN)
			die("read: %s", strerror(errno));
	}
}

static void read_slow_run(const bool *stop)
{
	static uint8_t buf[2048];
	ssize_t len;

	while (!__atomic_load_n(stop, __ATOMIC_RELAXED)) {
		len = read(tun, buf, sizeof(buf));
		if (len < 0) {
			if (errno != EAGAIN)
				die("read: %s", strerror(errno));
			epoll_sleep();
			continue;
		}
		packet_turn(buf);
		if (write(tun, buf, len) != len)
			die("write: %s", strerror(errno));
		take_next();
	}
}

const struct turner turners[] = {
	{ "read", read_set_up, read_run, read_slow_run },
	{ "ring-epoll", mapped_set_up, mapped_epoll_run },
	{ "ring-enter", mapped_set_up, mapped_enter_run, mapped_slow_run },
	{ "ring-flow", mapped_flow_set_up, mapped_enter_run, mapped_slow_run },
	{ "ring-enter-all", mapped_set_up, mapped_enter_all_run },
	{ "ring-busy", mapped_set_up, mapped_busy_run },
	{ "vhost", served_vhost_set_up, served_run },
	{ "guest", served_guest_set_up, served_run },
	{ "guest-pinned", served_guest_pinned_set_up, served_run },
	{ "guest-deferred", served_guest_deferred_set_up, served_run },
	{ "attached", served_attached_set_up, served_run },
	{ "attached-pinned", served_attached_pinned_set_up, served_run },
	{ }
};
