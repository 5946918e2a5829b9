/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The vhost ioctls that negotiate features.
 */
#ifndef _TUN_RING_VHOST_FEATURES_H
#define _TUN_RING_VHOST_FEATURES_H

#include <linux/compiler_types.h>

struct tun_vhost;

long tun_vhost_get_features(struct tun_vhost *vh, void __user *argp);
long tun_vhost_set_features(struct tun_vhost *vh, void __user *argp);
long tun_vhost_get_features_array(struct tun_vhost *vh, void __user *argp);
long tun_vhost_set_features_array(struct tun_vhost *vh, void __user *argp);
long tun_vhost_get_backend_features(struct tun_vhost *vh, void __user *argp);
long tun_vhost_set_backend_features(struct tun_vhost *vh, void __user *argp);

#endif /* _TUN_RING_VHOST_FEATURES_H */
