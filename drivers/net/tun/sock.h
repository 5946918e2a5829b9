/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The socket of a queue. vhost_net sends and receives packets through it.
 */
#ifndef _TUN_SOCK_H
#define _TUN_SOCK_H

#include <linux/net.h>
#include <net/sock.h>

extern const struct proto_ops tun_socket_ops;
extern struct proto tun_proto;

void tun_sock_write_space(struct sock *sk);

#endif /* _TUN_SOCK_H */
