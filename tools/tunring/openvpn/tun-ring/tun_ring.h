/* SPDX-License-Identifier: GPL-2.0-only WITH openvpn-openssl-exception */
/*
 * In addition, as a special exception, the copyright holders of this file give
 * permission to link the code of this file with the OpenSSL library (or with
 * modified versions of OpenSSL that use the same license as OpenSSL), and
 * distribute linked combinations including the two.  You must obey the GNU
 * General Public License in all respects for all of the code used other than
 * OpenSSL.  If you modify this file, you may extend this exception to your
 * version of the file, but you are not obligated to do so.  If you do not wish
 * to do so, delete this exception statement from your version.  The Apache2
 * linking exception of OpenVPN's COPYING applies to this file in the same way.
 */
/*
 * OpenVPN's side of the rings in a tun file descriptor (--tun-ring).
 *
 * OpenVPN's own files include this header. For a tun without rings each function does
 * nothing, or calls the function of stock OpenVPN that it stands in for. When OpenVPN
 * waits is the concern of udp_batch.h, to which rings are one kind of tun.
 */
#ifndef TUN_RING_H
#define TUN_RING_H

#include <stdbool.h>
#include <stdint.h>

struct buffer;
struct context;
struct status_output;
struct tun_rings;
struct tuntap;

#define TUN_RING_ENTRIES_DEFAULT 512

#ifdef ENABLE_TUN_RING

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
 * tun_ring_status() - add the counters of the rings to a status file
 * @table: start of each line
 * @sep: separator of name and number
 */
void tun_ring_status(const struct context *c, struct status_output *so,
                     const char *table, char sep);

/* ------------------------------------------------ packets (tun_ring_rx.c, tun_ring_tx.c) */

/** tun_ring_used() - has @tt rings? */
bool tun_ring_used(const struct tuntap *tt);

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

#else /* ENABLE_TUN_RING */

#define tun_ring_read(c)
#define tun_ring_write(tt, buf, len) write_tun(tt, buf, len)
#define tun_ring_decrypt_buf(c) ((c)->c2.buffers->decrypt_buf)

static inline void
tun_ring_open(struct context *c)
{
}
static inline void
tun_ring_close(struct tuntap *tt)
{
}

static inline void
tun_ring_status(const struct context *c,
                struct status_output *so,
                const char *table, char sep)
{
}

static inline bool
tun_ring_used(const struct tuntap *tt)
{
    return false;
}

#endif /* ENABLE_TUN_RING */

#endif /* TUN_RING_H */
