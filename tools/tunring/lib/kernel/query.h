/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_QUERY_H
#define TR_QUERY_H

struct tr_ops;
struct tun_ring_query;

int tr_ring_query(const struct tr_ops *ops, int fd, struct tun_ring_query *q);

#endif /* TR_QUERY_H */
