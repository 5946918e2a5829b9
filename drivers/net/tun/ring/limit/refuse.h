/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The module option with which an administrator refuses rings to unprivileged
 * users.
 */
#ifndef _TUN_RING_LIMIT_REFUSE_H
#define _TUN_RING_LIMIT_REFUSE_H

#include <linux/types.h>

bool tun_ring_limit_refuses(void);

#endif /* _TUN_RING_LIMIT_REFUSE_H */
