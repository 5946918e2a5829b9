// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "setup.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

#include "../handle/slots.h"
#include "../kernel/barrier.h"
#include "../kernel/query.h"
#include "../memory/attach.h"
#include "../memory/map.h"
#include "../memory/member.h"
#include "rx.h"

_Static_assert(sizeof(struct tun_ring_meta) == 64, "a record is 64 bytes");
_Static_assert(offsetof(struct tun_ring_meta, tstamp) == 32, "no holes");

/* The rings are in service. */
void tr_ring_start(struct tunring *h)
{
	h->event_idx = h->setup.features & TUNRING_F_EVENT_IDX;
	h->features = h->setup.features;
}

static void tr_ring_init(struct tunring *h)
{
	uint32_t i;

	/* tr_import() learns from the descriptor which buffer a slot has. */
	for (i = 0; i < h->tx.entries; i++)
		h->tx.vq.desc[i].addr = htole64(h->tx.slots[i].at);
	if (!h->event_idx) {
		tr_store16(&h->rx.vq.avail->flags, VRING_AVAIL_F_NO_INTERRUPT);
		tr_store16(&h->tx.vq.avail->flags, VRING_AVAIL_F_NO_INTERRUPT);
	}
	tr_ring_rx_fill(h);
}

/* Rings of the kernel; packets lie in its memory, too, or in a pool of ours. */
static int tr_ring_setup_call(struct tunring *h, const struct tunring_options *opt,
			      uint64_t features)
{
	struct tun_ring_setup *s = &h->setup;
	int ret = 0;

	if (h->opt_flags & TUNRING_O_ATTACH)
		return tr_attach(h, opt, features);
	memset(s, 0, sizeof(*s));
	s->features = features;
	s->rx.entries = h->rx.entries;
	s->tx.entries = h->tx.entries;
	s->tx_poll_us = opt->tx_poll_us;
	if (h->shared) {
		s->flags = TUN_RING_SETUP_REGIONS;
		ret = tr_pool_regions(h);
	} else {
		/* sizes of both sides are multiples of this one */
		s->buf_size = TUN_RING_MIN_BUF;
		s->buf_count = (uint32_t)(tr_slots_bytes(h) / TUN_RING_MIN_BUF);
	}
	if (ret < 0)
		return ret;
	ret = h->ops->ioctl(h->fd, TUNRINGSETUP, s);
	if (ret < 0 && h->shared)
		tr_attach_forget_regions(h);
	return ret;
}

/* The kernel processes the available descriptors of tx, then ends the rings. */
void tr_ring_end(struct tunring *h)
{
	h->ops->ioctl(h->fd, TUNRINGTEARDOWN, NULL);
	if (h->opt_flags & TUNRING_O_ATTACH || h->shared)
		tr_attach_forget_regions(h);
}

int tr_ring_setup(struct tunring *h, const struct tunring_options *opt)
{
	uint64_t must = opt->features | TUNRING_F_META;
	uint64_t want = opt->want | TUNRING_F_EVENT_IDX;
	struct tun_ring_query q;
	int ret;

	ret = tr_ring_query(h->ops, h->fd, &q);
	if (ret)
		return ret;
	must |= q.features & TUNRING_F_VERSION_1;
	if (must & ~q.features)
		return -EOPNOTSUPP;
	want &= q.features;
	if (opt->flags & TUNRING_O_NO_EVENT_IDX)
		want &= ~TUNRING_F_EVENT_IDX;

	ret = tr_ring_setup_call(h, opt, must | want);
	if (ret == -EPERM && (want & ~must & TUNRING_F_TX_MARK)) {
		want &= ~TUNRING_F_TX_MARK;
		ret = tr_ring_setup_call(h, opt, must | want);
	}
	if (ret < 0)
		return ret;
	ret = h->mem_fd < 0 ? tr_map(h) : 0;
	if (!ret) {
		tr_ring_start(h);
		tr_ring_init(h);
		ret = tr_ring_rx_kick(h);
	}
	if (ret)
		tr_ring_end(h);
	return ret;
}
