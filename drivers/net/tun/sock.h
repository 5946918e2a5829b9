/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A queue as a socket: what vhost_net calls.
 */
#ifndef _TUN_SOCK_H
#define _TUN_SOCK_H

#include <linux/net.h>
#include <net/sock.h>

extern const struct proto_ops tun_socket_ops;
extern struct proto tun_proto;

void tun_sock_write_space(struct sock *sk);

#endif /* _TUN_SOCK_H */
