/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ring memory that the kernel allocates and the user maps.
 */
#ifndef _TUN_RING_MEM_MAPPED_H
#define _TUN_RING_MEM_MAPPED_H

#include <linux/types.h>

struct page;
struct tun_ring_charge;
struct vm_area_struct;

/**
 * struct tun_area - pages with one kernel address, to be mapped by the user
 * @base: kernel address
 * @len: bytes, whole pages
 * @pages: the pages; the driver holds one reference of each
 */
struct tun_area {
	void *base;
	unsigned long len;
	struct page **pages;
};

/**
 * struct tun_mem_mapped - memory of one queue's mapped rings
 * @driver: descriptor tables, available rings, tx records; user read/write
 * @device: used rings, rx records; user read-only
 * @pool: packet buffers; user read/write
 * @charge: charge for all of these to the user, or NULL; one reference
 */
struct tun_mem_mapped {
	struct tun_area driver;
	struct tun_area device;
	struct tun_area pool;
	struct tun_ring_charge *charge;
};

/* Offsets of the areas for mmap(2), far enough apart for the largest area. */
#define TUN_MAP_DRIVER	0x00000000ULL
#define TUN_MAP_DEVICE	0x40000000ULL
#define TUN_MAP_POOL	0x80000000ULL

int tun_mem_mapped_alloc(struct tun_mem_mapped *mem, unsigned long driver_len,
			 unsigned long device_len, unsigned long pool_len);
void tun_mem_mapped_free(struct tun_mem_mapped *mem);
int tun_mem_mapped_mmap(struct tun_mem_mapped *mem, struct vm_area_struct *vma);

#endif /* _TUN_RING_MEM_MAPPED_H */
