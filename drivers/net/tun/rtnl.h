/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Attributes of the device in rtnetlink and sysfs.
 */
#ifndef _TUN_RTNL_H
#define _TUN_RTNL_H

struct attribute_group;
struct rtnl_link_ops;
struct tun_dev;

extern struct rtnl_link_ops tun_link_ops;
extern const struct attribute_group tun_sysfs_group;

unsigned int tun_user_flags(const struct tun_dev *tun);

#endif /* _TUN_RTNL_H */
