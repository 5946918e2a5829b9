// SPDX-License-Identifier: GPL-2.0
#include "regions.h"

#include <linux/export.h>
#include <linux/overflow.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/if_tun_ring.h>

#include "../engine/regions_find.h"
#include "pinned.h"

/**
 * tun_regions_alloc - allocate a table
 * @n: regions for which the table has room
 *
 * Return: the table, with one reference, or NULL.
 */
struct tun_regions *tun_regions_alloc(u32 n)
{
	struct tun_regions *regions;

	regions = kzalloc(struct_size(regions, region, max(n, 1U)),
			  GFP_KERNEL_ACCOUNT);
	if (!regions)
		return NULL;
	kref_init(&regions->ref);
	regions->n = max(n, 1U);
	return regions;
}
EXPORT_SYMBOL_NS_GPL(tun_regions_alloc, VRING_CORE);

static void tun_regions_free(struct kref *ref)
{
	struct tun_regions *regions = container_of(ref, struct tun_regions, ref);
	u32 i;

	for (i = 0; regions->pins && i < regions->n; i++)
		tun_pin_release(&regions->pins[i]);
	kvfree(regions->pins);
	if (regions->mm)
		mmdrop(regions->mm);
	kfree(regions);
}

/* Return: @regions, with one more reference. */
struct tun_regions *tun_regions_get(struct tun_regions *regions)
{
	kref_get(&regions->ref);
	return regions;
}
EXPORT_SYMBOL_NS_GPL(tun_regions_get, VRING_CORE);

/* Drop a reference that no packet path relies on any more. May sleep. */
void tun_regions_put(struct tun_regions *regions)
{
	if (regions)
		kref_put(&regions->ref, tun_regions_free);
}
EXPORT_SYMBOL_NS_GPL(tun_regions_put, VRING_CORE);

static int tun_regions_by_start(const void *a, const void *b)
{
	const struct tun_region *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

static int tun_regions_check(const struct tun_ring_region *r)
{
	u64 end;

	if (!r->len || r->reserved ||
	    check_add_overflow(r->addr, r->len - 1, &end) ||
	    check_add_overflow(r->user, r->len, &end))
		return -EINVAL;
	if (end > ULONG_MAX ||
	    !access_ok((void __user *)(unsigned long)r->user, r->len))
		return -EFAULT;
	return 0;
}

static int tun_regions_fill(struct tun_regions *regions,
			    const struct tun_ring_region *from)
{
	struct tun_region *r = regions->region;
	u32 i;
	int err;

	for (i = 0; i < regions->n; i++) {
		err = tun_regions_check(&from[i]);
		if (err)
			return err;
		r[i].start = from[i].addr;
		r[i].len = from[i].len;
		r[i].base = (void *)(unsigned long)from[i].user;
	}
	sort(r, regions->n, sizeof(*r), tun_regions_by_start, NULL);
	for (i = 1; i < regions->n; i++)
		if (r[i].start - r[i - 1].start < r[i - 1].len)
			return -EINVAL;
	return 0;
}

static int tun_regions_pin(struct tun_regions *regions)
{
	struct tun_region *r = regions->region;
	u32 i;
	int err = 0;

	regions->pins = kvcalloc(regions->n, sizeof(*regions->pins),
				 GFP_KERNEL_ACCOUNT);
	if (!regions->pins)
		return -ENOMEM;
	for (i = 0; i < regions->n && !err; i++)
		err = tun_pin_user(&regions->pins[i], (unsigned long)r[i].base,
				   r[i].len, &r[i].base);
	return err;
}

/**
 * tun_regions_of_user - make a table of the caller's memory
 * @from: regions in any order, copied from the user
 * @n: elements of @from
 * @pin: pin the regions
 *
 * Context: process, may sleep.
 * Return: the table, with one reference, or an ERR_PTR(), see TUNRINGREGIONS.
 */
struct tun_regions *tun_regions_of_user(const struct tun_ring_region *from,
					u32 n, bool pin)
{
	struct tun_regions *regions = tun_regions_alloc(n);
	int err;

	if (!regions)
		return ERR_PTR(-ENOMEM);
	regions->mm = current->mm;
	mmgrab(regions->mm);
	err = n ? tun_regions_fill(regions, from) : 0;
	if (!err && pin)
		err = tun_regions_pin(regions);
	if (err) {
		tun_regions_put(regions);
		return ERR_PTR(err);
	}
	return regions;
}
EXPORT_SYMBOL_NS_GPL(tun_regions_of_user, VRING_CORE);
