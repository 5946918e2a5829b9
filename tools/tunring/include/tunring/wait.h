/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Of <tunring.h>, which is to be included: sleeping, and errors of the queue. */
#ifndef TUNRING_WAIT_H
#define TUNRING_WAIT_H

#include <stdint.h>
#include <sys/select.h>	/* sigset_t, in strict C11, too */

#include "options.h"

#ifdef __cplusplus
extern "C" {
#endif

struct tunring;

/* tunring_wait() flags */
#define TUNRING_WAIT_TX		(1U << 0)	/* kick transmission, too */

/**
 * tunring_wait() - sleep until packets are received. Receive side; both sides
 * with TUNRING_WAIT_TX.
 * @h: the handle
 * @timeout_ns: nanoseconds; 0 returns at once; -1 waits for ever
 * @mask: signal mask in force meanwhile, as ppoll(2); or NULL
 * @flags: TUNRING_WAIT_*
 *
 * In ring mode one syscall does all of it, and none is made if packets are there
 * and no kick is due. While the device is down it sleeps. Returns the number of
 * receive ring entries with packets (plain mode: 1), 0 after a time-out, or a
 * negative errno: -EINTR, -EPROTO, -EBADFD.
 */
int tunring_wait(struct tunring *h, int64_t timeout_ns, const sigset_t *mask,
		 unsigned int flags);

/**
 * tunring_prepare_wait() - ask for EPOLLIN on tunring_fd(). Receive side.
 * @h: the handle
 *
 * Call it before every poll or epoll_wait of one's own. Returns 1 if packets are
 * there already: take them instead of sleeping (or poll with time-out 0). Returns
 * 0 if there are none: the fd becomes readable when the next one comes. Returns a
 * negative errno if none will come, as tunring_rx_burst() then does: do not sleep.
 *
 * If nothing came since the call before, the call asks the kernel for errors by
 * one system call.
 */
int tunring_prepare_wait(struct tunring *h);

/**
 * tunring_tx_prepare_wait() - ask for EPOLLOUT on tunring_fd(). Transmit side.
 * @h: the handle
 *
 * Returns 1 if there are transmit buffers already, 0 if not: the fd becomes
 * writable when there are. Then call tunring_tx_kick(), and reserve again. Returns
 * 0, too, in plain mode, if a write was refused and has to be repeated. Returns a
 * negative errno if no buffer will become free, as tunring_tx_reserve() then does.
 *
 * While the device is down a kick frees the buffers: the packets are lost. In plain
 * mode the fd does not become writable before the device is up.
 */
int tunring_tx_prepare_wait(struct tunring *h);

/**
 * tunring_event_fd() - an eventfd of attached rings (TUNRING_O_EVENTFD). Neither
 * side.
 * @h: the handle
 * @event: which of the eventfds
 *
 * The eventfd is close-on-exec, and closed with the handle. An eventfd that the
 * library made is non-blocking. -ENXIO: there is none, or there are no rings;
 * -EINVAL: @event.
 *
 * The kernel signals RX_CALL and TX_CALL when it would report EPOLLIN and EPOLLOUT
 * on tunring_fd(), under the same rule: the program calls tunring_prepare_wait(), or
 * tunring_tx_prepare_wait(), before each sleep. After the sleep, first read the
 * eventfd, then take packets. The kernel signals both, too, when a ring is stopped
 * or the device is gone: tunring_rx_burst() and tunring_tx_reserve() then return the
 * error.
 *
 * A write of 1 to RX_KICK or TX_KICK, see eventfd(2), kicks the kernel: after
 * tunring_tx_submit(), in place of tunring_tx_kick(). Another process may write, too,
 * even one without the tun fd. A write reports no error: tunring_check() does. The
 * library itself never writes there, and kicks by system calls on the tun fd.
 */
int tunring_event_fd(const struct tunring *h, enum tunring_event event);

/**
 * tunring_check() - is the queue in order? Neither side.
 * @h: the handle
 *
 * Returns 0, -EPROTO the kernel stopped a ring that broke the rules, -EBADFD the
 * device is gone. For EPOLLERR.
 */
int tunring_check(struct tunring *h);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_WAIT_H */
