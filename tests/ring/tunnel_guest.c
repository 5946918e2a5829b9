// SPDX-License-Identifier: GPL-2.0
/*
 * The cases of tests/abi on the vhost ioctls of the tun's own file: a worker serves the
 * guest, or the kernel in pinned memory.
 */
#include <linux/if_tun_ring.h>

#include "guest.h"

#define VHOST_OPEN(v, tun, pin)						\
	((pin ? guest_flags(tun, TUN_RING_GUEST_PIN) : 0) ?:		\
	 vhost_open_fd(v, dup(tun)))

#include "../abi/tunnel_vhost.c"
