// SPDX-License-Identifier: GPL-2.0
/* Violations of the ring's rules, hostile or accidental. */
#include "violations.h"

#define W	VRING_DESC_F_WRITE
#define N	VRING_DESC_F_NEXT
#define I	VRING_DESC_F_INDIRECT

static void one(struct tring *r, struct tvq *vq, uint64_t addr, uint32_t len,
		uint16_t flags, uint16_t next)
{
	tvq_desc(vq, 0, addr, len, flags, next);
	tvq_put(vq, 0);
}

VIOLATION(avail_runs_away)
{
	one(r, vq, 0, 64, dir, 0);
	vq->avail_idx += vq->entries;
}

VIOLATION(avail_runs_back)
{
	vq->avail_idx -= 1;
}

VIOLATION(head_out_of_range)
{
	one(r, vq, 0, 64, dir, 0);
	tvq_put_at(vq, 0, vq->entries);
}

VIOLATION(head_far_out)
{
	one(r, vq, 0, 64, dir, 0);
	tvq_put_at(vq, 0, 0xffff);
}

VIOLATION(next_out_of_range)
{
	one(r, vq, 0, 64, dir | N, vq->entries);
}

VIOLATION(next_far_out)
{
	one(r, vq, 0, 64, dir | N, 0xffff);
}

VIOLATION(loop_to_itself)
{
	one(r, vq, 0, 1, dir | N, 0);
}

VIOLATION(loop_of_two)
{
	tvq_desc(vq, 1, 64, 1, dir | N, 0);
	one(r, vq, 0, 1, dir | N, 1);
}

VIOLATION(loop_of_nothing)
{
	one(r, vq, 0, 0, dir | N, 0);
}

VIOLATION(beyond_pool)
{
	one(r, vq, r->s.pool_len - 63, 64, dir, 0);
}

VIOLATION(far_beyond_pool)
{
	one(r, vq, 1ULL << 40, 64, dir, 0);
}

VIOLATION(length_beyond_pool)
{
	one(r, vq, 0, UINT32_MAX, dir, 0);
}

VIOLATION(address_wraps)
{
	one(r, vq, -32ULL, 64, dir, 0);
}

VIOLATION(address_at_the_end)
{
	one(r, vq, ~0ULL, 1, dir, 0);
}

VIOLATION(second_beyond_pool)
{
	tvq_desc(vq, 1, r->s.pool_len, 64, dir, 0);
	one(r, vq, 0, 32, dir | N, 1);
}

VIOLATION(wrong_direction)
{
	one(r, vq, 0, 64, dir ^ W, 0);
}

VIOLATION(wrong_direction_later)
{
	tvq_desc(vq, 1, 64, 64, dir ^ W, 0);
	one(r, vq, 0, 32, dir | N, 1);
}

/* Writes entry i of the indirect table, which lies at 4096 in the pool. */
static void table(struct tring *r, unsigned int i, struct vring_desc d)
{
	d = tvq_descriptor(d.addr, d.len, d.flags, d.next);
	memcpy(r->pool + 4096 + i * sizeof(d), &d, sizeof(d));
}

VIOLATION(indirect_unasked)
{
	table(r, 0, (struct vring_desc) { 0, 64, dir, 0 });
	one(r, vq, 4096, 16, I, 0);
}

VIOLATION(indirect_in_indirect)
{
	table(r, 0, (struct vring_desc) { 4096, 16, I, 0 });
	one(r, vq, 4096, 16, I, 0);
}

VIOLATION(indirect_later)
{
	table(r, 0, (struct vring_desc) { 0, 16, dir | N, 1 });
	table(r, 1, (struct vring_desc) { 4096, 16, I, 0 });
	one(r, vq, 4096, 32, I, 0);
}

VIOLATION(indirect_and_next)
{
	table(r, 0, (struct vring_desc) { 0, 64, dir, 0 });
	tvq_desc(vq, 1, 0, 64, dir, 0);
	one(r, vq, 4096, 16, I | N, 1);
}

VIOLATION(indirect_odd_length)
{
	table(r, 0, (struct vring_desc) { 0, 64, dir, 0 });
	one(r, vq, 4096, 24, I, 0);
}

VIOLATION(indirect_empty)
{
	one(r, vq, 4096, 0, I, 0);
}

VIOLATION(indirect_huge)
{
	table(r, 0, (struct vring_desc) { 0, 1, dir | N, 60000 });
	one(r, vq, 4096, 0xfffffff0, I, 0);
}

VIOLATION(indirect_beyond_pool)
{
	one(r, vq, r->s.pool_len - 8, 16, I, 0);
}

VIOLATION(indirect_wraps)
{
	one(r, vq, -16ULL, 32, I, 0);
}

VIOLATION(indirect_next_out)
{
	table(r, 0, (struct vring_desc) { 0, 8, dir | N, 2 });
	table(r, 1, (struct vring_desc) { 0, 8, dir, 0 });
	table(r, 2, (struct vring_desc) { 0, 8, dir, 0 });
	one(r, vq, 4096, 32, I, 0);
}

VIOLATION(indirect_loop)
{
	table(r, 0, (struct vring_desc) { 0, 1, dir | N, 1 });
	table(r, 1, (struct vring_desc) { 0, 1, dir | N, 0 });
	one(r, vq, 4096, 32, I, 0);
}

VIOLATION(chain_too_long)
{
	unsigned int i;

	for (i = 0; i <= TUN_RING_MAX_CHAIN; i++)
		table(r, i, (struct vring_desc) { 0, 1, dir |
		      (i < TUN_RING_MAX_CHAIN ? N : 0), i + 1 });
	one(r, vq, 4096, 16 * (TUN_RING_MAX_CHAIN + 1), I, 0);
}

/* A packet of 60 bytes may fill 4 segments. */
VIOLATION(too_many_segments)
{
	unsigned int i;

	for (i = 0; i < 5; i++)
		tvq_desc(vq, i, 64 * i, 12, dir | (i < 4 ? N : 0), i + 1);
	tvq_put(vq, 0);
}

VIOLATION(segments_of_one_byte)
{
	unsigned int i;

	for (i = 0; i < TUN_RING_MAX_CHAIN; i++)
		table(r, i, (struct vring_desc) { 0, 1, dir |
		      (i + 1 < TUN_RING_MAX_CHAIN ? N : 0), i + 1 });
	one(r, vq, 4096, 16 * TUN_RING_MAX_CHAIN, I, 0);
}

/* The table begins within the pool, and ends outside of the pool. */
VIOLATION(indirect_end_beyond_pool)
{
	struct vring_desc d = { 0, 64, dir, 0 };

	memcpy(r->pool + r->s.pool_len - sizeof(d), &d, sizeof(d));
	one(r, vq, r->s.pool_len - sizeof(d), 2 * sizeof(d), I, 0);
}

VIOLATION(empty_segment)
{
	table(r, 0, (struct vring_desc) { 0, 8, dir | N, 1 });
	table(r, 1, (struct vring_desc) { 0, 0, dir | N, 2 });
	table(r, 2, (struct vring_desc) { 0, 2000, dir, 0 });
	one(r, vq, 4096, 48, I, 0);
}

VIOLATION(no_bytes)
{
	one(r, vq, 4096, 0, dir, 0);
}
