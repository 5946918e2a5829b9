// SPDX-License-Identifier: GPL-2.0
#include "uso.h"

#include <netinet/udp.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT	103
#endif

/* New namespaces of tests have no IPv6. */
static int enable_v6(const char *dev)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/disable_ipv6",
		 dev);
	return file_put(path, "0") ?:
	       cmd_run("ip -6 addr add fd09::1/64 dev %s nodad", dev);
}

static int set_addresses(const char *dev, bool v6)
{
	uint8_t mac[ETH_ALEN];
	int type, ret = if_get_mac(dev, mac, &type);

	if (!ret && type == ARPHRD_ETHER)
		ret = if_set_mac(dev, mac_b) ?:
		      cmd_run("ip link set %s arp off", dev);
	if (ret)
		return ret;
	return v6 ? enable_v6(dev) : if_addr4(dev, "10.9.0.1");
}

static int bind_v6(int port)
{
	struct sockaddr_in6 me = { .sin6_family = AF_INET6,
				   .sin6_port = htons(port) };
	struct timeval tv = { .tv_sec = WAIT_MS / 1000 };
	int sk = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET6, "fd09::1", &me.sin6_addr);
	if (sk < 0 || bind(sk, (void *)&me, sizeof(me)) ||
	    setsockopt(sk, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)))
		return -errno;
	return sk;
}

/*
 * Gives the device its address. Returns a socket of port 6000 that is connected
 * to port 5000 of the far end, as packets of pkt_any() have these addresses.
 */
int uso_socket(const char *dev, bool v6)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(5000),
				  .sin_addr.s_addr = inet_addr("10.9.0.2") };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6,
				    .sin6_port = htons(5000) };
	int sk = set_addresses(dev, v6);

	if (sk)
		return sk < 0 ? sk : -EIO;
	sk = v6 ? bind_v6(6000) : udp_open(NULL, 6000);
	inet_pton(AF_INET6, "fd09::2", &to6.sin6_addr);
	if (sk >= 0 && (v6 ? connect(sk, (void *)&to6, sizeof(to6)) :
			     connect(sk, (void *)&to, sizeof(to))))
		return -errno;
	return sk;
}

/* Sends datagrams of @segment bytes and a rest by one call. */
ssize_t uso_send(int sk, const void *buf, size_t len, int segment)
{
	ssize_t n;

	if (setsockopt(sk, SOL_UDP, UDP_SEGMENT, &segment, sizeof(segment)))
		return -errno;
	n = send(sk, buf, len, 0);
	return n < 0 ? -errno : n;
}

/* Makes a packet of datagrams of @segment bytes and a rest. Returns its length. */
size_t uso_packet(void *pkt, bool tap, const struct flow *f, size_t payload,
		  int segment, struct virtio_net_hdr *vh)
{
	size_t n = pkt_any(pkt, tap, f, payload), l2 = tap ? ETH_HLEN : 0;

	pkt_partial((char *)pkt + l2);
	*vh = vh_gso((char *)pkt + l2, l2, segment);
	vh->gso_type = VIRTIO_NET_HDR_GSO_UDP_L4;
	return n;
}
