/* SPDX-License-Identifier: GPL-2.0 */
/* UDP segmentation offload: one packet of many datagrams (Linux 6.2). */
#ifndef TUN_TESTS_USO_H
#define TUN_TESTS_USO_H

#include "lib.h"

#ifndef TUN_F_USO4
#define TUN_F_USO4	0x20
#define TUN_F_USO6	0x40
#endif
#ifndef VIRTIO_NET_HDR_GSO_UDP_L4
#define VIRTIO_NET_HDR_GSO_UDP_L4	5
#endif

#define USO_OFFLOADS	(TUN_F_CSUM | TUN_F_USO4 | TUN_F_USO6)

/* ---- uso.c ---- */
int uso_socket(const char *dev, bool v6);
ssize_t uso_send(int sk, const void *buf, size_t len, int segment);
size_t uso_packet(void *pkt, bool tap, const struct flow *f, size_t payload,
		  int segment, struct virtio_net_hdr *vh);

#endif
