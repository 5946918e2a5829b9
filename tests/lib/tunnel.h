/* SPDX-License-Identifier: GPL-2.0 */
/*
 * GSO packets of TCP within a UDP tunnel (VXLAN), and the virtio_net_hdr for them,
 * which Linux has since 6.17. A bridge takes such packets from one TAP device to
 * another.
 */
#ifndef TUN_TESTS_TUNNEL_H
#define TUN_TESTS_TUNNEL_H

#include "lib.h"

#define TUNNEL_GSO	0x080	/* TUN_F_UDP_TUNNEL_GSO */
#define TUNNEL_GSO_CSUM	0x100	/* TUN_F_UDP_TUNNEL_GSO_CSUM */
#define TUNNEL_IPV4	0x20	/* VIRTIO_NET_HDR_GSO_UDP_TUNNEL_IPV4 */
#define TUNNEL_IPV6	0x40	/* VIRTIO_NET_HDR_GSO_UDP_TUNNEL_IPV6 */
#define TUNNEL_CSUM	8	/* VIRTIO_NET_HDR_F_UDP_TUNNEL_CSUM */
#define TUNNEL_HDR	24

/* struct virtio_net_hdr_v1_hash_tunnel; the offsets are little-endian */
struct tunnel_hdr {
	struct virtio_net_hdr basic;
	uint16_t num_buffers;
	uint32_t hash;
	uint16_t hash_report, padding;
	uint16_t outer_th, inner_nh;
} __attribute__((packed));

/* Offsets in the packet */
#define TUNNEL_OUTER_TH	(14 + 20)
#define TUNNEL_INNER_NH	(TUNNEL_OUTER_TH + 8 + 8 + 14)
#define TUNNEL_INNER_TH	(TUNNEL_INNER_NH + 20)
#define TUNNEL_HEADERS	(TUNNEL_INNER_TH + 20)

/* A bridge, a packet that may be written to its first device, and a buffer. */
struct tunnel {
	int from, to;
	char *pkt, *buf;	/* each has BIG bytes */
	struct tunnel_hdr h;
	size_t n;		/* bytes of the packet */
};

struct vhost_vq;

bool tunnel_known(void);
int tunnel_open(struct tunnel *t);
void tunnel_close(struct tunnel *t);
ssize_t tunnel_write(const struct tunnel *t);
size_t tunnel_joined(struct tunnel *t, void *to);
int tunnel_same_header(const struct tunnel *t, const void *hdr);
int tunnel_read_whole(const struct tunnel *t);
int tunnel_vhost_receive(struct vhost_vq *q, const struct tunnel *t, uint32_t *len);

#endif
