/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Creates and ends the queue of an open file.
 */
#ifndef _TUN_OPEN_H
#define _TUN_OPEN_H

struct file;
struct net;
struct tun_queue;

struct tun_queue *tun_queue_open(struct net *net, struct file *file);
void tun_queue_close(struct tun_queue *q);

#endif /* _TUN_OPEN_H */
