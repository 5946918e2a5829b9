// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * From a receive side to a transmit side without a copy: a packet's buffer
 * changes places with a free one, so each side keeps as many as it had.
 */
#include "tunring/forward.h"

#include <endian.h>
#include <errno.h>
#include <linux/virtio_net.h>
#include <string.h>

#include "handle/slots.h"

static void tr_forward_meta(const struct tunring *h,
			    const struct tun_ring_meta *from,
			    struct tun_ring_meta *to)
{
	uint16_t keep = TUN_RING_META_VLAN;

	if (h->features & TUNRING_F_TX_MARK)
		keep |= TUN_RING_META_MARK | TUN_RING_META_PRIORITY;
	keep &= le16toh(from->flags);

	memset(to, 0, sizeof(*to));
	to->vnet_flags = from->vnet_flags & (VIRTIO_NET_HDR_F_NEEDS_CSUM |
					     VIRTIO_NET_HDR_F_DATA_VALID);
	to->gso_type = from->gso_type;
	to->hdr_len = from->hdr_len;
	to->gso_size = from->gso_size;
	to->csum_start = from->csum_start;
	to->csum_offset = from->csum_offset;
	to->protocol = h->tap ? 0 : from->protocol;
	to->flags = htole16(keep);
	if (keep & TUN_RING_META_VLAN) {
		to->vlan_proto = from->vlan_proto;
		to->vlan_tci = from->vlan_tci;
	}
	if (keep & TUN_RING_META_MARK)
		to->mark = from->mark;
	if (keep & TUN_RING_META_PRIORITY)
		to->priority = from->priority;
}

/* Mark and priority belong to the stack that the packet comes from. */
static void tr_forward_own_marks(struct tun_ring_meta *m)
{
	m->flags &= htole16(TUN_RING_META_VLAN);
	m->mark = 0;
	m->priority = 0;
}

static unsigned int tr_forward_swap_slot(struct tunring *h, struct tunring *to,
					 unsigned int r)
{
	unsigned int t = tr_tx_get(to);
	struct tr_slot *rs = &h->rx.slots[r], *ts = &to->tx.slots[t];
	uint64_t at = ts->at;

	ts->at = rs->at;
	ts->off = rs->off;
	ts->len = rs->len;
	to->tx.owner[t] = TR_OWNER(TR_SEGMENT, 0);
	rs->at = at;
	tr_slot_place(h, &h->rx, r);
	tr_slot_place(to, &to->tx, t);
	return t;
}

static void tr_forward_one(struct tunring *h, struct tunring *to,
			   const struct tunring_packet *pkt)
{
	unsigned int r = pkt->slot, head = TR_NO_SLOT, last = 0, t;

	for (; r != TR_NO_SLOT; r = h->rx.slots[r].next) {
		t = tr_forward_swap_slot(h, to, r);
		if (head == TR_NO_SLOT)
			head = t;
		else
			to->tx.slots[last].next = (uint16_t)t;
		last = t;
	}
	to->tx.owner[head] = TR_OWNER(TR_HELD, pkt->nsegs);
	tr_forward_meta(to, pkt->meta, &to->tx.vq.meta[head]);
	if (h != to)
		tr_forward_own_marks(&to->tx.vq.meta[head]);
	tr_tx_queue_chain(to, head, to->backend->tx_queue);
	tr_rx_put_chain(h, pkt->slot, h->backend->rx_put);
}

static int tr_forward(struct tunring *h, struct tunring *to,
		      const struct tunring_packet *pkts, unsigned int n)
{
	unsigned int i;
	int ret = 0;

	if (h->rx.buf_size != to->tx.buf_size)
		return -EOPNOTSUPP;
	if (to->tx.nfree < n)
		to->backend->tx_reclaim(to);
	for (i = 0; i < n && pkts[i].nsegs <= to->tx.nfree; i++) {
		if (!tr_packet_held(h, &pkts[i], 0) ||
		    pkts[i].nsegs > TUN_RING_MAX_CHAIN ||
		    tr_packet_check(h, &pkts[i])) {
			ret = -EINVAL;
			break;
		}
		tr_forward_one(h, to, &pkts[i]);
	}
	if (i) {
		to->backend->tx_publish(to);
		h->backend->rx_kick(h);
	}
	return i ? (int)i : ret;
}

int tunring_rx_forward(struct tunring *h, const struct tunring_packet *pkts,
		       unsigned int n)
{
	return tr_forward(h, h, pkts, n);
}

int tunring_rx_forward_to(struct tunring *h, struct tunring *to,
			  const struct tunring_packet *pkts, unsigned int n)
{
	if (h != to && (!h->shared || h->shared != to->shared ||
			h->tap != to->tap))
		return -EINVAL;
	return tr_forward(h, to, pkts, n);
}
