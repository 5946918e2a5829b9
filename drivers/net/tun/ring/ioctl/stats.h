/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TUNRINGQUERY, TUNRINGSTATS, fdinfo, counters of ethtool.
 */
#ifndef _TUN_RING_IOCTL_STATS_H
#define _TUN_RING_IOCTL_STATS_H

#include <linux/compiler.h>
#include <linux/types.h>

struct seq_file;
struct tun_dev;
struct tun_queue;

long tun_ring_ioctl_stats(struct tun_queue *q, void __user *argp);
long tun_ring_ioctl_query(struct tun_queue *q, void __user *argp);
void tun_ring_show_fdinfo(struct seq_file *m, struct tun_queue *q);
int tun_ring_stats_ethtool_count(struct tun_dev *tun);
void tun_ring_stats_ethtool_names(struct tun_dev *tun, u8 *to);
void tun_ring_stats_ethtool_values(struct tun_dev *tun, u64 *to);

#endif /* _TUN_RING_IOCTL_STATS_H */
