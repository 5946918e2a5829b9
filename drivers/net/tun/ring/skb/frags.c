// SPDX-License-Identifier: GPL-2.0
/*
 * Memory for packets that enter the stack.
 *
 * A kernel that clears pages at allocation (init_on_alloc) spends as much time
 * on clearing as on the rest of a packet. The stack frees the packets of a
 * burst soon. Each CPU therefore keeps some pages, and uses them in turn. A CPU
 * reuses a page without clearing once all fragments of the page are freed.
 *
 * A packet that waits in the stack keeps the whole page of its fragment, and is
 * charged for the fragment. A page has two fragments for large packets: the
 * packet is charged for half of the page, at least. A page has four fragments
 * for small packets. If one of the four is left when its page is next in turn,
 * the CPU takes no fragments for a while, and the caller takes memory from the
 * slab allocator, which is slower. This lasts for SLAB_TIMES as many packets as
 * the CPU has cut fragments before. So if small packets wait among packets that
 * do not, four of five waiting packets hold the memory that they are charged
 * for. All waiting packets together hold less than twice that memory, if at
 * least one packet of a thousand waits.
 *
 * A block holds page references for its fragments that are not cut yet. A
 * fragment takes one of these references, and page_frag_free() drops that
 * reference.
 */
#include "frags.h"

#include <linux/gfp.h>
#include <linux/local_lock.h>
#include <linux/mm.h>
#include <linux/percpu.h>

#define SMALL_BYTES	(TUN_RING_SKB_FRAG_MAX / 4)
#define LARGE_BYTES	(TUN_RING_SKB_FRAG_MAX / 2)
/* Enough for a NAPI burst of 64 packets and the start of the next. */
#define BLOCKS		40

/* References that a block takes at once: more than a block has fragments. */
#define REFS		8

/* Packets that get slab memory, for each fragment cut before. */
#define SLAB_TIMES	4
#define SLAB_MAX	4096

/**
 * struct tun_frag_block - a page to cut fragments from
 * @page: the page, or NULL
 * @left: bytes that are not cut yet
 * @refs: page references that the block holds
 */
struct tun_frag_block {
	struct page *page;
	u32 left;
	u32 refs;
};

/**
 * struct tun_frag_blocks - the blocks of a CPU for fragments of one size
 * @block: the blocks
 * @current_: index of the block to cut from
 */
struct tun_frag_blocks {
	struct tun_frag_block block[BLOCKS];
	unsigned int current_;
};

/**
 * struct tun_frags - memory of a CPU
 * @lock: protects the rest; on PREEMPT_RT, another thread can run on this CPU
 *	while bottom halves are off
 * @small: for fragments of SMALL_BYTES
 * @large: for fragments of LARGE_BYTES, and whole pages
 * @cut: small fragments that were cut since the last page with one left
 * @slab: small packets that get no fragments from now on
 */
struct tun_frags {
	local_lock_t lock;
	struct tun_frag_blocks small;
	struct tun_frag_blocks large;
	u32 cut;
	u32 slab;
};

static DEFINE_PER_CPU(struct tun_frags, cpu_frags) = {
	.lock = INIT_LOCAL_LOCK(lock),
};

/* Fragments may still be in use: the last fragment then frees the page. */
static void tun_ring_skb_block_release(struct tun_frag_block *b)
{
	if (b->page)
		__page_frag_cache_drain(b->page, b->refs);
	b->page = NULL;
	b->left = 0;
}

/*
 * The block takes no page from the memory reserves. Such a page marks the skbs
 * as pfmemalloc, for as long as the block is reused.
 */
static bool tun_ring_skb_block_new(struct tun_frag_block *b)
{
	struct page *page;

	page = alloc_page(GFP_ATOMIC | __GFP_NOWARN | __GFP_NOMEMALLOC);
	if (unlikely(!page))
		return false;
	page_ref_add(page, REFS - 1);
	b->page = page;
	b->left = TUN_RING_SKB_FRAG_MAX;
	b->refs = REFS;
	return true;
}

/*
 * Reuse a block after all its fragments were freed: the block then holds every
 * reference that is left. The stack has finished its accesses to the fragments:
 * the stack drops a reference with a full barrier, and later stores to the
 * block depend on the count that is loaded here.
 */
static bool tun_ring_skb_block_reuse(struct tun_frag_block *b)
{
	if (!b->page || page_ref_count(b->page) != b->refs)
		return false;
	page_ref_add(b->page, REFS - b->refs);
	b->left = TUN_RING_SKB_FRAG_MAX;
	b->refs = REFS;
	return true;
}

static bool tun_ring_skb_block_one_left(const struct tun_frag_block *b)
{
	return b->page && page_ref_count(b->page) == b->refs + 1;
}

/* Return: the oldest block, reused or with a new page, or NULL. */
static struct tun_frag_block *
tun_ring_skb_next_block(struct tun_frags *f, struct tun_frag_blocks *all)
{
	struct tun_frag_block *b;

	all->current_ = (all->current_ + 1) % BLOCKS;
	b = &all->block[all->current_];
	if (likely(tun_ring_skb_block_reuse(b)))
		return b;
	if (all == &f->small && tun_ring_skb_block_one_left(b)) {
		f->slab = min_t(u32, SLAB_TIMES * f->cut, SLAB_MAX);
		f->cut = 0;
	}
	tun_ring_skb_block_release(b);
	return tun_ring_skb_block_new(b) ? b : NULL;
}

static void *tun_ring_skb_block_cut(struct tun_frags *f,
				    struct tun_frag_blocks *all, u32 size)
{
	struct tun_frag_block *b = &all->block[all->current_];

	if (b->left < size) {
		b = tun_ring_skb_next_block(f, all);
		if (unlikely(!b))
			return NULL;
	}
	b->left -= size;
	b->refs--;
	return page_address(b->page) + b->left;
}

/* Return: a fragment of @size bytes or more, and its size in @size; or NULL. */
static void *tun_ring_skb_frag_cut(struct tun_frags *f, u32 *size)
{
	if (*size > SMALL_BYTES) {
		*size = *size > LARGE_BYTES ? TUN_RING_SKB_FRAG_MAX :
					      LARGE_BYTES;
		return tun_ring_skb_block_cut(f, &f->large, *size);
	}
	if (unlikely(f->slab)) {
		f->slab--;
		return NULL;
	}
	f->cut++;
	*size = SMALL_BYTES;
	return tun_ring_skb_block_cut(f, &f->small, SMALL_BYTES);
}

/**
 * tun_ring_skb_frag_alloc - memory for one packet
 * @size: bytes, at most TUN_RING_SKB_FRAG_MAX; set to the size of the fragment
 *
 * Context: bottom halves are off. page_frag_free() frees the memory, also as
 * the head of an skb.
 *
 * Return: memory, aligned to a cache line, or NULL: the caller then uses the
 * slab allocator.
 */
void *tun_ring_skb_frag_alloc(u32 *size)
{
	void *frag;

	local_lock_nested_bh(&cpu_frags.lock);
	frag = tun_ring_skb_frag_cut(this_cpu_ptr(&cpu_frags), size);
	local_unlock_nested_bh(&cpu_frags.lock);
	return frag;
}

static void tun_ring_skb_blocks_drain(struct tun_frag_blocks *all)
{
	unsigned int i;

	for (i = 0; i < BLOCKS; i++)
		tun_ring_skb_block_release(&all->block[i]);
}

/* No context allocates fragments any more. */
void tun_ring_skb_frags_drain(void)
{
	struct tun_frags *f;
	int cpu;

	for_each_possible_cpu(cpu) {
		f = per_cpu_ptr(&cpu_frags, cpu);
		tun_ring_skb_blocks_drain(&f->small);
		tun_ring_skb_blocks_drain(&f->large);
	}
}
