// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* --pool: the packets of all devices of a command in one pool. */
#include "cli.h"

/* As large as all devices together need. */
int cli_pool_new(struct cli_opts *o)
{
	uint32_t bufs = o->ring.rx_entries + o->ring.tx_entries;
	uint32_t flags = o->huge ? TUNRING_O_HUGE : 0;

	if (!o->pool || o->in)
		return 0;
	/* The kernel's rings, and pinned ones, need it pinned. */
	if (!(o->ring.flags & TUNRING_O_ATTACH) ||
	    o->ring.flags & TUNRING_O_PIN)
		flags |= TUNRING_O_PIN;
	return tunring_pool_new(&o->in, bufs * o->devices, o->ring.buf_size,
				flags);
}

/* The last of the handles takes the pool with it. */
void cli_close(struct tunring *h, struct cli_opts *o)
{
	tunring_close(h);
	if (o->in && !tunring_pool_free(o->in))
		o->in = NULL;
}

void cli_say_pool(const struct cli_opts *o)
{
	struct tunring_pool_info i;

	if (!o->in)
		return;
	tunring_pool_get_info(o->in, &i);
	fprintf(stderr, ", in a pool on %s pages",
		i.flags & TUNRING_O_HUGE ? "huge" : "ordinary");
}
