/* SPDX-License-Identifier: GPL-2.0 */
/*
 * User space to skb. All packets that user space writes take this path, which
 * reads the headers in front of them.
 */
#ifndef _TUN_INPUT_H
#define _TUN_INPUT_H

#include "tun.h"

struct iov_iter;
struct ubuf_info;

ssize_t tun_input_vring(struct tun_dev *tun, struct tun_queue *q,
			struct ubuf_info *uarg, struct iov_iter *from);
ssize_t tun_get_user(struct tun_dev *tun, struct tun_queue *q,
		     struct ubuf_info *uarg, struct iov_iter *from,
		     bool noblock, bool more);

#endif /* _TUN_INPUT_H */
