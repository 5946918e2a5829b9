// SPDX-License-Identifier: GPL-2.0
/* Namespaces, devices and their counters. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <linux/ethtool.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>

#include "bench.h"

static void command(const char *format, const char *name)
{
	char line[256];

	snprintf(line, sizeof(line), format, name, name);
	if (system(line))
		die("failed: %s", line);
}

static void if_ioctl(unsigned long cmd, struct ifreq *ifr, const char *name)
{
	int sk = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(ifr->ifr_name, IFNAMSIZ, "%s", name);
	if (sk < 0 || ioctl(sk, cmd, ifr))
		die("%s: ioctl %#lx: %s", name, cmd, strerror(errno));
	close(sk);
}

/* IPv6 would send packets of its own. */
void net_fresh(void)
{
	static const char *const off[] = {
		"/proc/sys/net/ipv6/conf/all/disable_ipv6",
		"/proc/sys/net/ipv6/conf/default/disable_ipv6",
	};
	unsigned int i;
	int fd;

	if (unshare(CLONE_NEWNET))
		die("unshare: %s", strerror(errno));
	for (i = 0; i < 2; i++) {
		fd = open(off[i], O_WRONLY);
		if (fd < 0 || write(fd, "1", 1) != 1)
			die("%s: %s", off[i], strerror(errno));
		close(fd);
	}
}

void net_dummy(const char *name, bool csum_offload)
{
	struct ethtool_value ev = { .cmd = ETHTOOL_STXCSUM };
	struct ifreq ifr = { .ifr_data = (void *)&ev };

	command("ip link add %s type dummy", name);
	if (!csum_offload)
		if_ioctl(SIOCETHTOOL, &ifr, name);
}

/* FAR is up, and has no address. */
void net_veth(const char *name, const char *far)
{
	char format[96];

	snprintf(format, sizeof(format),
		 "ip link add %%s type veth peer name %s && ip link set %s up",
		 far, far);
	command(format, name);
}

int net_tun(const char *name, int flags)
{
	struct ifreq ifr = { .ifr_flags = flags };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", name);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr))
		die("/dev/net/tun: %s", strerror(errno));
	return fd;
}

/* A tap that needs no neighbours, as the dummy device; its address to mac. */
void net_no_arp(const char *name, uint8_t *mac)
{
	struct ifreq ifr = { };

	if_ioctl(SIOCGIFHWADDR, &ifr, name);
	memcpy(mac, ifr.ifr_hwaddr.sa_data, 6);
	if_ioctl(SIOCGIFFLAGS, &ifr, name);
	ifr.ifr_flags |= IFF_NOARP;
	if_ioctl(SIOCSIFFLAGS, &ifr, name);
}

void net_up(const char *name)
{
	struct ifreq ifr = { };
	struct sockaddr_in *sin = (void *)&ifr.ifr_addr;

	sin->sin_family = AF_INET;
	sin->sin_addr.s_addr = inet_addr(NET_LOCAL);
	if_ioctl(SIOCSIFADDR, &ifr, name);
	sin->sin_addr.s_addr = inet_addr("255.255.255.0");
	if_ioctl(SIOCSIFNETMASK, &ifr, name);
	if_ioctl(SIOCGIFFLAGS, &ifr, name);
	ifr.ifr_flags |= IFF_UP;
	if_ioctl(SIOCSIFFLAGS, &ifr, name);
}

/* No queueing discipline, as a device has that needs no queue. */
void net_no_queue(const char *name)
{
	command("tc qdisc replace dev %s root noqueue", name);
}

/* The queueing discipline for a link that is slower than its senders. */
void net_fq_codel(const char *name)
{
	command("tc qdisc replace dev %s root fq_codel", name);
}

/* NAPI gets a thread. sysfs shows the namespace of the process that mounts it. */
void net_thread(const char *name)
{
	command("unshare -m sh -c 'mount -t sysfs none /sys && "
		"echo 1 >/sys/class/net/%s/threaded'", name);
}

/* NAPI's timer polls an empty ring twice before kicks are enabled. */
void net_defer(const char *name)
{
	command("unshare -m sh -c 'mount -t sysfs none /sys && "
		"echo 2 >/sys/class/net/%s/napi_defer_hard_irqs && "
		"echo 200000 >/sys/class/net/%s/gro_flush_timeout'", name);
}

void net_drop_ingress(const char *name)
{
	command("tc qdisc add dev %s clsact && "
		"tc filter add dev %s ingress matchall action drop", name);
}

/* A file of /proc/net shows the namespace in which it was opened. */
void net_counters(struct instance *in)
{
	in->dev_file = open("/proc/thread-self/net/dev", O_RDONLY | O_CLOEXEC);
	in->snmp_file = open("/proc/thread-self/net/snmp",
			     O_RDONLY | O_CLOEXEC);
	if (in->dev_file < 0 || in->snmp_file < 0)
		die("/proc/net: %s", strerror(errno));
}

static void file_read(int fd, char *buf, size_t size)
{
	ssize_t n = pread(fd, buf, size - 1, 0);

	if (n <= 0)
		die("/proc/net: %s", strerror(errno));
	buf[n] = 0;
}

/* The packets that the device counted in the instance's direction. */
uint64_t net_packets(struct instance *in)
{
	unsigned long long rx, dropped, tx;
	char buf[4096], *p;

	file_read(in->dev_file, buf, sizeof(buf));
	p = strstr(buf, in->c->device);
	if (!p || sscanf(p + strlen(in->c->device),
			 ": %*u %llu %*u %llu %*u %*u %*u %*u %*u %llu",
			 &rx, &dropped, &tx) != 3)
		die("no %s in /proc/net/dev", in->c->device);
	if (in->c->dropped)
		return dropped;
	return in->c->direction == RX && !in->c->far ? tx : rx;
}

/* Packets that came past the drop. */
uint64_t net_ip_received(struct instance *in)
{
	unsigned long long n;
	char buf[8192], *p;

	file_read(in->snmp_file, buf, sizeof(buf));
	p = strstr(buf, "\nIp: ");
	if (!p || sscanf(p, "\nIp: %*u %*u %llu", &n) != 1)
		die("no Ip in /proc/net/snmp");
	return n;
}
