/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Life of a queue: attached, disabled, detached, closed.
 */
#ifndef _TUN_QUEUE_H
#define _TUN_QUEUE_H

#include "tun.h"

struct file;
struct net;

struct tun_queue *tun_queue_open(struct net *net, struct file *file);
void tun_queue_close(struct tun_queue *q);

int tun_queue_attach(struct tun_dev *tun, struct tun_queue *q, bool filter,
		     unsigned int napi_flags, bool publish);
void tun_queue_disable(struct tun_queue *q);
void tun_queue_detach(struct tun_dev *tun, struct tun_queue *q);
void tun_queue_detach_all(struct tun_dev *tun);

int tun_queue_resize_all(struct tun_dev *tun, unsigned int len);
void tun_queue_set_sndbuf_all(struct tun_dev *tun);
int tun_queue_attach_filter_all(struct tun_dev *tun);
void tun_queue_detach_filter_all(struct tun_dev *tun);
void tun_queue_set_xdp_all(struct tun_dev *tun, bool on);

#endif /* _TUN_QUEUE_H */
