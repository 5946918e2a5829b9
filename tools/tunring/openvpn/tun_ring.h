/* SPDX-License-Identifier: GPL-2.0 */
/*
 * OpenVPN's side of the rings in a tun file descriptor (--tun-ring).
 *
 * OpenVPN's own files include this header. For a tun without rings each function does
 * nothing, or calls the function of stock OpenVPN that it stands in for.
 */
#ifndef TUN_RING_H
#define TUN_RING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/time.h>

struct buffer;
struct context;
struct event_set_return;
struct link_socket;
struct link_socket_actual;
struct tun_rings;
struct tuntap;

#define TUN_RING_ENTRIES_DEFAULT	512

/* ------------------------------------------- options, set-up (tun_ring.c) */

/**
 * tun_ring_parse_entries() - the argument of --tun-ring
 * @arg: the argument as typed, or NULL without one
 *
 * Returns the entries per ring, or 0 if @arg is no power of two in range.
 */
int tun_ring_parse_entries(const char *arg);

/**
 * tun_ring_open() - give the tun of @c rings, if its options ask for them
 *
 * --persist-tun keeps the rings of a tun over a restart. If their buffers are too
 * small for the frame of the new instance, this function makes new rings.
 */
void tun_ring_open(struct context *c);

/** tun_ring_close() - tear the rings of @tt down, before its fd is closed */
void tun_ring_close(struct tuntap *tt);

/**
 * tun_ring_before_script() - hand over all packets before OpenVPN blocks
 *
 * OpenVPN calls this before a script or a plugin runs, maybe within a batch.
 */
void tun_ring_before_script(void);

/* ------------------------------------------------ packets (tun_ring_io.c) */

/** tun_ring_read() - stands in for the read() of read_incoming_tun() */
void tun_ring_read(struct context *c);

/** tun_ring_write() - stands in for write_tun(); sets errno if it fails */
int tun_ring_write(struct tuntap *tt, uint8_t *buf, int len);

/**
 * tun_ring_decrypt_buf() - where decryption puts a packet from the link
 *
 * Returns a buffer of the transmit ring, from which tun_ring_write() sends the
 * packet in place, or the context's own decrypt_buf if no buffer is free.
 */
struct buffer tun_ring_decrypt_buf(struct context *c);

/* --------------------- the UDP link (tun_ring_link*.c), if it can use batches */

/**
 * tun_ring_link_write() - stands in for link_socket_write() of c->c2.to_link
 *
 * A packet that was collected counts as written. Returns -1 with EAGAIN if the
 * batch and the socket's queue are full.
 */
int tun_ring_link_write(struct context *c, struct link_socket_actual *to);

/**
 * tun_ring_link_read() - stands in for link_socket_read() to c->c2.buf and from
 *
 * c->c2.buf points to the packet, which stays valid until the next call.
 */
int tun_ring_link_read(struct context *c);

/** tun_ring_link_close() - send collected packets, before the socket is closed */
void tun_ring_link_close(struct link_socket *sock);

/* ----------------------------------------------- waiting (tun_ring_wait.c) */

/** tun_ring_batches() - may OpenVPN process several packets between two waits? */
bool tun_ring_batches(const struct context *c);

/**
 * tun_ring_io_ready() - is a packet at hand, without a system call?
 *
 * If so, the function sets c->c2.event_set_status as io_wait() does.
 */
bool tun_ring_io_ready(struct context *c, unsigned int flags);

/** tun_ring_link_events() - EVENT_WRITE if the socket's queue was full */
unsigned int tun_ring_link_events(const struct context *c);

/**
 * tun_ring_before_wait() - hand all packets over to the kernel
 * @socket, @tuntap: EVENT_* to wait for
 *
 * Returns the longest time to wait: c->c2.timeval, or zero if packets are at hand.
 */
const struct timeval *tun_ring_before_wait(const struct context *c,
					   unsigned int socket,
					   unsigned int tuntap);

/** tun_ring_after_wait() - add packets at hand to event_set_status */
void tun_ring_after_wait(struct context *c, unsigned int socket,
			 unsigned int tuntap);

/**
 * tun_ring_merge() - add packets at hand to the event list of the TCP server
 *
 * Returns the new number of events.
 */
int tun_ring_merge(const struct context *c, struct event_set_return *esr,
		   int n, int max, void *tun_arg);

/** tun_ring_more() - may this pass take another packet of the tun? */
bool tun_ring_more(const struct tuntap *tt);

/**
 * tun_ring_link_drained() - account a read from the link
 *
 * Returns true if the read found an empty socket and so ended a batch, which is no
 * error.
 */
bool tun_ring_link_drained(struct context *c, int status);

/**
 * tun_ring_link_busy() - did a write to the link find the socket's queue full?
 *
 * If so, the packet stays in c->c2.to_link until the socket can be written.
 */
bool tun_ring_link_busy(struct context *c, int status);

#endif /* TUN_RING_H */
