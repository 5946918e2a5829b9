/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The driver side of a split virtqueue, written from chapter 2.7 of the virtio 1.2
 * specification. This side shares no definition with the engine. Both share only the
 * memory and the marked accesses to it (shim.h).
 */
#ifndef _HOST_VIRTQ_H
#define _HOST_VIRTQ_H

#include <stdbool.h>
#include <stdint.h>

#define VIRTQ_DESC	16	/* bytes of a descriptor */

enum virtq_desc_flags {
	VIRTQ_NEXT = 1,
	VIRTQ_WRITE = 2,
	VIRTQ_INDIRECT = 4,
};

struct virtq_buf {
	uint64_t addr;
	uint32_t len;
	bool device_writes;
};

/**
 * struct virtq_table - an indirect table for the end of a chain
 * @mem: memory of the table
 * @addr: address of the table for the device
 * @from: index of the first buffer in the table
 */
struct virtq_table {
	void *mem;
	uint64_t addr;
	unsigned int from;
};

/**
 * struct virtq_slot - the driver's state of a descriptor
 * @next: next descriptor of the chain, if @more
 * @more: the chain continues
 * @busy: the descriptor is the head of a chain that the device owns
 * @cookie: the caller's number of the chain, in its head
 * @free: stack of unused descriptors, of which slot N holds the Nth
 */
struct virtq_slot {
	uint16_t next;
	bool more;
	bool busy;
	uint32_t cookie;
	uint16_t free;
};

/**
 * struct virtq - the driver's side
 * @num: Queue Size
 * @event_idx: VIRTIO_F_EVENT_IDX
 * @desc: Descriptor Area
 * @avail: Driver Area
 * @used: Device Area
 * @avail_idx: index of the next available entry to fill
 * @offered: available index that the device can see
 * @kicked: available index at the last decision to kick
 * @used_idx: index of the next used entry to take
 * @nfree: number of unused descriptors
 * @slot: one slot for each descriptor
 */
struct virtq {
	uint16_t num;
	bool event_idx;
	uint8_t *desc;
	uint8_t *avail;
	uint8_t *used;
	uint16_t avail_idx;
	uint16_t offered;
	uint16_t kicked;
	uint16_t used_idx;
	uint16_t nfree;
	struct virtq_slot *slot;
};

/* Bytes of the three areas. */
static inline unsigned int virtq_desc_size(unsigned int num)
{
	return VIRTQ_DESC * num;
}

static inline unsigned int virtq_avail_size(unsigned int num)
{
	return 6 + 2 * num;
}

static inline unsigned int virtq_used_size(unsigned int num)
{
	return 6 + 8 * num;
}

void virtq_init(struct virtq *q, uint16_t num, bool event_idx, void *desc,
		void *avail, void *used);
void virtq_exit(struct virtq *q);
uint16_t virtq_next_head(const struct virtq *q);
void virtq_write_desc(void *to, uint64_t addr, uint32_t len, uint16_t flags,
		      uint16_t next);
int virtq_add(struct virtq *q, const struct virtq_buf *buf, unsigned int n,
	      const struct virtq_table *table, uint32_t cookie);
void virtq_offer(struct virtq *q);
bool virtq_kick_needed(struct virtq *q);
bool virtq_get(struct virtq *q, uint32_t *cookie, uint32_t *len);
bool virtq_pending(struct virtq *q);
bool virtq_want_interrupt(struct virtq *q);
void virtq_no_interrupt(struct virtq *q);

/* Tests call these directly to break the rules of the available ring. */
void virtq_set_avail_idx(struct virtq *q, uint16_t idx);
void virtq_set_avail_entry(struct virtq *q, uint16_t at, uint16_t head);

#endif /* _HOST_VIRTQ_H */
