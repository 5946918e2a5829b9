// SPDX-License-Identifier: GPL-2.0
/*
 * --udp-batch: when to wait, and when not to.
 *
 * OpenVPN's loops process one packet per turn, and wait before each read and each
 * write. In a batch a turn waits only if no packet is at hand: the tun is read until
 * EAGAIN and accepts writes at any time, and a UDP socket is read and written until
 * EAGAIN, or many packets at once. OpenVPN processes at most UDP_BATCH_MAX packets per
 * direction between two waits, so that neither side starves the other, the timers or
 * the management interface.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include "openvpn.h"
#include "error.h"
#include "forward.h"
#include "tun.h"

#include "udp_batch_state.h"

#include "memdbg.h"

static struct io_batch *io_of(const struct context *c)
{
	return c->c1.tuntap ? c->c1.tuntap->batch : NULL;
}

/* A stream needs a wait for room, and a shaper decides when to send. */
static bool link_batches(const struct context *c)
{
	return c->c2.link_socket && !c->options.shaper &&
	       proto_is_udp(c->c2.link_socket->info.proto);
}

bool udp_batch_active(const struct context *c)
{
	return io_of(c) && link_batches(c);
}

/* Packets for the tun or the link are sent before the next packet is read. */
static unsigned int ready_to_write(const struct context *c,
				   const struct io_batch *b,
				   unsigned int flags)
{
	unsigned int status = 0;

	if (flags & IOW_TO_TUN)
		status |= TUN_WRITE;
	if ((flags & (IOW_TO_LINK | IOW_MBUF)) && !b->link_busy &&
	    link_batches(c))
		status |= SOCKET_WRITE;
	return status;
}

/* Is a packet of the link at hand, or may one be? */
static bool link_may_read(const struct context *c, const struct io_batch *b)
{
	const struct udp_batch *l = udp_batch_of(c);

	if (!b->link_left || !link_batches(c))
		return false;
	return !l || udp_batch_buffered(l) || !l->in.drained;
}

/* Without operations a read() tells: the batch ends with EAGAIN. */
static bool tun_at_hand(const struct io_batch *b)
{
	return b->tun_left && (!b->tun || b->tun->ready(b->tt));
}

static unsigned int ready_to_read(const struct context *c, struct io_batch *b,
				  unsigned int flags)
{
	if (flags & (IOW_TO_TUN | IOW_TO_LINK | IOW_MBUF))
		return 0;
	if ((flags & IOW_READ_LINK) && link_may_read(c, b))
		return SOCKET_READ;
	if ((flags & IOW_FRAG) && TO_LINK_FRAG(c))
		return 0;
	if ((flags & IOW_READ_TUN) && tun_at_hand(b))
		return TUN_READ;
	return 0;
}

/* The batch is over, and OpenVPN may sleep: hand all packets over to the kernel. */
static void hand_over(const struct context *c, struct io_batch *b)
{
	if (udp_batch_unsent(udp_batch_of(c)))
		udp_batch_flush(udp_batch_of(c));
	/* A client of the TCP server never sleeps in its waits. */
	if (b && b->tun && c->mode != CM_CHILD_TCP) {
		b->tun->release(b->tt);
		b->tun->kick(b->tt);
	}
}

bool udp_batch_io_ready(struct context *c, unsigned int flags)
{
	struct io_batch *b = io_of(c);
	unsigned int status;

	if (!b)
		return false;
	/* As in io_wait_dowork(): the rest of a stream's buffer comes first. */
	if ((flags & IOW_CHECK_RESIDUAL) && socket_read_residual(c->c2.link_socket))
		return false;
	status = ready_to_write(c, b, flags);
	if (!status)
		status = ready_to_read(c, b, flags);
	if (!status) {
		hand_over(c, b);
		return false;
	}
	c->c2.event_set_status = status;
	return true;
}

unsigned int udp_batch_link_events(const struct context *c)
{
	struct udp_batch *l = udp_batch_of(c);

	return udp_batch_unsent(l) && !udp_batch_flush(l) ? EVENT_WRITE : 0;
}

const struct timeval *udp_batch_before_wait(const struct context *c,
					    unsigned int socket,
					    unsigned int tuntap)
{
	static const struct timeval none;
	struct io_batch *b = io_of(c);
	bool pending = (socket & EVENT_READ) &&
		       udp_batch_buffered(udp_batch_of(c));

	hand_over(c, b);
	if (b && b->tun) {
		b->tun_pending = (tuntap & EVENT_READ) &&
				 b->tun->prepare_wait(b->tt);
		pending |= b->tun_pending;
	}
	return pending ? &none : &c->c2.timeval;
}

/* Add received packets that are at hand, and send packets that were left. */
static unsigned int link_after_wait(const struct context *c, unsigned int status,
				    unsigned int socket)
{
	struct udp_batch *l = udp_batch_of(c);

	if (!l)
		return status;
	if ((socket & EVENT_READ) && udp_batch_buffered(l))
		status = (status & ~ES_TIMEOUT) | SOCKET_READ;
	if (status & SOCKET_READ)
		l->in.drained = false;
	if ((status & SOCKET_WRITE) && !(socket & EVENT_WRITE)) {
		status &= ~SOCKET_WRITE;
		udp_batch_flush(l);
	}
	return status;
}

static unsigned int link_budget(const struct context *c,
				const struct io_batch *b)
{
	return udp_batch_of(c) ? UDP_BATCH_MAX : b->link_budget;
}

void udp_batch_after_wait(struct context *c, unsigned int socket,
			  unsigned int tuntap)
{
	struct io_batch *b = io_of(c);
	unsigned int status = c->c2.event_set_status;

	if (status & ES_ERROR)
		return;
	status = link_after_wait(c, status, socket);
	c->c2.event_set_status = status;
	if (!b)
		return;
	if (c->mode == CM_CHILD_TCP) {
		/* A client's turn ends with the batch that the server began. */
		if (!b->tun_left)
			status &= ~TUN_READ;
		else if (b->tun_pending && (tuntap & EVENT_READ))
			status = (status & ~ES_TIMEOUT) | TUN_READ;
	} else if (tuntap & EVENT_READ) {
		if (b->tun_pending)
			status = (status & ~ES_TIMEOUT) | TUN_READ;
		b->tun_left = (status & TUN_READ) ? UDP_BATCH_MAX : 0;
	}
	b->link_busy = false;
	b->link_left = (status & SOCKET_READ) ? link_budget(c, b) : 0;
	c->c2.event_set_status = status;
}

void udp_batch_tun_read(struct context *c, int len)
{
	struct io_batch *b = io_of(c);

	if (b)
		b->tun_left = b->tun_left && len > 0 ? b->tun_left - 1 : 0;
}

/*
 * An empty socket ends a batch. But if the first read after a wait finds no packet,
 * the socket has an error, which check_status() has to read.
 */
bool udp_batch_drained(struct context *c, int status)
{
	struct io_batch *b = io_of(c);
	unsigned int got;

	if (!b || !b->link_left || !link_batches(c))
		return false;
	got = link_budget(c, b) - b->link_left;
	if (status >= 0) {
		if (--b->link_left == 0 && !udp_batch_of(c))
			b->link_budget = min_int(2 * b->link_budget,
						 UDP_BATCH_MAX);
		return false;
	}
	b->link_left = 0;
	if (!udp_batch_of(c))
		b->link_budget = got ? got : 1;
	return got && (errno == EAGAIN || errno == EWOULDBLOCK);
}

bool udp_batch_busy(struct context *c, int status)
{
	struct io_batch *b = io_of(c);

	if (!b || status >= 0 || c->c2.fast_io || !link_batches(c) ||
	    c->c2.link_socket->socks_proxy ||
	    (errno != EAGAIN && errno != EWOULDBLOCK))
		return false;
	b->link_busy = true;
	return true;
}
