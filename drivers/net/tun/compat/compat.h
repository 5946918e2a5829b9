/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Differences between kernels, force-included before every file.
 *
 * The driver is written for the newest interface. The headers of this folder
 * supply the parts that an older kernel lacks. The Makefile in this folder
 * probes for them. No file outside this folder includes these headers or names
 * a TUN_HAVE_* macro.
 */
#ifndef _TUN_COMPAT_H
#define _TUN_COMPAT_H

#ifndef TUN_HAVE_ITER_DEST
#error tun needs Linux 6.1 or newer: linux/uio.h of this kernel has no ITER_DEST
#endif
#ifndef TUN_HAVE_SOCK_UID
#error tun needs Linux 6.1.16 or newer: net/sock.h of this kernel has no sock_init_data_uid()
#endif
#if IS_ENABLED(CONFIG_TUN_RING) && !IS_ENABLED(CONFIG_DQL)
#error the rings of tun need a kernel with CONFIG_DQL, which CONFIG_BQL selects
#endif

/* The CRCs of exported symbols depend on the types that export.c has seen, so
 * export.c gets no header that the kernel's own tun.c does not include.
 */
#ifndef TUN_COMPAT_EXPORT
#include "file.h"
#include "netdev.h"
#include "skb.h"
#include "stock.h"
#include "vnet.h"
#endif

/* vhost_net of old kernels does not call this. */
#if defined(TUN_COMPAT_EXPORT) && !defined(TUN_HAVE_WAKE_QUEUE)
struct file;

void tun_wake_queue(struct file *file, int consumed);
#endif

/* The name of a symbol namespace is a string in new kernels, a word in old ones.
 */
#ifdef TUN_HAVE_NS_STRINGS
#define NETDEV_INTERNAL	"NETDEV_INTERNAL"
#define VRING_CORE	"VRING_CORE"
#endif

#ifdef TUN_HAVE_NET_RPS_H
#include <net/rps.h>
#endif

#endif /* _TUN_COMPAT_H */
