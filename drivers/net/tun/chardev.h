/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUN_CHARDEV_H
#define _TUN_CHARDEV_H

#include <linux/fs.h>
#include <linux/miscdevice.h>

extern const struct file_operations tun_fops;
extern struct miscdevice tun_chardev;

#endif /* _TUN_CHARDEV_H */
