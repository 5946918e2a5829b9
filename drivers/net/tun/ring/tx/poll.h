/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The NAPI instance of a queue with rings. A poll that takes all available
 * entries chooses the event that runs the next poll:
 *
 *	              a kick; NAPI's timer; the thread of coalesce.c;
 *	              the stack frees packets
 *	   IDLE ----------------------------------------------------> POLL
 *	    ^                                                        |    ^
 *	    |  the ring is empty, or the limit of TUNSETSNDBUF       |    |
 *	    '--------------------------------------------------------'    |
 *	                           entries are left; poll_us after a packet
 *
 * Kicks are disabled in POLL. In IDLE kicks are enabled only if a kick is the
 * event.
 */
#ifndef _TUN_RING_TX_POLL_H
#define _TUN_RING_TX_POLL_H

struct napi_struct;

int tun_ring_tx_poll(struct napi_struct *napi, int budget);

#endif /* _TUN_RING_TX_POLL_H */
