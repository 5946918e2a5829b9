/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vringfds on a tun queue, one for each direction. tun.ko looks for vringfd.ko
 * when user space passes a vringfd.
 */
#ifndef _VRINGFD_TUN_VRINGS_H
#define _VRINGFD_TUN_VRINGS_H

#include "../../tun.h"

#if IS_ENABLED(CONFIG_TUN_RING)

long tun_vrings_set(struct tun_queue *q, enum tun_vrings_direction dir, int fd);
int tun_vrings_release_dead(struct tun_queue *q);
void tun_vrings_close(struct tun_queue *q);
#else

static inline int tun_vrings_release_dead(struct tun_queue *q)
{
	return 0;
}

static inline void tun_vrings_close(struct tun_queue *q)
{
}

#endif

#endif /* _VRINGFD_TUN_VRINGS_H */
