/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * libtunring - packets of a tun/tap device, in place, in bursts
 *
 * A handle is one queue of one device: one file descriptor. On a kernel whose
 * tun has rings (TUNRINGQUERY, see tun_ring(7)) packets are taken from and put
 * into memory shared with the kernel; on any other kernel the same calls work
 * by read and write into memory of the library. tunring_mode() tells which.
 *
 *	receive:  tunring_rx_burst() -> use packets -> tunring_rx_release()
 *	transmit: tunring_tx_reserve() -> fill -> tunring_tx_submit() ...
 *		  -> tunring_tx_kick()
 *	sleep:	  tunring_wait(), or tunring_prepare_wait() and one's own epoll
 *
 * Every buffer has tunring_options.headroom bytes in front of where a received
 * packet starts and tunring_options.tailroom bytes after the room for it, for
 * headers and trailers that the program adds in place.
 *
 * What is not here is in the headers that this one includes: how a handle is set up
 * (tunring/options.h), packets and metadata (packet.h), what there is and has moved
 * (info.h), one pool for many devices (pool.h), two processes (share.h).
 *
 * Results: calls that return int give 0 or a count, or a negative errno;
 * tunring_strerror() explains it. No call sets or reads errno.
 *
 * Threads and processes. A handle has a receive side and a transmit side, with
 * separate state and separate buffers. Each function says which side it uses:
 *
 *  - one thread on the receive side and another on the transmit side, at the
 *    same time: safe, without locks;
 *  - two threads on the same side at the same time: not safe. The caller locks;
 *  - functions marked "both sides" need both to be still;
 *  - functions marked "neither" can be called at any time between set-up and
 *    tear-down, by any thread;
 *  - fork(): parent and child have a copy of the handle each. One may go on with
 *    the receive side and the other with the transmit side, if the rings are
 *    mapped (TUNRING_MODE_RING) or nothing is held or queued at the time of the
 *    fork. Both using one side corrupts it. The one that ends first calls
 *    tunring_detach(), not tunring_close();
 *  - exec() or SCM_RIGHTS: see tunring_export().
 *  - attached rings that are not pinned end with the process that set them up.
 */
#ifndef TUNRING_H
#define TUNRING_H

#include <stddef.h>
#include <stdint.h>
#include <sys/select.h>	/* sigset_t, in strict C11, too */
#include <sys/types.h>

#include "tunring/info.h"
#include "tunring/options.h"
#include "tunring/packet.h"
#include "tunring/pool.h"
#include "tunring/share.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TUNRING_VERSION_MAJOR	0
#define TUNRING_VERSION_MINOR	1

struct tunring;

/* ------------------------------------------------------------- life cycle */

/**
 * tunring_open() - open or create a device by name and set up its queue
 * @handle: where the handle goes
 * @name: name of the interface, a pattern as "tun%d", or NULL or "" for any
 * @iff: IFF_TUN or IFF_TAP, and IFF_MULTI_QUEUE, IFF_VNET_HDR ... as TUNSETIFF.
 *	IFF_NO_PI is added. Give IFF_VNET_HDR if checksum and GSO fields matter
 *	in plain mode, too
 * @opt: options, or NULL for the defaults
 *
 * Returns 0 or a negative errno. The fd is close-on-exec.
 */
int tunring_open(struct tunring **handle, const char *name, unsigned int iff,
		 const struct tunring_options *opt);

/* tunring_adopt() flags */
#define TUNRING_ADOPT_CLOSE	(1U << 0)	/* tunring_close() closes the fd */

/**
 * tunring_adopt() - set up a queue on a tun fd that is open and attached
 * @handle: where the handle goes
 * @fd: the fd, after TUNSETIFF. In plain mode the library handles the headers
 *	that the fd asks for: virtio_net_hdr by itself; struct tun_pi if told by
 *	TUNRING_O_PI, because the kernel does not tell (in what TUNGETIFF returns,
 *	IFF_NO_PI and IFF_NOFILTER are one bit). With rings, there are none
 * @flags: TUNRING_ADOPT_*
 * @opt: options, or NULL for the defaults
 *
 * In plain mode the fd is made non-blocking until tunring_close(). If the call
 * fails the fd is as it was, and open.
 */
int tunring_adopt(struct tunring **handle, int fd, unsigned int flags,
		  const struct tunring_options *opt);

/**
 * tunring_close() - tear down, unmap, close the fd if owned. Both sides.
 *
 * Submitted packets are sent first; packets held are gone. An adopted fd that is
 * not owned is in plain mode afterwards. NULL is allowed.
 */
void tunring_close(struct tunring *h);

/**
 * tunring_detach() - let go of a handle without tearing the rings down. Both
 * sides.
 *
 * For the process that ends first of two that share a queue (fork, import):
 * memory is unmapped, the fd closed if owned, the rings live on. NULL is allowed.
 */
void tunring_detach(struct tunring *h);

/* ------------------------------------------------------------------ receive */

/**
 * tunring_rx_burst() - take up to @n received packets. Receive side.
 *
 * Returns how many were stored in @pkts, 0 if there are none now. Never sleeps;
 * no syscall in ring mode. The packets, in place, are the caller's until
 * tunring_rx_release() or tunring_rx_forward(), in any order; as long as they
 * are held their buffers are missing from the ring.
 * Errors, only if no packet was taken: plain mode: what read() says, e.g.
 * -EBADFD after the device was deleted. In ring mode errors show in
 * tunring_wait(), tunring_check() and as EPOLLERR.
 */
int tunring_rx_burst(struct tunring *h, struct tunring_packet *pkts,
		     unsigned int n);

/**
 * tunring_rx_release() - give packets back; their buffers receive anew. Receive
 * side.
 *
 * Kicks the kernel if, and only if, it asked for it (it does after the ring ran
 * full). Returns 0 or a negative errno of that kick; the packets are given back
 * in any case. -EINVAL: a packet that was not received or was given back before;
 * those after it are not given back.
 */
int tunring_rx_release(struct tunring *h, const struct tunring_packet *pkts,
		       unsigned int n);

/**
 * tunring_rx_forward() - send received packets back into the stack from the
 * buffer that they are in, without a copy. Both sides.
 *
 * As tunring_tx_submit() for received packets: goes by @data and @len; checksum,
 * GSO, protocol and VLAN metadata goes along, mark and priority if
 * TUNRING_F_TX_MARK is in force. The packet's buffer changes places with a free
 * one of the transmit side. Returns the number of packets submitted: fewer than
 * @n if the transmit side has no buffers left, or if one is not valid; the others
 * are still held. -EINVAL if the first is not valid.
 */
int tunring_rx_forward(struct tunring *h, const struct tunring_packet *pkts,
		       unsigned int n);

/* ----------------------------------------------------------------- transmit */

/**
 * tunring_tx_reserve() - take up to @n empty transmit buffers. Transmit side.
 *
 * Each packet has @data at headroom bytes from the start of its buffer, @len 0
 * and zeroed metadata. Returns how many there were; 0 if all are in flight (then
 * kick, and see tunring_tx_prepare_wait()). They are the caller's until
 * submitted or cancelled, in any order.
 */
int tunring_tx_reserve(struct tunring *h, struct tunring_packet *pkts,
		       unsigned int n);

/**
 * tunring_tx_reserve_len() - take buffers for one packet of @len bytes. Transmit
 * side.
 *
 * As many as are needed, each filled up to its room. Fill the packet by
 * tunring_packet_write() or through tunring_packet_iov().
 * Returns 1, or 0 if there are not enough now, or -EMSGSIZE if there never are.
 */
int tunring_tx_reserve_len(struct tunring *h, struct tunring_packet *pkt,
			   uint32_t len);

/**
 * tunring_tx_cancel() - give reserved buffers back unsent. Transmit side.
 *
 * Returns 0, or -EINVAL as tunring_rx_release().
 */
int tunring_tx_cancel(struct tunring *h, const struct tunring_packet *pkts,
		      unsigned int n);

/**
 * tunring_tx_submit() - queue filled packets for the stack. Transmit side.
 *
 * A packet is @len bytes at @data, anywhere in its buffer. No syscall.
 * Returns the number queued, in order; fewer than @n if a packet was not valid
 * (data outside of its buffer, no bytes, not reserved): that one and those after
 * it are still reserved. -EINVAL if the first was not valid.
 * Nothing moves before tunring_tx_kick() or tunring_wait() is called.
 */
int tunring_tx_submit(struct tunring *h, const struct tunring_packet *pkts,
		      unsigned int n);

/**
 * tunring_tx_kick() - have the kernel look at what was submitted. Transmit side.
 *
 * Makes a syscall only if the kernel asked to be told. Takes buffers back that
 * the kernel is done with. In plain mode, this writes the packets.
 * Returns 0 or a negative errno: -EIO the device is down (the packets stay
 * queued until it is up, and this call says so again), -EPROTO the kernel
 * stopped the ring, -EBADFD the device is gone, plain mode: -EAGAIN the socket
 * buffer is full (packets stay queued).
 */
int tunring_tx_kick(struct tunring *h);

/**
 * tunring_tx_space() - buffers that tunring_tx_reserve() would give now. Transmit
 * side.
 */
unsigned int tunring_tx_space(struct tunring *h);

/* --------------------------------------------------------------------- wait */

/* tunring_wait() flags */
#define TUNRING_WAIT_TX		(1U << 0)	/* kick transmission, too */

/**
 * tunring_wait() - sleep until packets are received. Receive side; both sides
 * with TUNRING_WAIT_TX.
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
 *
 * Call it before every poll or epoll_wait of one's own. Returns 1 if packets are
 * there already: take them instead of sleeping (or poll with time-out 0). Returns
 * 0 if there are none: the fd becomes readable when the next one comes.
 */
int tunring_prepare_wait(struct tunring *h);

/**
 * tunring_tx_prepare_wait() - ask for EPOLLOUT on tunring_fd(). Transmit side.
 *
 * Returns 1 if there are transmit buffers already, 0 if not: the fd becomes
 * writable when there are.
 */
int tunring_tx_prepare_wait(struct tunring *h);

/**
 * tunring_event_fd() - an eventfd of attached rings (TUNRING_O_EVENTFD). Neither
 * side.
 *
 * It is close-on-exec, and closed with the handle; those that the library made are
 * non-blocking. -ENXIO: there is none, or there are no rings; -EINVAL: @event.
 *
 * A call (RX_CALL, TX_CALL) does for a loop of one's own what EPOLLIN and EPOLLOUT
 * of tunring_fd() do, under the same rule: tunring_prepare_wait(), or
 * tunring_tx_prepare_wait(), before each sleep. After it, first read the eventfd,
 * then take packets. Both are called, too, when a ring is stopped or the device is
 * gone: ask tunring_check() if there is nothing to take.
 *
 * Who has a kick (RX_KICK, TX_KICK) may have the kernel look by writing to it,
 * another process, too, and one that has no tun fd: 1, as eventfd(2) says, after
 * tunring_tx_submit() instead of tunring_tx_kick(). What is wrong, tunring_check()
 * tells. The library itself does not write to it: tunring_tx_kick() and the others
 * are system calls on the tun fd, as ever.
 */
int tunring_event_fd(const struct tunring *h, enum tunring_event event);

/**
 * tunring_check() - is the queue in order? Neither side.
 *
 * Returns 0, -EPROTO the kernel stopped a ring that broke the rules, -EBADFD the
 * device is gone. For EPOLLERR.
 */
int tunring_check(struct tunring *h);

/* ------------------------------------------------------------------- errors */

/**
 * tunring_strerror() - what a result of this library means. Neither side.
 * @err: an errno, negative or positive
 *
 * Returns a constant string; unlike strerror() it tells what the error means for
 * a tun queue.
 */
const char *tunring_strerror(int err);

/** tunring_version() - of the library at run time, e.g. "0.1". */
const char *tunring_version(void);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_H */
