/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Creating devices and attaching queues: TUNSETIFF, TUNSETQUEUE, and the checks
 * of permission for them.
 */
#ifndef _TUN_CREATE_H
#define _TUN_CREATE_H

#include <linux/types.h>

struct ifreq;
struct net;
struct tun_dev;
struct tun_filter_fault;
struct tun_queue;

int tun_create_set_iff(struct net *net, struct tun_queue *q, struct ifreq *ifr,
		       struct tun_filter_fault *filter);
int tun_create_set_queue(struct tun_queue *q, const struct ifreq *ifr,
			 struct tun_filter_fault *filter);
bool tun_create_set_persist(struct tun_dev *tun, bool persist);
int tun_create_set_owner(struct tun_dev *tun, unsigned long uid);
int tun_create_set_group(struct tun_dev *tun, unsigned long gid);

#endif /* _TUN_CREATE_H */
