// SPDX-License-Identifier: GPL-2.0
/*
 * --tun-ring: when to wait, and when not to.
 *
 * OpenVPN's loops process one packet per turn, and wait before each read and each
 * write. With rings, a turn waits only if no packet is at hand: packets of the ring are
 * seen in memory, the ring accepts writes at any time, and a UDP socket is read and
 * written until EAGAIN, or in batches. OpenVPN processes at most TUN_RING_BATCH packets
 * per direction between two waits, so that neither side starves the other, the timers
 * or the management interface.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include "openvpn.h"
#include "error.h"
#include "forward.h"
#include "tun.h"

#include "tun_ring_link.h"
#include "tun_ring_state.h"

#include "memdbg.h"

static struct tun_rings *rings_of(const struct context *c)
{
	return c->c1.tuntap ? c->c1.tuntap->rings : NULL;
}

/* A stream needs a wait for room, and a shaper decides when to send. */
static bool link_batches(const struct context *c)
{
	return c->c2.link_socket && !c->options.shaper &&
	       proto_is_udp(c->c2.link_socket->info.proto);
}

bool tun_ring_batches(const struct context *c)
{
	return rings_of(c) && link_batches(c);
}

/* Packets for the tun or the link are sent before the next packet is read. */
static unsigned int ready_to_write(const struct context *c,
				   const struct tun_rings *r,
				   unsigned int flags)
{
	unsigned int status = 0;

	if (flags & IOW_TO_TUN)
		status |= TUN_WRITE;
	if ((flags & (IOW_TO_LINK | IOW_MBUF)) && !r->link_busy &&
	    link_batches(c))
		status |= SOCKET_WRITE;
	return status;
}

/* Is a packet of the link at hand, or may one be? */
static bool link_may_read(const struct context *c, const struct tun_rings *r)
{
	const struct tun_ring_link *l = tun_ring_link_of(c);

	if (!r->link_left || !link_batches(c))
		return false;
	return !l || tun_ring_link_buffered(l) || !l->in.drained;
}

static unsigned int ready_to_read(const struct context *c, struct tun_rings *r,
				  unsigned int flags)
{
	if (flags & (IOW_TO_TUN | IOW_TO_LINK | IOW_MBUF))
		return 0;
	if ((flags & IOW_READ_LINK) && link_may_read(c, r))
		return SOCKET_READ;
	if ((flags & IOW_FRAG) && TO_LINK_FRAG(c))
		return 0;
	if ((flags & IOW_READ_TUN) && r->tun_left && tun_ring_refill(r))
		return TUN_READ;
	return 0;
}

/* The batch is over, and OpenVPN may sleep: hand all packets over to the kernel. */
static void hand_over(const struct context *c, struct tun_rings *r)
{
	if (tun_ring_link_unsent(tun_ring_link_of(c)))
		tun_ring_link_flush(tun_ring_link_of(c));
	/* A client of the TCP server never sleeps in its waits. */
	if (r && c->mode != CM_CHILD_TCP) {
		tun_ring_release(r);
		tun_ring_kick(r);
	}
}

bool tun_ring_io_ready(struct context *c, unsigned int flags)
{
	struct tun_rings *r = rings_of(c);
	unsigned int status;

	if (!r)
		return false;
	/* As in io_wait_dowork(): the rest of a stream's buffer comes first. */
	if ((flags & IOW_CHECK_RESIDUAL) && socket_read_residual(c->c2.link_socket))
		return false;
	status = ready_to_write(c, r, flags);
	if (!status)
		status = ready_to_read(c, r, flags);
	if (!status) {
		hand_over(c, r);
		return false;
	}
	c->c2.event_set_status = status;
	return true;
}

unsigned int tun_ring_link_events(const struct context *c)
{
	struct tun_ring_link *l = tun_ring_link_of(c);

	return tun_ring_link_unsent(l) && !tun_ring_link_flush(l) ?
	       EVENT_WRITE : 0;
}

const struct timeval *tun_ring_before_wait(const struct context *c,
					   unsigned int socket,
					   unsigned int tuntap)
{
	static const struct timeval none;
	struct tun_rings *r = rings_of(c);
	bool pending = (socket & EVENT_READ) &&
		       tun_ring_link_buffered(tun_ring_link_of(c));

	hand_over(c, r);
	if (r) {
		r->tun_pending = (tuntap & EVENT_READ) &&
				 (tun_ring_refill(r) ||
				  tunring_prepare_wait(r->h) == 1);
		pending |= r->tun_pending;
	}
	return pending ? &none : &c->c2.timeval;
}

/* Add received packets that are at hand, and send packets that were left. */
static unsigned int link_after_wait(const struct context *c, unsigned int status,
				    unsigned int socket)
{
	struct tun_ring_link *l = tun_ring_link_of(c);

	if (!l)
		return status;
	if ((socket & EVENT_READ) && tun_ring_link_buffered(l))
		status = (status & ~ES_TIMEOUT) | SOCKET_READ;
	if (status & SOCKET_READ)
		l->in.drained = false;
	if ((status & SOCKET_WRITE) && !(socket & EVENT_WRITE)) {
		status &= ~SOCKET_WRITE;
		tun_ring_link_flush(l);
	}
	return status;
}

static unsigned int link_budget(const struct context *c,
				const struct tun_rings *r)
{
	return tun_ring_link_of(c) ? TUN_RING_BATCH : r->link_budget;
}

void tun_ring_after_wait(struct context *c, unsigned int socket,
			 unsigned int tuntap)
{
	struct tun_rings *r = rings_of(c);
	unsigned int status = c->c2.event_set_status;

	if (status & ES_ERROR)
		return;
	status = link_after_wait(c, status, socket);
	c->c2.event_set_status = status;
	if (!r)
		return;
	if ((status & TUN_READ) && !r->mapped)
		r->rx_readable = true;
	if (c->mode == CM_CHILD_TCP) {
		/* A client's turn ends with the batch that the server began. */
		if (!r->tun_left)
			status &= ~TUN_READ;
		else if (r->tun_pending && (tuntap & EVENT_READ))
			status = (status & ~ES_TIMEOUT) | TUN_READ;
	} else if (tuntap & EVENT_READ) {
		if (r->tun_pending)
			status = (status & ~ES_TIMEOUT) | TUN_READ;
		r->tun_left = (status & TUN_READ) ? TUN_RING_BATCH : 0;
	}
	r->link_busy = false;
	r->link_left = (status & SOCKET_READ) ? link_budget(c, r) : 0;
	c->c2.event_set_status = status;
}

int tun_ring_merge(const struct context *c, struct event_set_return *esr,
		   int n, int max, void *tun_arg)
{
	struct tun_rings *r = rings_of(c);
	int i;

	if (!r)
		return n;
	r->tun_left = TUN_RING_BATCH;
	for (i = 0; i < n; i++) {
		if (esr[i].arg == tun_arg) {
			r->rx_readable = true;
			return n;
		}
	}
	if (!r->tun_pending || n < 0 || n >= max)
		return n;
	esr[n].arg = tun_arg;
	esr[n].rwflags = EVENT_READ;
	return n + 1;
}

bool tun_ring_more(const struct tuntap *tt)
{
	return tt && tt->rings && tt->rings->tun_left &&
	       tun_ring_refill(tt->rings);
}

/*
 * An empty socket ends a batch. But if the first read after a wait finds no packet,
 * the socket has an error, which check_status() has to read.
 */
bool tun_ring_link_drained(struct context *c, int status)
{
	struct tun_rings *r = rings_of(c);
	unsigned int got;

	if (!r || !r->link_left || !link_batches(c))
		return false;
	got = link_budget(c, r) - r->link_left;
	if (status >= 0) {
		if (--r->link_left == 0 && !tun_ring_link_of(c))
			r->link_budget = min_int(2 * r->link_budget,
						 TUN_RING_BATCH);
		return false;
	}
	r->link_left = 0;
	if (!tun_ring_link_of(c))
		r->link_budget = got ? got : 1;
	return got && (errno == EAGAIN || errno == EWOULDBLOCK);
}

bool tun_ring_link_busy(struct context *c, int status)
{
	struct tun_rings *r = rings_of(c);

	if (!r || status >= 0 || c->c2.fast_io || !link_batches(c) ||
	    c->c2.link_socket->socks_proxy ||
	    (errno != EAGAIN && errno != EWOULDBLOCK))
		return false;
	r->link_busy = true;
	return true;
}
