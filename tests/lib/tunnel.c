// SPDX-License-Identifier: GPL-2.0
#include "tunnel.h"
#include "vhost.h"

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

/* @hdr: the header of the packet that has arrived. Returns 0 if it is as it was sent. */
int tunnel_same_header(const struct tunnel *t, const void *hdr)
{
	struct tunnel_hdr seen;

	memcpy(&seen, hdr, sizeof(seen));
	if (seen.basic.gso_type != t->h.basic.gso_type ||
	    seen.basic.flags != VIRTIO_NET_HDR_F_NEEDS_CSUM ||
	    seen.basic.gso_size != 1000 || seen.basic.csum_offset != 16 ||
	    seen.basic.csum_start != TUNNEL_INNER_TH)
		return -EPROTO;
	if (seen.outer_th != t->h.outer_th || seen.inner_nh != t->h.inner_nh)
		return -ERANGE;
	return seen.hash || seen.hash_report || seen.padding ? -EBADMSG : 0;
}

/* The next packet that read() has of the tunnel is the one that was sent, and whole. */
int tunnel_read_whole(const struct tunnel *t)
{
	ssize_t n;

	do
		n = fd_read_wait(t->to, t->buf, BIG);
	while (n > 0 && memcmp(t->buf + TUNNEL_HDR, t->pkt, 14));
	if (n != TUNNEL_HDR + t->n)
		return n < 0 ? n : -EMSGSIZE;
	if (memcmp(t->buf + TUNNEL_HDR, t->pkt, t->n))
		return -EILSEQ;
	return tunnel_same_header(t, t->buf);
}

/* Puts header and packet into one buffer. Returns their length. */
size_t tunnel_joined(struct tunnel *t, void *to)
{
	memcpy(to, &t->h, TUNNEL_HDR);
	memcpy(to + TUNNEL_HDR, t->pkt, t->n);
	return TUNNEL_HDR + t->n;
}

/* Waits for the packet of the tunnel, behind those of the stack's own. */
int tunnel_vhost_receive(struct vhost_vq *q, const struct tunnel *t, uint32_t *len)
{
	int i, head;

	for (i = 0; i < VQ_SIZE; i++)
		vhost_post(q, i, i * 8192, 8192, true);
	vhost_kick(q);
	if (tunnel_write(t) != TUNNEL_HDR + t->n)
		return -EIO;
	do
		head = vhost_wait(q, len);
	while (head >= 0 && memcmp(q->buf + head * 8192 + TUNNEL_HDR, t->pkt, 14));
	return head;
}
