/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints of rings. trace.c defines them; a tracepoint that is off costs one
 * instruction that does nothing.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM tun_ring

#if !defined(_TUN_RING_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TUN_RING_TRACE_H

#include <linux/netdevice.h>
#include <linux/tracepoint.h>

#include "state.h"

#ifndef TRACE_HEADER_MULTI_READ
/* @name: IFNAMSIZ bytes: the name of the ring's device, or empty without one */
static inline void tun_ring_trace_name(char *name, const struct tun_ring *ring)
{
	const struct tun_dev *tun;

	rcu_read_lock();
	tun = rcu_dereference(ring->q->tun);
	strscpy_pad(name, tun ? tun->dev->name : "", IFNAMSIZ);
	rcu_read_unlock();
}
#endif

DECLARE_EVENT_CLASS(tun_ring_entries,
		    TP_PROTO(const struct tun_ring *ring, u16 entries,
			     u16 used),
		    TP_ARGS(ring, entries, used),
		    TP_STRUCT__entry(__array(char, dev, IFNAMSIZ)
				     __field(u16, queue)
				     __field(u16, entries)
				     __field(u16, used)
		    ),
		    TP_fast_assign(tun_ring_trace_name(__entry->dev, ring);
				   __entry->queue = READ_ONCE(ring->q->index);
				   __entry->entries = entries;
				   __entry->used = used;
		    ),
		    TP_printk("dev=%s queue=%u entries=%u used=%u",
			      __entry->dev, __entry->queue, __entry->entries,
			      __entry->used)
);

/* The kernel publishes @entries used entries of the receive ring; @used is the
 * used index behind them.
 */
DEFINE_EVENT(tun_ring_entries, tun_ring_delivered,
	     TP_PROTO(const struct tun_ring *ring, u16 entries, u16 used),
	     TP_ARGS(ring, entries, used)
);

/* The same for the transmit ring: the kernel has consumed the packets. */
DEFINE_EVENT(tun_ring_entries, tun_ring_consumed,
	     TP_PROTO(const struct tun_ring *ring, u16 entries, u16 used),
	     TP_ARGS(ring, entries, used)
);

DECLARE_EVENT_CLASS(tun_ring_queue,
		    TP_PROTO(const struct tun_ring *ring),
		    TP_ARGS(ring),
		    TP_STRUCT__entry(__array(char, dev, IFNAMSIZ)
				     __field(u16, queue)
		    ),
		    TP_fast_assign(tun_ring_trace_name(__entry->dev, ring);
				   __entry->queue = READ_ONCE(ring->q->index);
		    ),
		    TP_printk("dev=%s queue=%u", __entry->dev, __entry->queue)
);

/*
 * The receive ring is full: from now on packets wait, or the worker takes no
 * packets.
 */
DEFINE_EVENT(tun_ring_queue, tun_ring_stopped,
	     TP_PROTO(const struct tun_ring *ring),
	     TP_ARGS(ring)
);

/* The receive ring has room again, or was opened, and no packet waits. */
DEFINE_EVENT(tun_ring_queue, tun_ring_woken,
	     TP_PROTO(const struct tun_ring *ring),
	     TP_ARGS(ring)
);

/* The driver marked both rings broken. @rx: the receive ring is the cause. */
TRACE_EVENT(tun_ring_broken,
	    TP_PROTO(const struct tun_ring *ring, bool rx, int err),
	    TP_ARGS(ring, rx, err),
	    TP_STRUCT__entry(__array(char, dev, IFNAMSIZ)
			     __field(u16, queue)
			     __field(bool, rx)
			     __field(int, err)
	    ),
	    TP_fast_assign(tun_ring_trace_name(__entry->dev, ring);
			   __entry->queue = READ_ONCE(ring->q->index);
			   __entry->rx = rx;
			   __entry->err = err;
	    ),
	    TP_printk("dev=%s queue=%u ring=%s err=%d", __entry->dev,
		      __entry->queue, __entry->rx ? "rx" : "tx", __entry->err)
);

#ifndef TRACE_HEADER_MULTI_READ
/* The packet paths call these functions, which keep the code of a tracepoint out
 * of them.
 */
void tun_ring_trace_rx(const struct tun_ring *ring);
void tun_ring_trace_tx(const struct tun_ring *ring);

static inline void tun_ring_trace_delivered(const struct tun_ring *ring)
{
	if (trace_tun_ring_delivered_enabled())
		tun_ring_trace_rx(ring);
}

static inline void tun_ring_trace_consumed(const struct tun_ring *ring)
{
	if (trace_tun_ring_consumed_enabled())
		tun_ring_trace_tx(ring);
}
#endif

#endif /* _TUN_RING_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
