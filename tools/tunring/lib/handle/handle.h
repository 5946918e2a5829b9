/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * The handle. rx and tx state lie apart, on cache lines of their own: two
 * threads, one on each side, share only fields that are constant after set-up.
 */
#ifndef TR_HANDLE_H
#define TR_HANDLE_H

#include <linux/if_tun_ring.h>
#include <linux/virtio_ring.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../kernel/ops.h"
#include "tunring.h"

#define TR_CACHELINE	64
#define TR_NO_SLOT	0xffffU
/* The longest read() from a tun: GSO packet, link header, tag. */
#define TR_OVERFLOW	(65536U + 64U)

enum tr_state {
	TR_FREE,	/* on the free list, or in the rx ring */
	TR_HELD,	/* the program owns it */
	TR_FLIGHT,	/* tx: the kernel owns it, or it waits for write() */
	TR_SEGMENT,	/* part of a packet with another slot as its head */
};

/* A slot is a descriptor and the buffer that it has now. */
struct tr_slot {
	uint64_t	at;	/* where in the pool the buffer begins */
	uint32_t	off;	/* where in the buffer the packet's bytes begin */
	uint32_t	len;	/* how many there are */
	uint16_t	next;	/* further segment of the packet */
};

/* An element of tr_direction.owner: a state and, in a head, the segments of the packet. */
#define TR_OWNER(state, nsegs)	((uint32_t)(state) << 16 | (uint32_t)(nsegs))
#define TR_OWNER_STATE(owner)	((owner) >> 16)
#define TR_OWNER_NSEGS(owner)	((owner) & 0xffffU)

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
struct tr_direction {
	struct tr_slot	*slots;
	uint8_t		**data;		/* of each slot: its buffer after the headroom */
	uint32_t	*owner;		/* of each slot: TR_OWNER() */
	uint16_t	*free;		/* stack of free slots */
	uint32_t	nfree;		/* rx in ring mode: unused */
	uint32_t	entries;
	uint32_t	buf_size;
	uint32_t	room;		/* of a buffer, for a packet */
	uint32_t	held;		/* slots that the program has */
	uint16_t	avail_idx;	/* ours, free-running */
	uint16_t	last_used;	/* used entries taken */
	uint16_t	kick_idx;	/* avail_idx at the last look at avail_event */
	bool		kick_pending;
	bool		armed;		/* NO_INTERRUPT is not set */
	bool		slept;		/* see sleep.h */
	uint16_t	slept_at;	/* last_used at that time */
	uint16_t	empty;		/* calls that found nothing */
	struct tr_vq	vq;
	struct tun_ring_meta	*own_meta;	/* plain mode: the records */
	struct tunring_counters	count;		/* plain mode */
	uint64_t	syscalls;
} __attribute__((aligned(TR_CACHELINE)));

/* rx in plain mode: bytes beyond the first buffer wait here for further ones. */
struct tr_overflow {
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

struct tr_backend;

struct tr_area {
	void	*base;
	size_t	len;
};

struct tunring {
	const struct tr_ops	*ops;
	const struct tr_backend	*backend;
	int			fd;
	int			mem_fd;		/* of attached rings, or -1 */
	int			event_fd[TUNRING_EVENTS]; /* the same */
	bool			own_fd;
	bool			pooled;		/* slots have buffers of shared */
	bool			was_blocking;
	bool			event_idx;
	bool			tap;
	bool			has_pi;
	bool			vnet_big;	/* headers are big-endian */
	uint32_t		vnet_size;	/* 0 without IFF_VNET_HDR */
	uint32_t		headroom;
	uint32_t		tailroom;
	uint32_t		iff;
	uint32_t		opt_flags;
	uint32_t		ring_errno;
	uint64_t		features;
	char			name[16];
	uint8_t			*pool;
	struct tunring_pool	*shared;	/* the pool of several handles, or NULL */
	struct tr_area		pool_area;
	struct tr_area		driver_area;
	struct tr_area		device_area;
	struct tun_ring_setup	setup;		/* where rings are; as the kernel's */

	struct tr_direction	rx;
	struct tr_overflow	overflow;
	struct tr_direction	tx;
	struct tr_fifo		fifo;
};

#endif /* TR_HANDLE_H */
