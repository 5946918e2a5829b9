/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Builds an skb from the bytes of a packet.
 */
#ifndef _TUN_BUILD_H
#define _TUN_BUILD_H

#include "tun.h"

struct iov_iter;
struct virtio_net_hdr;

struct sk_buff *tun_build_copy(struct tun_queue *q, struct iov_iter *from,
			       size_t headroom, size_t len, size_t linear,
			       bool noblock);
struct sk_buff *tun_build_zerocopy(struct tun_queue *q, struct iov_iter *from,
				   size_t headroom, size_t copy, bool noblock);
bool tun_build_fits_page(const struct tun_queue *q, size_t len);
struct sk_buff *tun_build_skb(struct tun_dev *tun, struct tun_queue *q,
			      struct iov_iter *from,
			      const struct virtio_net_hdr *hdr, size_t len,
			      bool *xdp_done);

#endif /* _TUN_BUILD_H */
