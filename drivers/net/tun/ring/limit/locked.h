/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Locked memory of a user whose pages are pinned.
 */
#ifndef _TUN_RING_LIMIT_LOCKED_H
#define _TUN_RING_LIMIT_LOCKED_H

#include <linux/types.h>

struct mm_struct;

size_t tun_ring_locked_bytes(void);
void tun_ring_locked_uncharge(struct mm_struct *mm, unsigned long pages,
			      void *mem);

#endif /* _TUN_RING_LIMIT_LOCKED_H */
