// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* The description of rings that one process leaves to another, perhaps a newer one. */
#include "layout.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "tunring/share.h"

#define LAYOUT_MAGIC	0x74756e72696e6732ULL	/* "tunring2" */
#define LAYOUT_VERSION	2
/* The oldest version whose library understands what this one writes. */
#define LAYOUT_OLDEST	1
/* The same, if transmit buffers have a size of their own, or packets lie in a pool. */
#define LAYOUT_BUFFERS	2

_Static_assert(sizeof(struct tr_layout) <= sizeof(struct tunring_layout),
	       "the public structure has room");

/* FNV-1a over size bytes of a layout, from size on. Finds accidents, no attack. */
static uint64_t tr_layout_sum(const struct tunring_layout *layout, uint32_t size)
{
	const uint8_t *p = (const uint8_t *)layout;
	uint64_t sum = 0xcbf29ce484222325ULL;
	size_t i;

	for (i = offsetof(struct tr_layout, size); i < size; i++)
		sum = (sum ^ p[i]) * 0x100000001b3ULL;
	return sum;
}

/* Write it for another process. */
void tr_layout_seal(struct tr_layout *l, struct tunring_layout *layout)
{
	l->magic = LAYOUT_MAGIC;
	l->size = sizeof(*l);
	l->version = LAYOUT_VERSION;
	l->oldest = l->tx_buf_size || l->pooled ? LAYOUT_BUFFERS : LAYOUT_OLDEST;
	memset(layout, 0, sizeof(*layout));
	memcpy(layout, l, sizeof(*l));
	l->sum = tr_layout_sum(layout, l->size);
	memcpy(layout, l, sizeof(*l));
}

/* Of an older or a newer version. Fields that it does not have are 0. */
int tr_layout_open(const struct tunring_layout *layout, struct tr_layout *l)
{
	memcpy(l, layout, sizeof(*l));
	if (l->magic != LAYOUT_MAGIC || l->size > sizeof(*layout) ||
	    l->size < offsetof(struct tr_layout, features) ||
	    l->sum != tr_layout_sum(layout, l->size))
		return -EINVAL;
	if (l->oldest > LAYOUT_VERSION)
		return -EOPNOTSUPP;
	if (l->size < sizeof(*l))
		memset((uint8_t *)l + l->size, 0, sizeof(*l) - l->size);
	return 0;
}
