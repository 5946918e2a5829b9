// SPDX-License-Identifier: GPL-2.0
#include "xdp.h"

#include <linux/skbuff.h>
#include <net/xdp.h>

#include "../../xdp.h"
#include "../mem/access.h"
#include "../skb/copy.h"
#include "../skb/frags.h"
#include "../state.h"

/* Return: an skb of the fragment, or an ERR_PTR(). */
static struct sk_buff *tun_ring_tx_xdp_skb(const struct xdp_buff *xdp, u32 size)
{
	struct sk_buff *skb = napi_build_skb(xdp->data_hard_start, size);

	if (unlikely(!skb)) {
		skb_free_frag(xdp->data_hard_start);
		return ERR_PTR(-ENOMEM);
	}
	skb_reserve(skb, xdp->data - xdp->data_hard_start);
	__skb_put(skb, xdp->data_end - xdp->data);
	tun_xdp_meta_to_skb(xdp, skb);
	return skb;
}

/**
 * tun_ring_tx_copy_xdp - run the device's program over the chain in tx.chain
 * @ring: the rings; the caller owns their NAPI
 * @tun: the device
 * @p: the packet, see tun_ring_tx_xdp_native(). Its length is set to the length
 *	of the skb: the program may move both ends of the packet
 *
 * Only a packet that passes gets an skb.
 *
 * Return: the skb; NULL if the program has consumed the packet; or an ERR_PTR():
 * -EAGAIN if generic XDP has to run over an skb, or -ENOMEM.
 */
struct sk_buff *tun_ring_tx_copy_xdp(struct tun_ring *ring, struct tun_dev *tun,
				     struct tun_ring_tx_packet *p)
{
	u32 headroom = tun_ring_tx_headroom(tun);
	u32 size = tun_ring_skb_frag_bytes(headroom, p->len);
	struct xdp_buff xdp;
	void *data = NULL;

	if (tun_ring_skb_frag_fits(size))
		data = tun_ring_skb_frag_alloc(&size);
	if (unlikely(!data))
		return ERR_PTR(-EAGAIN);
	tun_ring_skb_get(&ring->tx.chain, &tun_ring_kmem, p->skip,
			 data + headroom, p->len);
	xdp_init_buff(&xdp, size, &ring->q->xdp_rxq);
	xdp_prepare_buff(&xdp, data, headroom, p->len, true);
	if (!tun_xdp_run_frag(tun, &xdp, &ring->tx.redirected))
		return NULL;
	p->len = xdp.data_end - xdp.data;
	return tun_ring_tx_xdp_skb(&xdp, size);
}
