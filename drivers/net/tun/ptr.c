// SPDX-License-Identifier: GPL-2.0
#include "ptr.h"

#include <linux/module.h>
#include <linux/skb_array.h>
#include <linux/skbuff.h>
#include <net/xdp.h>

/**
 * tun_ptr_free - drop a packet of a tx_ring
 * @ptr: an skb, or an xdp_frame with a tag bit, or NULL
 */
void tun_ptr_free(void *ptr)
{
	if (!ptr)
		return;
	if (tun_is_xdp_frame(ptr))
		xdp_return_frame(tun_ptr_to_xdp(ptr));
	else
		__skb_array_destroy_skb(ptr);
}
EXPORT_SYMBOL_GPL(tun_ptr_free);

/* Free a packet that user space has received. */
void tun_ptr_consume(void *ptr)
{
	if (tun_is_xdp_frame(ptr))
		xdp_return_frame(tun_ptr_to_xdp(ptr));
	else
		consume_skb(ptr);
}

/* Length of a packet with its VLAN tag; 0 for NULL. */
int tun_ptr_len(void *ptr)
{
	if (unlikely(!ptr))
		return 0;
	if (tun_is_xdp_frame(ptr))
		return tun_ptr_to_xdp(ptr)->len;
	return __skb_array_len_with_tag(ptr);
}
