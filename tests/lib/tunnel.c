// SPDX-License-Identifier: GPL-2.0
#include "tunnel.h"

#include <endian.h>
#include <netinet/udp.h>

/* Does this kernel's own tun.ko know the offload? */
bool tunnel_known(void)
{
	return kernel_since(6, 17, 0);
}

/*
 * One packet of TCP with @payload bytes, to be cut after each @mss, within VXLAN.
 * Without an outer checksum. Returns the packet's length.
 */
size_t tunnel_packet(void *pkt, struct tunnel_hdr *h, size_t payload, int mss)
{
	struct flow tcp = { .sport = 5, .dport = 6, .proto = IPPROTO_TCP };
	struct flow udp = { .sport = 7, .dport = 4789 };
	uint8_t *p = pkt, *inner = p + TUNNEL_INNER_NH - 14;
	size_t n = pkt_frame(pkt, &udp, 8 + 14 + 40 + payload);
	struct udphdr *uh = (void *)(p + TUNNEL_OUTER_TH);
	const uint8_t vxlan[8] = { 8, 0, 0, 0, 0, 0, 42, 0 };

	uh->uh_sum = 0;
	memcpy(uh + 1, vxlan, sizeof(vxlan));
	pkt_frame(inner, &tcp, payload);
	pkt_partial(inner + 14);

	memset(h, 0, sizeof(*h));
	h->basic = vh_gso(inner + 14, TUNNEL_INNER_NH, mss);
	h->basic.gso_type |= TUNNEL_IPV4;
	h->outer_th = htole16(TUNNEL_OUTER_TH);
	h->inner_nh = htole16(TUNNEL_INNER_NH);
	return n;
}

/*
 * Two TAP devices, tap0 and tap1, in one bridge. @from: the file that packets are
 * written to, with headers for a tunnel; @to: the file that they arrive at, with
 * headers of @hdr bytes
 */
int tunnel_bridge(int *from, int *to, int hdr)
{
	struct mode m = { IFF_TAP | IFF_NO_PI, TUNNEL_HDR, 0 };
	int ret = rtnl_add("bridge", "br0", NULL);

	if (ret)
		return ret;
	*from = mode_create(&m, "tap0");
	m.hdr = hdr;
	*to = mode_create(&m, "tap1");
	if (*from < 0 || *to < 0)
		return *from < 0 ? *from : *to;
	return rtnl_master("tap0", "br0") ?: rtnl_master("tap1", "br0") ?:
	       if_up("tap0") ?: if_up("tap1") ?: if_up("br0");
}

ssize_t tunnel_write(int fd, const struct tunnel_hdr *h, const void *pkt, size_t len)
{
	struct iovec iov[2] = {
		{ (void *)h, sizeof(*h) }, { (void *)pkt, len },
	};
	ssize_t n = writev(fd, iov, 2);

	return n < 0 ? -errno : n;
}
