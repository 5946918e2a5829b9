// SPDX-License-Identifier: GPL-2.0
#include "regions_find.h"

#include <linux/bsearch.h>

static int tun_regions_compare(const void *key, const void *elem)
{
	const struct tun_region *r = elem;
	u64 addr = *(const u64 *)key;

	if (addr < r->start)
		return -1;
	return addr - r->start >= r->len;
}

/* Return: the region that contains @addr, or NULL. */
const struct tun_region *tun_regions_search(const struct tun_regions *regions,
					    u64 addr)
{
	return bsearch(&addr, regions->region, regions->n,
		       sizeof(*regions->region), tun_regions_compare);
}
