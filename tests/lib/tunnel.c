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
static size_t tunnel_packet(void *pkt, struct tunnel_hdr *h, size_t payload, int mss)
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

/* Two TAP devices, tap0 and tap1, in one bridge. */
static int bridge(struct tunnel *t)
{
	struct mode m = { IFF_TAP | IFF_NO_PI, TUNNEL_HDR, 0 };
	int ret = rtnl_add("bridge", "br0", NULL);

	if (ret)
		return ret;
	t->from = mode_create(&m, "tap0");
	t->to = mode_create(&m, "tap1");
	if (t->from < 0 || t->to < 0)
		return t->from < 0 ? t->from : t->to;
	return rtnl_master("tap0", "br0") ?: rtnl_master("tap1", "br0") ?:
	       if_up("tap0") ?: if_up("tap1") ?: if_up("br0");
}

/* In a namespace of its own; the packet has three segments. */
int tunnel_open(struct tunnel *t)
{
	int ret = ns_enter();

	t->pkt = malloc(BIG);
	t->buf = malloc(BIG);
	if (!t->pkt || !t->buf)
		return -ENOMEM;
	t->n = tunnel_packet(t->pkt, &t->h, 3000, 1000);
	return ret ?: bridge(t);
}

void tunnel_close(struct tunnel *t)
{
	close(t->from);
	close(t->to);
	free(t->pkt);
	free(t->buf);
}

/* Writes the packet behind the header, whose fields a test may have changed. */
ssize_t tunnel_write(const struct tunnel *t)
{
	struct iovec iov[2] = {
		{ (void *)&t->h, sizeof(t->h) }, { t->pkt, t->n },
	};
	ssize_t n = writev(t->from, iov, 2);

	return n < 0 ? -errno : n;
}
