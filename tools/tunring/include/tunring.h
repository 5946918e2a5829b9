/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * libtunring - packets of a tun/tap device, in place, in bursts
 *
 * A handle is one queue of one device: one file descriptor. If the tun of the
 * kernel has rings (TUNRINGQUERY, see tun_ring(7)), the packets lie in memory
 * shared with the kernel. On any other kernel the same calls use read() and
 * write(), and memory of the library. tunring_mode() returns the mode.
 *
 *	receive:  tunring_rx_burst() -> use packets -> tunring_rx_release()
 *	transmit: tunring_tx_reserve() -> fill -> tunring_tx_submit() ...
 *		  -> tunring_tx_kick()
 *	sleep:	  tunring_wait(), or tunring_prepare_wait() and one's own epoll
 *
 * Each buffer has tunring_options.headroom bytes before the packet and
 * tunring_options.tailroom bytes after the room for the packet. The program
 * adds headers and trailers there, in place.
 *
 * This header includes the headers that declare the calls: the life of a handle
 * (tunring/open.h, options.h), packets and metadata (packet.h, meta.h), the
 * receive and the transmit side (rx.h, tx.h, forward.h), sleep and errors
 * (wait.h, error.h), features and counters (info.h), one pool for many devices
 * (pool.h), two processes (share.h).
 *
 * Results: calls that return int return 0, a count, or a negative errno, which
 * tunring_strerror() explains. No call sets or reads errno.
 *
 * Threads and processes. A handle has a receive side and a transmit side, with
 * separate state and separate buffers. Each function says which side it uses:
 *
 *  - one thread on the receive side and another on the transmit side, at the
 *    same time: safe, without locks;
 *  - two threads on the same side at the same time: not safe, so the program
 *    needs a lock;
 *  - while a function marked "both sides" runs, no other thread may use either
 *    side;
 *  - functions marked "neither" can be called at any time between set-up and
 *    tear-down, by any thread;
 *  - fork(): parent and child each have a copy of the handle. One process may use
 *    the receive side and the other the transmit side, if the rings are mapped
 *    (TUNRING_MODE_RING), or if no packet is held or queued at the time of the
 *    fork. If both processes use one side, they corrupt that side. The process
 *    that ends first calls tunring_detach(), not tunring_close();
 *  - exec() or SCM_RIGHTS: see tunring_export();
 *  - attached rings that are not pinned end with the process that set them up.
 */
#ifndef TUNRING_H
#define TUNRING_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define TUNRING_VERSION_MAJOR	0
#define TUNRING_VERSION_MINOR	1

#include "tunring/error.h"
#include "tunring/forward.h"
#include "tunring/info.h"
#include "tunring/meta.h"
#include "tunring/open.h"
#include "tunring/options.h"
#include "tunring/packet.h"
#include "tunring/pool.h"
#include "tunring/rx.h"
#include "tunring/share.h"
#include "tunring/tx.h"
#include "tunring/wait.h"

#endif /* TUNRING_H */
