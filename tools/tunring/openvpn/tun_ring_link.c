// SPDX-License-Identifier: GPL-2.0
/* --tun-ring: set-up and tear-down of the UDP socket's batches. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include <poll.h>

#include "openvpn.h"
#include "error.h"
#include "ssl_common.h"
#include "ssl_pkt.h"
#include "tun.h"

#include "tun_ring_link.h"

#include "memdbg.h"

static struct tun_ring_link *links;

/*
 * A batch keeps no source address, type of service or SOCKS header for each packet.
 * OpenVPN itself reads and writes the links that need one.
 */
static bool link_is_plain(const struct context *c)
{
	const struct link_socket *sock = c->c2.link_socket;

	return proto_is_udp(sock->info.proto) && sock->sd >= 0 &&
	       !sock->socks_proxy && !(sock->sockflags & SF_USE_IP_PKTINFO) &&
	       !c->options.passtos && !c->options.shaper;
}

struct tun_ring_link *tun_ring_link_of(const struct context *c)
{
	return c->c2.link_socket ? c->c2.link_socket->ring_link : NULL;
}

struct tun_ring_link *tun_ring_link_get(const struct context *c)
{
	struct tun_ring_link *l = c->c2.link_socket->ring_link;

	if (l || !c->c1.tuntap || !c->c1.tuntap->rings || !link_is_plain(c))
		return l;
	ALLOC_OBJ_CLEAR(l, struct tun_ring_link);
	l->sock = c->c2.link_socket;
	tun_ring_link_out_init(l, c->options.mode == MODE_SERVER ?
			       c->options.max_clients : 1);
	tun_ring_link_in_init(l);
	l->sock->ring_link = l;
	l->next = links;
	links = l;
	return l;
}

bool tun_ring_link_is_data(const struct context *c, const struct buffer *buf)
{
	int op;

	/* With a static key there is no control channel. */
	if (!c->c2.tls_multi && c->mode == CM_P2P)
		return true;
	if (BLEN(buf) < 1)
		return false;
	op = *BPTR(buf) >> P_OPCODE_SHIFT;
	return op == P_DATA_V1 || op == P_DATA_V2;
}

void tun_ring_link_error(struct tun_ring_link *l, int err)
{
	errno = err;
	check_status(-1, "write", l->sock, NULL);
}

/*
 * poll() reports a pending error as well as a filled error queue. With errno 0,
 * check_status() takes the errno from the queue.
 */
void tun_ring_link_errors(struct tun_ring_link *l)
{
	struct pollfd pfd = { .fd = l->sock->sd };
	int err = 0;
	socklen_t len = sizeof(err);

	l->calls++;
	if (poll(&pfd, 1, 0) != 1 || !(pfd.revents & POLLERR))
		return;
	getsockopt(l->sock->sd, SOL_SOCKET, SO_ERROR, &err, &len);
	l->calls++;
	tun_ring_link_error(l, err);
}

void tun_ring_link_flush_all(void)
{
	struct tun_ring_link *l;

	for (l = links; l; l = l->next)
		tun_ring_link_flush(l);
}

static void list_remove(struct tun_ring_link *l)
{
	struct tun_ring_link **at = &links;

	while (*at != l)
		at = &(*at)->next;
	*at = l->next;
}

void tun_ring_link_close(struct link_socket *sock)
{
	struct tun_ring_link *l = sock->ring_link;

	if (!l)
		return;
	list_remove(l);
	tun_ring_link_flush(l);
	msg(M_INFO, "UDP batches: sent %llu packets in %llu messages, received %llu in %llu, %llu system calls, %llu times no room",
	    l->sent, l->sent_messages, l->received, l->received_messages,
	    l->calls, l->full);
	tun_ring_link_paths_free(&l->out.paths);
	free(l->out.data);
	free(l->in.data);
	free(l);
	sock->ring_link = NULL;
}
