// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Packets from one device to another: handed over, if they lie in one pool. */
#include "lane.h"

#include <errno.h>
#include <linux/if_tun.h>

#define LONGEST		65600	/* GSO packet with its headers */
#define MAX_CHAIN	64	/* buffers of a packet to be sent */

static uint8_t bounce[LONGEST];

void lane_init(struct lane *l, struct tunring *from, struct tunring *to,
	       bool shared)
{
	struct tunring_info info;

	tunring_get_info(to, &info);
	l->from = from;
	l->to = to;
	l->tap = info.iff & IFF_TAP;
	l->shared = shared;
	l->most = info.tx_entries < MAX_CHAIN ? info.tx_entries : MAX_CHAIN;
}

/*
 * Copy the metadata that both ends understand. Mark and priority belong to the
 * stack that the packet came from, and are not copied.
 */
static void copy_meta(const struct lane *l, const struct tunring_packet *from,
		      struct tunring_packet *to)
{
	struct tunring_meta m;

	tunring_meta_get(from, &m);
	m.flags &= TUNRING_META_VLAN;
	m.vnet_flags &= TUNRING_VNET_NEEDS_CSUM | TUNRING_VNET_DATA_VALID;
	m.tstamp = 0;
	m.hash = 0;
	m.mark = 0;
	m.priority = 0;
	if (l->tap)
		m.protocol = 0;
	tunring_meta_set(to, &m);
}

/* Returns 1 if moved, 0 if there is no room now. */
static int move_one(struct lane *l, const struct tunring_packet *from)
{
	struct tunring_packet to;
	int ret = -EMSGSIZE;

	if (from->len <= LONGEST)
		ret = tunring_tx_reserve_len(l->to, &to, from->len);
	if (ret == -EMSGSIZE) {
		l->too_long++;
		return 1;
	}
	if (ret <= 0)
		return ret;
	if (from->nsegs == 1) {
		tunring_packet_write(l->to, &to, 0, from->data, from->len);
	} else {
		tunring_packet_read(l->from, from, 0, bounce, from->len);
		tunring_packet_write(l->to, &to, 0, bounce, from->len);
	}
	copy_meta(l, from, &to);
	ret = tunring_tx_submit(l->to, &to, 1);
	l->moved += ret == 1;
	return ret;
}

/* As many as there is room for, copied. */
static int copy_over(struct lane *l)
{
	unsigned int start = l->first;
	int ret = 0, freed;

	while (l->n) {
		ret = move_one(l, &l->pkts[l->first]);
		if (ret <= 0)
			break;
		l->first++;
		l->n--;
	}
	freed = tunring_rx_release(l->from, &l->pkts[start], l->first - start);
	return ret < 0 ? ret : freed;
}

/* As many as there is room for, from where they lie. */
static int hand_over(struct lane *l)
{
	struct tunring_packet *p;
	int ret;

	while (l->n) {
		p = &l->pkts[l->first];
		if (p->nsegs > l->most) {
			ret = tunring_rx_release(l->from, p, 1);
			if (ret)
				return ret;
			l->too_long++;
			ret = 1;
		} else {
			ret = tunring_rx_forward_to(l->from, l->to, p, l->n);
			if (ret <= 0)
				return ret;
			l->moved += (unsigned int)ret;
		}
		l->first += (unsigned int)ret;
		l->n -= (unsigned int)ret;
	}
	return 0;
}

int lane_move(struct lane *l)
{
	unsigned int start;
	int ret, kick;

	if (!l->n) {
		ret = tunring_rx_burst(l->from, l->pkts, LANE_BURST);
		if (ret < 0)
			return ret;
		l->first = 0;
		l->n = (unsigned int)ret;
	}
	start = l->first;
	ret = l->shared ? hand_over(l) : copy_over(l);
	kick = tunring_tx_kick(l->to);
	if (kick && kick != -EIO && kick != -EAGAIN)
		return kick;
	return ret ? ret : (int)(l->first - start);
}
