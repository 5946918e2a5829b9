/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The receive ring of fifo_random.c, and the buffers that its reader gives back: of
 * mapped rings, attached rings or a guest.
 */
#ifndef TUN_TESTS_FIFO_RANDOM_H
#define TUN_TESTS_FIFO_RANDOM_H

#include "attach.h"
#include "guest.h"

#define BUF		128	/* bytes of a buffer */
#define HDR		12
#define MOST		12	/* buffers of a packet */
#define HEADS		32

enum memory { MAPPED, PINNED, UNPINNED, GUEST, GUEST_PINNED };

/* ---- chance ---- */

static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

/* A number below n. */
static unsigned int below(uint64_t *state, unsigned int n)
{
	*state += 0x9e3779b97f4a7c15ULL;
	return mix(*state) % n;
}

/* None, some microseconds, or longer than the driver's timer of a millisecond. */
static void pause_by_chance(uint64_t *state)
{
	unsigned int what = below(state, 16);

	if (what < 4)
		usleep(below(state, 200));
	else if (what == 4)
		usleep(3000);
}

/* ---- one ring, in memory of either kind ---- */

struct side {
	struct env e;
	struct tring r;		/* of a guest: its features only */
	struct guest g;
	struct tvq *vq;
	uint8_t *pool;
	size_t stride, hdr;
	bool guest;
	bool late;		/* used_event moves when the reader waits */
	uint64_t seed, chance;	/* chance: of the reader */
	uint16_t held[HEADS];	/* buffers that the reader has not given back */
	unsigned int nheld;
	uint32_t next;		/* number of the next packet for the reader */
	uint32_t sent, done;	/* atomic */
	int stop, err;		/* atomic */
};

/* Bytes of a packet: the choice needs no state, so both threads know it. */
static size_t len_of(const struct side *s, uint32_t seq)
{
	uint64_t h = mix(s->seed ^ (seq + 1) * 0x9e3779b97f4a7c15ULL);
	size_t n = h & 1 ? 1 : 1 + (h >> 8) % MOST;

	n = n * BUF - s->hdr - (h >> 32) % 90;
	return n < 1500 ? n : 1500;
}

static unsigned int buffers_for(const struct side *s, uint32_t seq)
{
	return (s->hdr + len_of(s, seq) + BUF - 1) / BUF;
}

/* A mapped ring that is smaller than the packet drops the packet. */
static bool is_too_big(const struct side *s, uint32_t seq)
{
	return buffers_for(s, seq) > s->vq->entries;
}

static int kick(struct side *s)
{
	if (!tvq_wants_kick(&s->r, s->vq))
		return 0;
	if (!s->guest)
		return tring_enter(s->e.fd, TUN_RING_ENTER_RX, 0);
	guest_kick(&s->g, G_RX);
	return 0;
}

/* Gives n buffers back, at once or one by one. */
static int give(struct side *s, unsigned int n)
{
	bool at_once = below(&s->chance, 2);
	int ret = 0;

	while (n-- && ret >= 0) {
		uint16_t head = s->held[--s->nheld];

		tvq_desc(s->vq, head, head * s->stride, BUF, VRING_DESC_F_WRITE,
			 0);
		tvq_put(s->vq, head);
		if (n && at_once)
			continue;
		tvq_publish(s->vq);
		ret = kick(s);
	}
	return ret < 0 ? ret : 0;
}

static int begin_guest(struct side *s, bool pin, uint64_t features)
{
	int sz = HDR, ret;

	s->hdr = HDR;
	s->r.s.features = features;
	ret = env_open(&s->e, "random0", TUN_PLAIN | IFF_VNET_HDR) ?:
	      tunfd_ioctlp(s->e.fd, TUNSETVNETHDRSZ, &sz) ?:
	      guest_open_in(&s->g, dup(s->e.fd), pin, G_V1 | G_MRG |
			    (features & F_EVENT ? G_EVENT : 0), HDR) ?:
	      guest_start(&s->g, s->e.fd);
	s->vq = &s->g.vq[G_RX];
	s->pool = s->g.pool;
	s->stride = G_BUF;
	return ret;
}

static int begin_rings(struct side *s, enum memory m, const struct tconf *c)
{
	int ret = env_open(&s->e, "random0", TUN_PLAIN);

	if (!ret)
		ret = m == MAPPED ? tring_setup(&s->r, s->e.fd, c) :
		      attach_by_kind(&s->r, s->e.fd, m == PINNED ?
				     ATTACH_PINNED : ATTACH_UNPINNED, c);
	s->vq = &s->r.rx;
	s->pool = s->r.pool;
	s->stride = BUF;
	return ret;
}

#endif
