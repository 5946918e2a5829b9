// SPDX-License-Identifier: GPL-2.0
#include "virtq.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shim/shim.h"

/* 2.7.6, 2.7.8: both rings begin with flags and idx, and end with an event index. */
#define FLAGS	0
#define IDX	2
#define ENTRIES	4

#define AVAIL_NO_INTERRUPT	1
#define USED_NO_NOTIFY		1

static uint16_t get_word(const uint8_t *p)
{
	uint16_t v;

	shim_load(p, &v, sizeof(v));
	return le16toh(v);
}

static void put_word(uint8_t *p, uint16_t v, bool release)
{
	v = htole16(v);
	shim_store(p, &v, sizeof(v), release);
}

static void put_bytes(uint8_t *p, uint64_t v, int n)
{
	for (; n--; v >>= 8)
		*p++ = v;
}

static uint32_t get_bytes(const uint8_t *p, int n)
{
	uint32_t v = 0;

	while (n--)
		v = v << 8 | p[n];
	return v;
}

static uint8_t *used_event(const struct virtq *q)
{
	return q->avail + ENTRIES + 2 * q->num;
}

static uint8_t *avail_event(const struct virtq *q)
{
	return q->used + ENTRIES + 8 * q->num;
}

void virtq_init(struct virtq *q, uint16_t num, bool event_idx, void *desc,
		void *avail, void *used)
{
	memset(q, 0, sizeof(*q));
	q->num = num;
	q->event_idx = event_idx;
	q->desc = desc;
	q->avail = avail;
	q->used = used;
	q->slot = calloc(num, sizeof(*q->slot));
	if (!q->slot)
		abort();
	while (q->nfree < num) {
		q->slot[q->nfree].free = num - 1 - q->nfree;
		q->nfree++;
	}
}

void virtq_exit(struct virtq *q)
{
	free(q->slot);
}

/* Return: the head of the next chain, if descriptors are free. */
uint16_t virtq_next_head(const struct virtq *q)
{
	return q->slot[q->nfree - 1].free;
}

/* 2.7.5: le64 addr, le32 len, le16 flags, le16 next */
void virtq_write_desc(void *to, uint64_t addr, uint32_t len, uint16_t flags,
		      uint16_t next)
{
	uint8_t *p = to;

	put_bytes(p, addr, 8);
	put_bytes(p + 8, len, 4);
	put_bytes(p + 12, flags, 2);
	put_bytes(p + 14, next, 2);
}

static uint16_t buf_flags(const struct virtq_buf *buf, bool more)
{
	return (buf->device_writes ? VIRTQ_WRITE : 0) | (more ? VIRTQ_NEXT : 0);
}

/* 2.7.5.3: one descriptor of the queue refers to a table of descriptors. */
static void write_table(const struct virtq_table *t,
			const struct virtq_buf *buf, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		virtq_write_desc((uint8_t *)t->mem + VIRTQ_DESC * i,
				 buf[i].addr, buf[i].len,
				 buf_flags(&buf[i], i + 1 < n),
				 i + 1 < n ? i + 1 : 0);
}

/**
 * virtq_add - place a chain in the ring without offering it (2.7.13.1 and 2)
 * @q: the queue
 * @buf: buffers of the chain
 * @n: number of elements of @buf
 * @table: NULL, or an indirect table for the buffers from @table->from on
 * @cookie: virtq_get() returns it
 *
 * Return: the head, or -1 if there are too few descriptors.
 */
int virtq_add(struct virtq *q, const struct virtq_buf *buf, unsigned int n,
	      const struct virtq_table *table, uint32_t cookie)
{
	unsigned int i, direct = table ? table->from : n;
	unsigned int slots = direct + !!table;
	uint16_t head, id;

	if (slots > q->nfree)
		return -1;
	head = virtq_next_head(q);
	for (i = 0; i < slots; i++) {
		bool more = i + 1 < slots;

		id = q->slot[--q->nfree].free;
		q->slot[id].more = more;
		q->slot[id].next = more ? virtq_next_head(q) : 0;
		if (i < direct)
			virtq_write_desc(q->desc + VIRTQ_DESC * id, buf[i].addr,
					 buf[i].len, buf_flags(&buf[i], more),
					 q->slot[id].next);
		else
			virtq_write_desc(q->desc + VIRTQ_DESC * id, table->addr,
					 VIRTQ_DESC * (n - direct),
					 VIRTQ_INDIRECT, 0);
	}
	if (table)
		write_table(table, buf + direct, n - direct);
	q->slot[head].busy = true;
	q->slot[head].cookie = cookie;
	virtq_set_avail_entry(q, q->avail_idx++, head);
	return head;
}

/* 2.7.13.3: the driver writes the index after the entries that the index announces. */
void virtq_offer(struct virtq *q)
{
	q->offered = q->avail_idx;
	virtq_set_avail_idx(q, q->offered);
}

/* 2.7.13.4, 2.7.7.2, 2.7.10. Return: the device wants a kick for the new entries. */
bool virtq_kick_needed(struct virtq *q)
{
	uint16_t old = q->kicked, event;

	q->kicked = q->offered;
	shim_mb();
	if (!q->event_idx)
		return !(get_word(q->used + FLAGS) & USED_NO_NOTIFY);
	/* "when another available buffer is added at that index" */
	event = get_word(avail_event(q));
	return (uint16_t)(event - old) < (uint16_t)(q->offered - old);
}

static void free_chain(struct virtq *q, uint16_t id)
{
	bool more;

	do {
		more = q->slot[id].more;
		q->slot[q->nfree++].free = id;
		id = q->slot[id].next;
	} while (more);
}

bool virtq_pending(struct virtq *q)
{
	return get_word(q->used + IDX) != q->used_idx;
}

/* 2.7.14. Aborts if the device returns a chain that the driver has not given to it. */
bool virtq_get(struct virtq *q, uint32_t *cookie, uint32_t *len)
{
	const uint8_t *elem;
	uint32_t id;

	if (!virtq_pending(q))
		return false;
	shim_rmb();
	elem = q->used + ENTRIES + 8 * (q->used_idx % q->num);
	id = get_bytes(elem, 4);
	*len = get_bytes(elem + 4, 4);
	if (id >= q->num || !q->slot[id].busy) {
		fprintf(stderr, "used entry %u: chain %u is not the device's\n",
			q->used_idx, id);
		abort();
	}
	*cookie = q->slot[id].cookie;
	q->slot[id].busy = false;
	free_chain(q, id);
	q->used_idx++;
	return true;
}

/* 2.7.14, 2.7.7.1. Return: the device used a chain before it could see the request. */
bool virtq_want_interrupt(struct virtq *q)
{
	if (q->event_idx)
		put_word(used_event(q), q->used_idx, false);
	else
		put_word(q->avail + FLAGS, 0, false);
	shim_mb();
	return virtq_pending(q);
}

/* With event indices the driver need not decline: a used_event in the past does so. */
void virtq_no_interrupt(struct virtq *q)
{
	if (!q->event_idx)
		put_word(q->avail + FLAGS, AVAIL_NO_INTERRUPT, false);
}

void virtq_set_avail_idx(struct virtq *q, uint16_t idx)
{
	put_word(q->avail + IDX, idx, true);
}

void virtq_set_avail_entry(struct virtq *q, uint16_t at, uint16_t head)
{
	put_bytes(q->avail + ENTRIES + 2 * (at % q->num), head, 2);
}
