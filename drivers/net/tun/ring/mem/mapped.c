// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that the kernel allocates for rings and the user maps from the fd.
 *
 * The pages are charged to the caller's memory cgroup. The first
 * TUN_RING_FREE_MEMORY bytes of a user do not count against RLIMIT_MEMLOCK, so
 * that a VPN that has dropped its privileges can set up rings. The other bytes
 * count.
 *
 * The driver holds one reference of each page, and each mapping of the page
 * holds another. The driver drops its reference with the ring. The last
 * reference frees the page, so the kernel never reuses a page that a user can
 * still reach. The charge to the user ends with the last mapping and the ring.
 *
 * The allocations fail instead of calling the OOM killer. The OOM killer does
 * not account this memory to a process, and would kill another one.
 */
#include "mapped.h"

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "../limit/limit.h"

#define GFP_AREA	(GFP_KERNEL_ACCOUNT | __GFP_ZERO | __GFP_NOWARN |	\
			 __GFP_RETRY_MAYFAIL)

static void tun_mem_mapped_area_free(struct tun_area *area)
{
	unsigned long i, n = area->len >> PAGE_SHIFT;

	if (!area->pages)
		return;
	if (area->base)
		vunmap(area->base);
	for (i = 0; i < n && area->pages[i]; i++) {
		__free_page(area->pages[i]);
		cond_resched();
	}
	kvfree(area->pages);
	memset(area, 0, sizeof(*area));
}

static int tun_mem_mapped_area_alloc(struct tun_area *area, unsigned long len)
{
	unsigned long i, n;

	if (!len)
		return 0;
	area->len = PAGE_ALIGN(len);
	n = area->len >> PAGE_SHIFT;
	area->pages = kvmalloc_array(n, sizeof(*area->pages), GFP_AREA);
	if (!area->pages)
		return -ENOMEM;

	for (i = 0; i < n; i++) {
		if (fatal_signal_pending(current))
			return -EINTR;
		area->pages[i] = alloc_page(GFP_AREA);
		if (!area->pages[i])
			return -ENOMEM;
		cond_resched();
	}
	area->base = vmap(area->pages, n, VM_MAP, PAGE_KERNEL);
	return area->base ? 0 : -ENOMEM;
}

/**
 * tun_mem_mapped_alloc - allocate zeroed areas
 * @mem: to be filled in
 * @driver_len: bytes of the driver area
 * @device_len: bytes of the device area
 * @pool_len: bytes of the pool
 *
 * Context: process, may sleep.
 * Return: 0; -EINTR; or -ENOMEM, also beyond RLIMIT_MEMLOCK. Nothing is left
 * allocated after an error.
 */
int tun_mem_mapped_alloc(struct tun_mem_mapped *mem, unsigned long driver_len,
			 unsigned long device_len, unsigned long pool_len)
{
	int err;

	memset(mem, 0, sizeof(*mem));
	mem->charge = tun_ring_limit_charge(PFN_UP(driver_len) +
					    PFN_UP(device_len) +
					    PFN_UP(pool_len));
	if (IS_ERR(mem->charge)) {
		err = PTR_ERR(mem->charge);
		mem->charge = NULL;
		return err;
	}
	err = tun_mem_mapped_area_alloc(&mem->driver, driver_len);
	if (!err)
		err = tun_mem_mapped_area_alloc(&mem->device, device_len);
	if (!err)
		err = tun_mem_mapped_area_alloc(&mem->pool, pool_len);
	if (err)
		tun_mem_mapped_free(mem);
	return err;
}

/* The driver does not use the areas any more. Mappings keep their pages. */
void tun_mem_mapped_free(struct tun_mem_mapped *mem)
{
	tun_mem_mapped_area_free(&mem->driver);
	tun_mem_mapped_area_free(&mem->device);
	tun_mem_mapped_area_free(&mem->pool);
	tun_ring_limit_charge_put(mem->charge);
	mem->charge = NULL;
}

static void tun_mem_mapped_vma_open(struct vm_area_struct *vma)
{
	tun_ring_limit_charge_get(vma->vm_private_data);
}

static void tun_mem_mapped_vma_close(struct vm_area_struct *vma)
{
	tun_ring_limit_charge_put(vma->vm_private_data);
}

/* mmap(2) maps all pages at once, so there is no operation for page faults. */
static const struct vm_operations_struct tun_mem_mapped_vm_ops = {
	.open	= tun_mem_mapped_vma_open,
	.close	= tun_mem_mapped_vma_close,
};

static int tun_mem_mapped_area_mmap(struct tun_area *area,
				    struct vm_area_struct *vma, u64 offset)
{
	unsigned long n = vma_pages(vma);

	if (offset >= area->len || n > (area->len - offset) >> PAGE_SHIFT)
		return -EINVAL;
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	return vm_insert_pages(vma, vma->vm_start,
			       area->pages + (offset >> PAGE_SHIFT), &n);
}

/* Map the area that the offset of the mapping selects. */
static int tun_mem_mapped_select(struct tun_mem_mapped *mem,
				 struct vm_area_struct *vma)
{
	u64 offset = (u64)vma->vm_pgoff << PAGE_SHIFT;

	if (offset >= TUN_MAP_POOL)
		return tun_mem_mapped_area_mmap(&mem->pool, vma,
						offset - TUN_MAP_POOL);
	if (offset >= TUN_MAP_DEVICE) {
		if (vma->vm_flags & VM_WRITE)
			return -EACCES;
		vm_flags_clear(vma, VM_MAYWRITE);
		return tun_mem_mapped_area_mmap(&mem->device, vma,
						offset - TUN_MAP_DEVICE);
	}
	return tun_mem_mapped_area_mmap(&mem->driver, vma,
					offset - TUN_MAP_DRIVER);
}

/**
 * tun_mem_mapped_mmap - map an area, or a part of it
 * @mem: the areas
 * @vma: the mapping, whose offset selects the area
 *
 * The function maps all pages: user space takes no page faults later.
 *
 * Return: 0; -EINVAL if the range lies in no area or the mapping is private;
 * -EACCES if the mapping of the device area is writable; -ENOMEM.
 */
int tun_mem_mapped_mmap(struct tun_mem_mapped *mem, struct vm_area_struct *vma)
{
	int err;

	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	err = tun_mem_mapped_select(mem, vma);
	if (err)
		return err;
	/* the kernel calls the operations only for a mapping that succeeded */
	vma->vm_private_data = mem->charge;
	vma->vm_ops = &tun_mem_mapped_vm_ops;
	tun_mem_mapped_vma_open(vma);
	return 0;
}
