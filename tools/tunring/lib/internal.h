/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * The handle. rx and tx state lie apart, on cache lines of their own: two
 * threads, one on each side, share nothing but what is constant after set-up.
 */
#ifndef TR_INTERNAL_H
#define TR_INTERNAL_H

#include <linux/if_tun_ring.h>
#include <linux/virtio_ring.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../include/tunring.h"
#include "ops.h"

#define TR_CACHELINE	64
#define TR_NO_SLOT	0xffffU
/* The longest read() from a tun: GSO packet, link header, tag. */
#define TR_SPILL	(65536U + 64U)

enum tr_state {
	TR_FREE,	/* nobody's: on the free list, in the rx ring */
	TR_HELD,	/* the program's */
	TR_FLIGHT,	/* tx: the kernel's, or waiting for write() */
	TR_SEGMENT,	/* belongs to the packet whose head is another slot */
};

/* A slot is a descriptor and the buffer that it has now. */
struct tr_slot {
	uint32_t	buf;	/* number in the pool */
	uint32_t	off;	/* where in it the packet's bytes begin */
	uint32_t	len;	/* how many there are */
	uint16_t	next;	/* further segment of the packet */
	uint16_t	nsegs;	/* of the packet, in its head */
	uint8_t		state;
};

struct tr_vq {
	uint32_t		mask;
	struct vring_desc	*desc;
	struct vring_avail	*avail;
	const struct vring_used	*used;
	struct tun_ring_meta	*meta;
	uint16_t		*used_event;	/* after the available ring */
	const uint16_t		*avail_event;	/* after the used ring */
};

/* Fields that both modes and both sides have. */
struct tr_side {
	struct tr_slot	*slots;
	uint16_t	*free;		/* stack of free slots */
	uint32_t	nfree;		/* rx in ring mode: unused */
	uint32_t	entries;
	uint32_t	held;		/* slots that the program has */
	uint16_t	avail_idx;	/* ours, free-running */
	uint16_t	last_used;	/* used entries taken */
	uint16_t	kick_idx;	/* avail_idx when a kick was last decided */
	bool		kick_due;
	bool		armed;		/* NO_INTERRUPT is not set */
	struct tr_vq	vq;
	struct tun_ring_meta	*own_meta;	/* plain mode: the records */
	struct tunring_counters	count;		/* plain mode */
	uint64_t	syscalls;
} __attribute__((aligned(TR_CACHELINE)));

/* rx in plain mode: what did not fit the first buffer waits here. */
struct tr_spill {
	uint8_t		*mem;
	uint32_t	len;		/* waiting bytes */
	uint16_t	head;		/* slot with the packet's beginning */
	bool		pending;
};

/* tx in plain mode: submitted packets, in order. */
struct tr_fifo {
	uint16_t	*head;
	uint32_t	first;
	uint32_t	count;
};

struct tr_area {
	void	*base;
	size_t	len;
};

struct tunring {
	const struct tr_ops	*ops;
	int			fd;
	int			mem_fd;		/* of attached rings, or -1 */
	int			event_fd[TUNRING_EVENTS]; /* the same */
	enum tunring_mode	mode;
	bool			own_fd;
	bool			pooled;		/* slots have buffers of shared */
	bool			was_blocking;
	bool			event_idx;
	bool			tap;
	bool			has_pi;
	bool			vnet_big;	/* headers are big-endian */
	uint32_t		vnet_size;	/* 0 without IFF_VNET_HDR */
	uint32_t		buf_size;
	uint32_t		headroom;
	uint32_t		tailroom;
	uint32_t		room;
	uint32_t		iff;
	uint32_t		opt_flags;
	uint32_t		ring_errno;
	uint64_t		features;
	char			name[16];
	uint8_t			*pool;
	struct tunring_pool	*shared;	/* whose packets lie at pool, or NULL */
	struct tr_area		pool_area;
	struct tr_area		driver_area;
	struct tr_area		device_area;
	struct tun_ring_setup	setup;		/* where rings are; as the kernel's */

	struct tr_side		rx;
	struct tr_spill		spill;
	struct tr_side		tx;
	struct tr_fifo		fifo;
};

static inline uint8_t *tr_buf(const struct tunring *h, const struct tr_slot *s)
{
	return h->pool + (size_t)s->buf * h->buf_size;
}

static inline struct tr_side *tr_side_of(const struct tunring *h,
					 const struct tunring_packet *pkt)
{
	return (struct tr_side *)(pkt->side ? &h->tx : &h->rx);
}

/* open.c */
int tr_options_check(const struct tunring_options *opt);
int tr_adopt(struct tunring **handle, int fd, unsigned int flags,
	     const struct tunring_options *opt, const struct tr_ops *ops);
int tr_adopt_pool(struct tunring **handle, int fd, unsigned int flags,
		  const struct tunring_options *opt, struct tunring_pool *pool,
		  const struct tr_ops *ops);
int tr_new(struct tunring **handle, int fd, unsigned int flags,
	   const struct tr_ops *ops);
void tr_free(struct tunring *h);
int tr_read_link(struct tunring *h);

/* share.c */
int tr_import(struct tunring **handle, int fd, int mem_fd, unsigned int flags,
	      const struct tunring_layout *layout, const struct tr_ops *ops);

/* slots.c */
int tr_slots_init(struct tunring *h);
void tr_slots_free(struct tunring *h);
void tr_tx_free_chain(struct tunring *h, unsigned int head);
void tr_packet_fill(const struct tunring *h, struct tunring_packet *pkt,
		    unsigned int slot, unsigned int side);
bool tr_packet_held(const struct tunring *h, const struct tunring_packet *pkt,
		    unsigned int side);
int tr_packet_check(const struct tunring *h, const struct tunring_packet *pkt);

/* setup_ring.c */
int tr_ring_query(const struct tr_ops *ops, int fd, struct tun_ring_query *q);
int tr_ring_setup(struct tunring *h, const struct tunring_options *opt);
int tr_ring_map(struct tunring *h);
void tr_ring_start(struct tunring *h);
void tr_ring_end(struct tunring *h);
void tr_ring_unmap(struct tunring *h);

/* attach.c */
int tr_attach(struct tunring *h, const struct tunring_options *opt,
	      uint64_t features);
int tr_memory_take(struct tunring *h, int fd, uint64_t end);
void tr_regions_forget(struct tunring *h);

/* event.c */
bool tr_events_valid(const struct tunring_options *opt);
int tr_events_init(struct tunring *h, const struct tunring_options *opt);
void tr_events_free(struct tunring *h);

/* pool.c */
int tr_pool_new(struct tunring_pool **pool, uint32_t bufs, uint32_t buf_size,
		uint32_t flags, const struct tr_ops *ops);
int tr_pool_join(struct tunring *h, struct tunring_pool *p);
void *tr_pool_base(const struct tunring_pool *p);
int tr_pool_take(struct tunring *h);
void tr_pool_give(struct tunring *h);
int tr_pool_regions(struct tunring *h);

/* setup_plain.c */
int tr_plain_setup(struct tunring *h, const struct tunring_options *opt);
void tr_plain_free(struct tunring *h);
void tr_plain_restore(struct tunring *h);

/* ring_rx.c */
void tr_ring_rx_fill(struct tunring *h);
int tr_ring_rx_burst(struct tunring *h, struct tunring_packet *pkts,
		     unsigned int n);
void tr_ring_rx_give(struct tunring *h, unsigned int slot);
void tr_ring_rx_publish(struct tunring *h);
unsigned int tr_ring_rx_arm(struct tunring *h);

/* ring_tx.c */
void tr_ring_tx_queue(struct tunring *h, unsigned int head);
void tr_ring_tx_publish(struct tunring *h);
void tr_ring_tx_reclaim(struct tunring *h);
void tr_ring_tx_arm(struct tunring *h);

/* enter.c */
bool tr_ring_kick_needed(const struct tunring *h, struct tr_side *s);
int tr_ring_enter(struct tunring *h, struct tr_side *side, unsigned int flags,
		  int64_t timeout_ns, const sigset_t *mask);

/* plain_rx.c */
int tr_plain_rx_burst(struct tunring *h, struct tunring_packet *pkts,
		      unsigned int n);
bool tr_plain_rx_ready(const struct tunring *h);

/* plain_tx.c */
void tr_plain_tx_queue(struct tunring *h, unsigned int head);
int tr_plain_tx_flush(struct tunring *h);

/* plain_meta.c */
struct tr_prefix {
	uint8_t		bytes[4 + 64];	/* tun_pi, virtio_net_hdr */
	uint32_t	len;
};
uint32_t tr_prefix_len(const struct tunring *h);
void tr_prefix_decode(const struct tunring *h, const struct tr_prefix *p,
		      const uint8_t *data, uint32_t len,
		      struct tun_ring_meta *m);
void tr_prefix_encode(const struct tunring *h, const struct tun_ring_meta *m,
		      const uint8_t *data, uint32_t len, struct tr_prefix *p);

/* csum.c */
int tr_csum_finish(struct iovec *iov, unsigned int n, uint32_t start,
		   uint32_t offset);

/* tx.c */
unsigned int tr_tx_take(struct tunring *h);
void tr_tx_queue(struct tunring *h, unsigned int head);

/* rx.c */
void tr_rx_free_chain(struct tunring *h, unsigned int head);
int tr_rx_kick(struct tunring *h);

#endif /* TR_INTERNAL_H */
