// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "internal.h"

#include <errno.h>

/* Every slot of a packet back to where packets are received. */
void tr_rx_free_chain(struct tunring *h, unsigned int head)
{
	struct tr_side *s = &h->rx;
	unsigned int next;

	for (; head != TR_NO_SLOT; head = next) {
		next = s->slots[head].next;
		s->slots[head].next = TR_NO_SLOT;
		s->slots[head].state = TR_FREE;
		s->held--;
		if (h->mode == TUNRING_MODE_RING)
			tr_ring_rx_give(h, head);
		else
			s->free[s->nfree++] = (uint16_t)head;
	}
}

int tr_rx_kick(struct tunring *h)
{
	int ret;

	if (h->mode != TUNRING_MODE_RING)
		return 0;
	tr_ring_rx_publish(h);
	if (!tr_ring_kick_needed(h, &h->rx))
		return 0;
	ret = tr_ring_enter(h, &h->rx, TUN_RING_ENTER_RX, 0, NULL);
	return ret < 0 ? ret : 0;
}

int tunring_rx_burst(struct tunring *h, struct tunring_packet *pkts,
		     unsigned int n)
{
	if (h->mode == TUNRING_MODE_RING)
		return tr_ring_rx_burst(h, pkts, n);
	return tr_plain_rx_burst(h, pkts, n);
}

int tunring_rx_release(struct tunring *h, const struct tunring_packet *pkts,
		       unsigned int n)
{
	unsigned int i;
	int ret;

	for (i = 0; i < n; i++) {
		if (!tr_packet_held(h, &pkts[i], 0))
			break;
		tr_rx_free_chain(h, pkts[i].slot);
	}
	ret = tr_rx_kick(h);
	return i < n ? -EINVAL : ret;
}
