/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * Sleeping, and errors of the queue.
 *
 * A program includes <tunring.h>, not this file.
 */
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
 * tunring_wait() - sleep until packets are received. Receive side, or both
 * sides with TUNRING_WAIT_TX.
 * @h: the handle
 * @timeout_ns: nanoseconds; 0 returns at once; -1 waits for ever
 * @mask: signal mask in force while the caller sleeps, as for ppoll(2); or NULL
 * @flags: TUNRING_WAIT_*
 *
 * In ring mode the function makes one system call, or none if packets have
 * arrived and no kick is due. While the device is down the function sleeps.
 * Returns the number of receive ring entries with packets (plain mode: 1), 0
 * after a time-out, or a negative errno: -EINTR, -EPROTO, -EBADFD.
 */
int tunring_wait(struct tunring *h, int64_t timeout_ns, const sigset_t *mask,
		 unsigned int flags);

/**
 * tunring_prepare_wait() - ask for EPOLLIN on tunring_fd(). Receive side.
 * @h: the handle
 *
 * Call this before each poll() or epoll_wait() on tunring_fd(). Returns 1 if
 * packets have arrived already: take them instead of sleeping, or poll with
 * time-out 0. Returns 0 if none has arrived: the fd becomes readable with the
 * next packet. Returns a negative errno, as tunring_rx_burst() then does, if no
 * packet can arrive: do not sleep.
 *
 * If no packet arrived since the call before, the function asks the kernel for
 * errors by one system call.
 */
int tunring_prepare_wait(struct tunring *h);

/**
 * tunring_tx_prepare_wait() - ask for EPOLLOUT on tunring_fd(). Transmit side.
 * @h: the handle
 *
 * Returns 1 if transmit buffers are free already. Returns 0 if none is free:
 * the fd becomes writable when one is. Then call tunring_tx_kick(), and reserve
 * again. In plain mode, the function also returns 0 if a write failed and must
 * be repeated. Returns a negative errno, as tunring_tx_reserve() then does, if
 * no buffer can become free.
 *
 * While the device is down a kick frees the buffers, and the packets are lost.
 * In plain mode the fd does not become writable before the device is up.
 */
int tunring_tx_prepare_wait(struct tunring *h);

/**
 * tunring_event_fd() - get an eventfd of attached rings (TUNRING_O_EVENTFD).
 * Neither side.
 * @h: the handle
 * @event: the event of the eventfd
 *
 * The eventfd is close-on-exec. tunring_close() closes it. An eventfd that the
 * library made is non-blocking. Returns -ENXIO if the handle has no such
 * eventfd or no rings; -EINVAL for an unknown @event.
 *
 * The kernel signals RX_CALL and TX_CALL when it would report EPOLLIN and
 * EPOLLOUT on tunring_fd(), under the same rule: the program calls
 * tunring_prepare_wait(), or tunring_tx_prepare_wait(), before each sleep.
 * After the sleep, first read the eventfd, then take packets. The kernel also
 * signals both when a ring is broken or the device is gone: tunring_rx_burst()
 * and tunring_tx_reserve() then return the error.
 *
 * A write of 1 to RX_KICK or TX_KICK, see eventfd(2), kicks the kernel: after
 * tunring_tx_submit(), in place of tunring_tx_kick(). Another process may
 * write, too, also without the tun fd. A write reports no error, but
 * tunring_check() does. The library itself never writes to these eventfds, and
 * kicks by system calls on the tun fd.
 */
int tunring_event_fd(const struct tunring *h, enum tunring_event event);

/**
 * tunring_check() - check the queue for errors, after EPOLLERR. Neither side.
 * @h: the handle
 *
 * Returns 0; -EPROTO if a ring is broken, because its user broke the rules;
 * -EBADFD if the device is gone.
 */
int tunring_check(struct tunring *h);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_WAIT_H */
