/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Queue to user space, by read() and recvmsg().
 */
#ifndef _TUN_READ_H
#define _TUN_READ_H

#include <linux/types.h>

#include "tun.h"

struct iov_iter;

ssize_t tun_read_vring(const struct tun_dev *tun, struct iov_iter *to,
		       void *ptr);
ssize_t tun_do_read(struct tun_dev *tun, struct tun_queue *q,
		    struct iov_iter *to, bool noblock, void *ptr);

#endif /* _TUN_READ_H */
