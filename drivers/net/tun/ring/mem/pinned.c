// SPDX-License-Identifier: GPL-2.0
/*
 * Pages stay pinned for as long as rings use them, even after the user unmapped
 * them. The pages of a range get one kernel address. Pinned pages count as the
 * user's locked memory (RLIMIT_MEMLOCK).
 *
 * Only anonymous memory, shared memory and huge pages can be pinned. A file
 * system write-protects a page when it writes the page to disk. The kernel's
 * own mapping of the page stays writable, so the file system would miss later
 * stores.
 */
#include "pinned.h"

#include <linux/export.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "../limit/locked.h"

/* Pages that one call pins or unpins before it lets other tasks run. */
#define PIN_BATCH	512

/*
 * The function checks the page and not the VMA: the caller's other threads may
 * change the VMAs meanwhile, but cannot change the kind of a pinned page. A
 * page of a file that was copied on write is anonymous. Shared memory is backed
 * by swap, as no other page cache is.
 */
static bool tun_pin_is_memory(struct page *page)
{
	struct folio *folio = page_folio(page);

	return folio_test_anon(folio) || folio_test_hugetlb(folio) ||
	       folio_test_swapbacked(folio);
}

static bool tun_pin_all_memory(struct page **pages, unsigned long n)
{
	unsigned long i;

	for (i = 0; i < n; i++)
		if (!tun_pin_is_memory(pages[i]))
			return false;
	return true;
}

/*
 * Newer kernels refuse to pin a page of a file for a long time, and return the
 * error of missing memory. A short pin tells the two apart.
 */
static int tun_pin_why_refused(unsigned long addr)
{
	struct page *page;
	bool memory;

	if (pin_user_pages_fast(addr, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	memory = tun_pin_is_memory(page);
	unpin_user_page(page);
	return memory ? -EFAULT : -EOPNOTSUPP;
}

/* After an error @done pages are pinned, and the kernel has not written them. */
static int tun_pin_pages(unsigned long start, unsigned long n,
			 struct page **pages, unsigned long *done)
{
	unsigned long addr;
	long got;

	for (*done = 0; *done < n; *done += got) {
		if (fatal_signal_pending(current))
			return -EINTR;
		addr = start + (*done << PAGE_SHIFT);
		got = pin_user_pages_fast(addr,
					  min(n - *done, (unsigned long)PIN_BATCH),
					  FOLL_WRITE | FOLL_LONGTERM,
					  pages + *done);
		if (!got || got == -EFAULT)
			return tun_pin_why_refused(addr);
		if (got < 0)
			return got;
		if (!tun_pin_all_memory(pages + *done, got)) {
			*done += got;
			return -EOPNOTSUPP;
		}
		cond_resched();
	}
	return 0;
}

/*
 * A huge page needs one pin: drop the other pins. The pages that stay pinned
 * move to the front. Return: the number of pages that stay pinned.
 */
static unsigned long tun_pin_keep_one_each(struct page **pages, unsigned long n)
{
	unsigned long i, kept = 0;

	for (i = 0; i < n; i++) {
		if (!(i % PIN_BATCH))
			cond_resched();
		if (kept && PageCompound(pages[i]) &&
		    compound_head(pages[i]) == compound_head(pages[kept - 1]))
			unpin_user_page(pages[i]);
		else
			pages[kept++] = pages[i];
	}
	return kept;
}

static int tun_pin_map(struct tun_pin *pin, unsigned long start,
		       unsigned long n)
{
	unsigned long done;
	int err;

	/*
	 * vmap() refuses such a range: refuse it before the allocation of the
	 * array
	 */
	if (n > totalram_pages())
		return -ENOMEM;
	/* tun_pin_release() uses the array once more, to uncharge the pages */
	pin->held = kvmalloc(max(array_size(n, sizeof(*pin->held)),
				 tun_ring_locked_bytes()),
			     GFP_KERNEL_ACCOUNT | __GFP_NOWARN |
			     __GFP_RETRY_MAYFAIL);
	if (!pin->held)
		return -ENOMEM;
	err = tun_pin_pages(start, n, pin->held, &done);
	if (err) {
		/* do not mark the pages dirty: they may belong to a file */
		unpin_user_pages(pin->held, done);
		return err;
	}
	pin->npages = n;
	pin->map = vmap(pin->held, n, VM_MAP, PAGE_KERNEL);
	if (!pin->map)
		return -ENOMEM;
	pin->npages = tun_pin_keep_one_each(pin->held, n);
	return 0;
}

/**
 * tun_pin_user - pin a range of the caller's memory, for reading and writing
 * @pin: to be filled in
 * @addr: first address, in the caller's memory
 * @len: bytes, at least 1
 * @base: kernel address of @addr
 *
 * Context: process, may sleep; mmap_lock is not held.
 * Return: 0; -EFAULT if the caller has no writable memory there; -EOPNOTSUPP if
 * the memory maps a file of a file system; -ENOMEM, also beyond RLIMIT_MEMLOCK;
 * -EINTR. Nothing stays pinned after an error.
 */
int tun_pin_user(struct tun_pin *pin, u64 addr, u64 len, void **base)
{
	unsigned long start = addr & PAGE_MASK, n;
	u64 end;
	int err;

	memset(pin, 0, sizeof(*pin));
	if (!len || check_add_overflow(addr, len - 1, &end) ||
	    end > ULONG_MAX || !access_ok((void __user *)(unsigned long)addr, len))
		return -EFAULT;
	n = (end >> PAGE_SHIFT) - (addr >> PAGE_SHIFT) + 1;
	err = account_locked_vm(current->mm, n, true);
	if (err)
		return err;
	pin->mm = current->mm;
	mmgrab(pin->mm);
	pin->charged = n;

	err = tun_pin_map(pin, start, n);
	if (err) {
		tun_pin_release(pin);
		return err;
	}
	*base = pin->map + (addr & ~PAGE_MASK);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(tun_pin_user, VRING_CORE);

static void tun_pin_unpin(struct page **pages, unsigned long n)
{
	unsigned long i;

	for (i = 0; i < n; i += PIN_BATCH) {
		unpin_user_pages_dirty_lock(pages + i,
					    min(n - i, (unsigned long)PIN_BATCH),
					    true);
		cond_resched();
	}
}

/* No packet path uses @pin any more. Context: process, may sleep. */
void tun_pin_release(struct tun_pin *pin)
{
	if (!pin->mm)
		return;
	if (pin->map)
		vunmap(pin->map);
	tun_pin_unpin(pin->held, pin->npages);
	tun_ring_locked_uncharge(pin->mm, pin->charged, pin->held);
	memset(pin, 0, sizeof(*pin));
}
EXPORT_SYMBOL_NS_GPL(tun_pin_release, VRING_CORE);
