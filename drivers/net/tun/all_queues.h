/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All queues of a device.
 */
#ifndef _TUN_ALL_QUEUES_H
#define _TUN_ALL_QUEUES_H

#include <linux/types.h>

struct tun_dev;
struct tun_filter_fault;
struct tun_queue;

void tun_queue_detach_all(struct tun_dev *tun);
void tun_all_queues_purge_queue(struct tun_queue *q);
void tun_all_queues_purge(struct tun_dev *tun);
int tun_queue_resize_all(struct tun_dev *tun, unsigned int len);
void tun_queue_set_sndbuf_all(struct tun_dev *tun);
int tun_queue_attach_filter_all(struct tun_dev *tun,
				struct tun_filter_fault *fault);
void tun_queue_detach_filter_all(struct tun_dev *tun);
void tun_queue_set_xdp_all(struct tun_dev *tun, bool on);

#endif /* _TUN_ALL_QUEUES_H */
