/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * A tun in userspace: answers the library's calls and walks its rings as virtio's
 * device does, from the specification, without a line of the kernel's engine.
 */
#ifndef FAKE_H
#define FAKE_H

#include <stdbool.h>

#include "../lib/handle/handle.h"
#include "../lib/memory/pool.h"
#include "../lib/open.h"
#include "../lib/share.h"

#define FAKE_FD		77
#define FAKE_TABLE	78	/* a tun without a device */
#define FAKE_HUGE	(1U << 21)
#define FAKE_QUEUE	64
#define FAKE_BYTES	70000

struct fake_ring {
	uint32_t		entries;
	struct vring_desc	*desc;
	uint16_t		*avail;		/* flags, idx, ring, used_event */
	uint16_t		*used_flags;
	uint16_t		*used_idx;
	struct vring_used_elem	*used;
	uint16_t		*avail_event;
	struct tun_ring_meta	*meta;
	uint16_t		last_avail;
	uint16_t		idx;		/* used index, ours */
	uint16_t		signalled;
};

struct fake_frame {
	uint8_t			data[FAKE_BYTES];
	size_t			len;
	struct tun_ring_meta	meta;
	unsigned int		nsegs;
};

struct fake {
	/* properties, set by the test */
	bool		no_rings;
	bool		huge;		/* there are huge pages */
	bool		tap;
	int		vnet_size;
	bool		vnet_big;
	uint64_t	features;	/* offered */
	int		query_errno;
	int		setup_errno;	/* of an attach, too */
	int		mark_errno;	/* of a set-up with TX_MARK */
	int		mmap_fail;	/* the n-th mapping from now fails */
	int		enter_errno;
	int		write_errno;
	int		broken;
	bool		gone;		/* the device was deleted */

	/* calls that the library made */
	int		setups, teardowns, closes, polls;
	int		kicks_tx, kicks_rx, waits, ioctls;
	int		fl;		/* fcntl flags */
	int		notified_rx, notified_tx;
	struct tun_ring_setup setup;
	int		regions;	/* tables set, less tables forgotten */
	int		opens, shares;
	bool		attached;
	struct tun_ring_attach attach;

	/* memory */
	void		*driver, *device, *pool;
	uint64_t	pool_len;
	bool		user_pool;	/* of the program, though rings are ours */
	struct fake_ring rx, tx;

	/* plain mode */
	struct fake_frame in[FAKE_QUEUE];
	unsigned int	in_first, in_count;
	struct fake_frame out[FAKE_QUEUE];
	unsigned int	out_count;
};

extern const struct tr_ops fake_ops;
extern struct fake *fake;

void fake_init(void);
void fake_free(void);
int fake_open(struct tunring **h, const struct tunring_options *opt);
/* mem_fd: of attached rings, or -1 */
int fake_import(struct tunring **h, int mem_fd, const struct tunring_layout *layout);

/* rx: give a packet to the ring. Returns used entries, 0 if there is no room. */
int fake_rx(const void *data, size_t len, const struct tun_ring_meta *meta);
/* tx: take one packet. Returns 1, or 0 if there is none; -1: a bad chain. */
int fake_tx(struct fake_frame *f);
/* Ask the library for kicks, or decline them. */
void fake_want_kick(struct fake_ring *r, bool on);
/* plain mode: a frame that read() gives, headers included */
void fake_feed(const void *data, size_t len);

#endif /* FAKE_H */
