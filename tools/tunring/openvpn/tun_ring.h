/* SPDX-License-Identifier: GPL-2.0 */
/*
 * OpenVPN's side of the rings in a tun file descriptor (--tun-ring).
 *
 * Included by OpenVPN's own files; everything here does nothing, or what stock
 * OpenVPN does, for a tun that has no rings.
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
 * @arg: as typed, or NULL if there was none
 *
 * Returns the entries per ring, or 0 if @arg is no power of two in range.
 */
int tun_ring_parse_entries(const char *arg);

/**
 * tun_ring_open() - give the tun of @c rings, if its options ask for them
 *
 * For a tun that was kept over a restart: makes new rings if the old ones'
 * buffers are too small for the frame of the new instance.
 */
void tun_ring_open(struct context *c);

/** tun_ring_close() - tear the rings of @tt down, before its fd is closed */
void tun_ring_close(struct tuntap *tt);

/**
 * tun_ring_before_script() - hand over all packets before OpenVPN stands still
 *
 * Called before a script or a plugin runs, which may be in the middle of a batch.
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
 * A buffer of the transmit ring, from which tun_ring_write() will send the
 * packet as it lies, or the context's own decrypt_buf.
 */
struct buffer tun_ring_decrypt_buf(struct context *c);

/* ------------------------ the UDP link (tun_ring_link*.c), if it can batch */

/**
 * tun_ring_link_write() - stands in for link_socket_write() of c->c2.to_link
 *
 * A packet that is kept to be sent with others counts as written. -1 with EAGAIN:
 * there is no room for it.
 */
int tun_ring_link_write(struct context *c, struct link_socket_actual *to);

/**
 * tun_ring_link_read() - stands in for link_socket_read() to c->c2.buf and from
 *
 * c->c2.buf is where the packet lies until the next call.
 */
int tun_ring_link_read(struct context *c);

/** tun_ring_link_close() - send what is left, before the socket is closed */
void tun_ring_link_close(struct link_socket *sock);

/* ----------------------------------------------- waiting (tun_ring_wait.c) */

/** tun_ring_batches() - do packets go by without a wait between them? */
bool tun_ring_batches(const struct context *c);

/**
 * tun_ring_io_ready() - is there something to do without asking the kernel?
 *
 * Sets c->c2.event_set_status as io_wait() does, if so.
 */
bool tun_ring_io_ready(struct context *c, unsigned int flags);

/** tun_ring_link_events() - EVENT_WRITE if the link did not take all packets */
unsigned int tun_ring_link_events(const struct context *c);

/**
 * tun_ring_before_wait() - hand everything over that the kernel has to see
 * @socket, @tuntap: EVENT_* that will be waited for
 *
 * Returns how long the wait may last: c->c2.timeval, or no time if packets are
 * at hand.
 */
const struct timeval *tun_ring_before_wait(const struct context *c,
					   unsigned int socket,
					   unsigned int tuntap);

/** tun_ring_after_wait() - merge what is at hand into event_set_status */
void tun_ring_after_wait(struct context *c, unsigned int socket,
			 unsigned int tuntap);

/**
 * tun_ring_merge() - the same for the event list of the TCP server
 *
 * Returns the new number of events.
 */
int tun_ring_merge(const struct context *c, struct event_set_return *esr,
		   int n, int max, void *tun_arg);

/** tun_ring_more() - may another packet of the tun be taken in this pass? */
bool tun_ring_more(const struct tuntap *tt);

/**
 * tun_ring_link_drained() - account a read from the link
 *
 * Returns true if it ended a batch: nothing was there, and that is no error.
 */
bool tun_ring_link_drained(struct context *c, int status);

/**
 * tun_ring_link_busy() - did a write to the link find its queue full?
 *
 * Then the packet stays where it is until the socket can be written.
 */
bool tun_ring_link_busy(struct context *c, int status);

#endif /* TUN_RING_H */
