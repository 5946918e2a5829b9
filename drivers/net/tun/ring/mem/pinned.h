/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A user's memory, pinned so that packet paths can reach it.
 */
#ifndef _TUN_RING_MEM_PINNED_H
#define _TUN_RING_MEM_PINNED_H

#include <linux/types.h>

struct mm_struct;
struct page;

/**
 * struct tun_pin - one range of a user's memory
 * @mm: mm to which the locked memory is charged, one reference
 * @charged: pages that were charged
 * @held: pinned pages; a huge page is listed once
 * @npages: elements of @held
 * @map: kernel address of the first page
 */
struct tun_pin {
	struct mm_struct *mm;
	unsigned long charged;
	struct page **held;
	unsigned long npages;
	void *map;
};

int tun_pin_user(struct tun_pin *pin, u64 addr, u64 len, void **base);
void tun_pin_release(struct tun_pin *pin);

#endif /* _TUN_RING_MEM_PINNED_H */
