// SPDX-License-Identifier: GPL-2.0
#include "refuse.h"

#include <linux/capability.h>
#include <linux/compiler.h>
#include <linux/moduleparam.h>

static bool unprivileged_rings = true;
module_param(unprivileged_rings, bool, 0644);
MODULE_PARM_DESC(unprivileged_rings,
		 "May users without CAP_NET_ADMIN set up rings? (default: Y)");

/**
 * tun_ring_limit_refuses - are rings refused to the caller?
 *
 * The capability counts only in the initial user namespace: each user has all
 * capabilities in a user namespace of their own.
 */
bool tun_ring_limit_refuses(void)
{
	return !READ_ONCE(unprivileged_rings) && !capable(CAP_NET_ADMIN);
}
