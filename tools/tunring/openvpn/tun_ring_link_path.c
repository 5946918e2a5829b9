// SPDX-License-Identifier: GPL-2.0
/*
 * --tun-ring: the ways to the peers of a UDP link.
 *
 * One peer may be behind a smaller MTU or a lesser device than another, so the limits
 * of the kernel's segmentation are kept for each address.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include "openvpn.h"
#include "error.h"
#include "list.h"

#include "tun_ring_link.h"

#include "memdbg.h"

/* After the kernel refused to segment, e.g. because the path's MTU shrank. */
#define CUT_RETRY_S	60

/* An address has so many slots to be in. */
#define PROBES		8

/* Half of the slots stay empty when all clients are there. */
void tun_ring_link_paths_init(struct link_paths *ps, unsigned int peers,
			      bool can_cut)
{
	unsigned int n = PROBES;

	while (n < 2 * peers)
		n *= 2;
	ps->slots = calloc(n, sizeof(*ps->slots));
	check_malloc_return(ps->slots);
	ps->mask = n - 1;
	ps->cut_max = can_cut ? LINK_RUN_BYTES : 0;
	ps->batch = 1;
}

void tun_ring_link_paths_free(struct link_paths *ps)
{
	free(ps->slots);
	ps->slots = NULL;
}

static bool path_is(const struct link_path *p, const struct openvpn_sockaddr *to,
		    socklen_t to_len)
{
	return p->to_len == to_len && !memcmp(&p->to.addr, &to->addr, to_len);
}

static void path_reset(const struct link_paths *ps, struct link_path *p)
{
	p->cut_max = ps->cut_max;
	p->cut_retry = 0;
	p->whole_max = 0;
}

/* A slot whose packets are still to be sent keeps its address. */
static struct link_path *path_find(struct link_paths *ps,
				   const struct openvpn_sockaddr *to,
				   socklen_t to_len)
{
	uint32_t hash = hash_func((const uint8_t *)&to->addr, to_len, 0);
	struct link_path *p, *oldest = NULL;
	unsigned int i;

	for (i = 0; i < PROBES; i++) {
		p = &ps->slots[(hash + i) & ps->mask];
		if (path_is(p, to, to_len))
			return p;
		if (p->batch != ps->batch &&
		    (!oldest || ps->batch - p->batch > ps->batch - oldest->batch))
			oldest = p;
	}
	if (!oldest)
		return NULL;
	memcpy(&oldest->to.addr, &to->addr, to_len);
	oldest->to_len = to_len;
	path_reset(ps, oldest);
	return oldest;
}

struct link_path *tun_ring_link_path(struct link_paths *ps,
				     const struct openvpn_sockaddr *to,
				     socklen_t to_len)
{
	struct link_path *p = path_find(ps, to, to_len);

	if (!p) {
		/* Nothing is known of a path, and nothing is kept. */
		p = &ps->unknown;
		p->cut_max = 0;
		p->whole_max = 0;
		return p;
	}
	p->batch = ps->batch;
	if (p->cut_retry && now >= p->cut_retry) {
		p->cut_max = ps->cut_max;
		p->cut_retry = 0;
	}
	return p;
}

void tun_ring_link_path_refused(struct link_path *p, unsigned int segment,
				int err)
{
	if (p->whole_max >= segment)
		p->whole_max = segment - 1;
	switch (err) {
	case EINVAL:	/* larger than the path takes in one piece */
	case EMSGSIZE:
		p->cut_max = segment - 1;
		break;
	case EIO:	/* a device that makes no checksums */
	case EOPNOTSUPP:
		p->cut_max = 0;
		break;
	default:	/* the error concerns any packet */
		return;
	}
	p->cut_retry = now + CUT_RETRY_S;
}
