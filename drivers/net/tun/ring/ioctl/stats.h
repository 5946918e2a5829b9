/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TUNRINGQUERY, TUNRINGSTATS, fdinfo.
 */
#ifndef _TUN_RING_IOCTL_STATS_H
#define _TUN_RING_IOCTL_STATS_H

#include <linux/compiler.h>

struct seq_file;
struct tun_queue;

long tun_ring_ioctl_stats(struct tun_queue *q, void __user *argp);
long tun_ring_ioctl_query(struct tun_queue *q, void __user *argp);
void tun_ring_show_fdinfo(struct seq_file *m, struct tun_queue *q);

#endif /* _TUN_RING_IOCTL_STATS_H */
