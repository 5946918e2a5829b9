// SPDX-License-Identifier: GPL-2.0
#include "dev.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "qdisc.h"

/* Ours was built out of tree, which the kernel notes. */
static bool is_our_module(void)
{
	const char *module = getenv("MODULE");
	char taint[16] = "";
	int fd;

	if (module)
		return !strcmp(module, "ours");
	fd = open("/sys/module/tun/taint", O_RDONLY);
	if (fd >= 0) {
		if (read(fd, taint, sizeof(taint) - 1) < 0)
			taint[0] = '\0';
		close(fd);
	}
	return strchr(taint, 'O');
}

enum tunring_mode expected_mode(uint32_t opt_flags)
{
	if (opt_flags & TUNRING_O_NO_RING || !is_our_module())
		return TUNRING_MODE_PLAIN;
	return TUNRING_MODE_RING;
}

int netns_new(void)
{
	int fd, ret;

	if (unshare(CLONE_NEWNET))
		return -errno;
	fd = open("/proc/sys/net/ipv6/conf/default/disable_ipv6", O_WRONLY);
	if (fd < 0)
		return 0;	/* a kernel without IPv6 */
	ret = write(fd, "1", 1) == 1 ? 0 : -errno;
	close(fd);
	return ret;
}

static int dev_ioctl(unsigned long cmd, struct ifreq *ifr)
{
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	int ret;

	if (s < 0)
		return -errno;
	ret = ioctl(s, cmd, ifr) < 0 ? -errno : 0;
	close(s);
	return ret;
}

static void set_name(struct ifreq *ifr, const char *name)
{
	memset(ifr, 0, sizeof(*ifr));
	snprintf(ifr->ifr_name, IFNAMSIZ, "%s", name);
}

int dev_flags(const char *name, short set, short clear)
{
	struct ifreq ifr;
	int ret;

	set_name(&ifr, name);
	ret = dev_ioctl(SIOCGIFFLAGS, &ifr);
	if (ret)
		return ret;
	ifr.ifr_flags = (short)((ifr.ifr_flags | set) & ~clear);
	return dev_ioctl(SIOCSIFFLAGS, &ifr);
}

int dev_delete(const char *name)
{
	char cmd[64];

	snprintf(cmd, sizeof(cmd), "ip link del %s", name);
	return system(cmd);
}

int dev_mtu(const char *name, int mtu)
{
	struct ifreq ifr;

	set_name(&ifr, name);
	ifr.ifr_mtu = mtu;
	return dev_ioctl(SIOCSIFMTU, &ifr);
}

static int dev_address(const char *name)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct ifreq ifr;
	int ret;

	set_name(&ifr, name);
	in.sin_addr.s_addr = htonl(0x0a4d0001);
	memcpy(&ifr.ifr_addr, &in, sizeof(in));
	ret = dev_ioctl(SIOCSIFADDR, &ifr);
	if (ret)
		return ret;
	in.sin_addr.s_addr = htonl(0xffffff00);
	memcpy(&ifr.ifr_netmask, &in, sizeof(in));
	return dev_ioctl(SIOCSIFNETMASK, &ifr);
}

static int open_socket(struct dev *d)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_port = htons(PORT) };
	struct timeval patience = { .tv_sec = PATIENCE };

	d->sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (d->sock < 0)
		return -errno;
	in.sin_addr.s_addr = htonl(0x0a4d0001);
	if (bind(d->sock, (struct sockaddr *)&in, sizeof(in)))
		return -errno;
	in.sin_addr.s_addr = htonl(0x0a4d0002);
	if (connect(d->sock, (struct sockaddr *)&in, sizeof(in)))
		return -errno;
	setsockopt(d->sock, SOL_SOCKET, SO_RCVTIMEO, &patience,
		   sizeof(patience));
	return 0;
}

/* On a tap, without ARP frames go to the device's own address, both ways. */
int dev_ready(struct dev *d)
{
	struct tunring_info info;
	struct ifreq ifr;
	int ret;

	tunring_get_info(d->h, &info);
	memcpy(d->name, info.name, sizeof(d->name));
	d->tap = info.iff & IFF_TAP;
	set_name(&ifr, d->name);
	ret = dev_ioctl(SIOCGIFHWADDR, &ifr);
	memcpy(d->mac, ifr.ifr_hwaddr.sa_data, 6);
	if (!ret)
		ret = dev_address(d->name);
	if (!ret)
		ret = dev_flags(d->name, IFF_UP | IFF_NOARP, 0);
	/* packets that wait for a slow receiver are not dropped */
	if (!ret)
		ret = qdisc_plain(d->name, 1000);
	return ret ? ret : open_socket(d);
}

int dev_open(struct dev *d, bool tap, const struct tunring_options *opt)
{
	int ret;

	memset(d, 0, sizeof(*d));
	d->sock = -1;
	ret = tunring_open(&d->h, "tt%d", tap ? IFF_TAP : IFF_TUN, opt);
	return ret ? ret : dev_ready(d);
}

void dev_close(struct dev *d)
{
	if (d->sock >= 0)
		close(d->sock);
	tunring_close(d->h);
	d->h = NULL;
	d->sock = -1;
}

int dev_send(struct dev *d, const void *data, size_t len)
{
	ssize_t ret = send(d->sock, data, len, 0);

	return ret < 0 ? -errno : (int)ret;
}

int dev_recv(struct dev *d, void *data, size_t len)
{
	return (int)recv(d->sock, data, len, 0);
}

int dev_sent(struct dev *d)
{
	struct tunring_info info;
	int ms;

	tunring_get_info(d->h, &info);
	for (ms = 0; ms < PATIENCE * 1000; ms++) {
		if (tunring_tx_space(d->h) >= info.tx_entries)
			return 0;
		usleep(1000);
	}
	return -ETIME;
}

int dev_take(struct dev *d, struct tunring_packet *pkts, unsigned int n)
{
	unsigned int got = 0;
	int ret;

	while (got < n) {
		ret = tunring_rx_burst(d->h, pkts + got, n - got);
		if (ret < 0)
			return ret;
		got += (unsigned int)ret;
		if (ret || got == n)
			continue;
		ret = tunring_wait(d->h, PATIENCE_NS, NULL, 0);
		if (ret < 0)
			return ret;
		if (!ret)	/* there all the same: a wake-up was lost */
			return tunring_rx_burst(d->h, pkts + got, 1) ? -ETIME :
								       (int)got;
	}
	return (int)got;
}

static uint16_t ip_sum(const uint8_t *p, size_t n)
{
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i < n; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void put16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

size_t make_udp(const struct dev *d, uint8_t *buf, const void *data, size_t len)
{
	static const uint8_t addrs[8] = { 10, 77, 0, 2, 10, 77, 0, 1 };
	size_t eth = d->tap ? ETH : 0;
	uint8_t *ip = buf + eth, *udp = ip + 20;

	if (d->tap) {
		memcpy(buf, d->mac, 6);
		memset(buf + 6, 2, 6);
		put16(buf + 12, 0x0800);
	}
	memset(ip, 0, HDRS);
	ip[0] = 0x45;
	put16(ip + 2, HDRS + len);
	ip[8] = 64;
	ip[9] = 17;
	memcpy(ip + 12, addrs, 8);
	put16(ip + 10, ip_sum(ip, 20));
	put16(udp, PORT);
	put16(udp + 2, PORT);
	put16(udp + 4, 8 + len);	/* no checksum */
	if (data)
		memcpy(udp + 8, data, len);
	return eth + HDRS + len;
}

/* Addresses change places, which changes no checksum. The ports are the same. */
void turn_udp(const struct dev *d, uint8_t *pkt)
{
	uint8_t *ip = pkt + (d->tap ? ETH : 0), t[4];

	memcpy(t, ip + 12, 4);
	memcpy(ip + 12, ip + 16, 4);
	memcpy(ip + 16, t, 4);
}

int put_udp(struct dev *d, const void *data, size_t len)
{
	struct tunring_packet p;
	size_t eth = d->tap ? ETH : 0;
	uint8_t head[ETH + HDRS];
	int ret;

	ret = tunring_tx_reserve_len(d->h, &p, (uint32_t)(eth + HDRS + len));
	if (ret != 1)
		return ret;
	make_udp(d, head, NULL, len);
	tunring_packet_write(d->h, &p, 0, head, eth + HDRS);
	tunring_packet_write(d->h, &p, eth + HDRS, data, len);
	return tunring_tx_submit(d->h, &p, 1);
}

int udp_payload(const struct dev *d, const struct tunring_packet *pkt,
		void *data, size_t len)
{
	size_t at = (d->tap ? ETH : 0) + HDRS;
	uint8_t head[ETH + HDRS];

	if (tunring_packet_read(d->h, pkt, 0, head, at) != at ||
	    head[at - HDRS] != 0x45 || head[at - HDRS + 9] != 17)
		return -1;
	return (int)tunring_packet_read(d->h, pkt, at, data, len);
}
