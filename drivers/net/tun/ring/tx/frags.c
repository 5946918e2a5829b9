// SPDX-License-Identifier: GPL-2.0
/*
 * Memory for packets that enter the stack.
 *
 * A kernel that clears pages at allocation (init_on_alloc) spends as much on
 * that as on the rest of a large packet. The stack frees the packets of a burst
 * soon. Each CPU therefore keeps a few blocks of pages, and uses them in turn.
 * A CPU reuses a block without clearing once all fragments of the block are
 * freed.
 *
 * A block holds page references for its fragments that are not cut yet. A
 * fragment takes one of these references, and page_frag_free() drops that
 * reference.
 */
#include "frags.h"

#include <linux/cache.h>
#include <linux/gfp.h>
#include <linux/local_lock.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>

#define BLOCK_ORDER	get_order(32768)
#define BLOCK_BYTES	(PAGE_SIZE << BLOCK_ORDER)
/* Enough for a NAPI burst of 64 large packets and the start of the next. */
#define BLOCKS		8
#define CUT_ALIGN	SMP_CACHE_BYTES

/* References that a block takes at once: more than a block has fragments. */
#define REFS		0x100000

/**
 * struct block - pages to cut fragments from
 * @page: the first page, or NULL
 * @left: bytes that are not cut yet
 * @refs: page references that the block holds
 */
struct block {
	struct page *page;
	u32 left;
	u32 refs;
};

/**
 * struct blocks - the blocks of a CPU
 * @lock: protects the rest; on PREEMPT_RT, another thread can run on this CPU
 *	while bottom halves are off
 * @block: the blocks
 * @current_: index of the block to cut from
 */
struct blocks {
	local_lock_t lock;
	struct block block[BLOCKS];
	unsigned int current_;
};

static DEFINE_PER_CPU(struct blocks, cpu_blocks) = {
	.lock = INIT_LOCAL_LOCK(lock),
};

/* Fragments may still be in use: the last fragment then frees the pages. */
static void tun_ring_tx_block_release(struct block *b)
{
	if (b->page)
		__page_frag_cache_drain(b->page, b->refs);
	b->page = NULL;
	b->left = 0;
}

/*
 * The block takes no pages from the memory reserves. Such pages mark the skbs
 * as pfmemalloc, for as long as the block is reused.
 */
static bool tun_ring_tx_block_new(struct block *b)
{
	struct page *page;

	page = alloc_pages(GFP_ATOMIC | __GFP_COMP | __GFP_NOWARN |
			   __GFP_NORETRY | __GFP_NOMEMALLOC, BLOCK_ORDER);
	if (unlikely(!page))
		return false;
	page_ref_add(page, REFS - 1);
	b->page = page;
	b->left = BLOCK_BYTES;
	b->refs = REFS;
	return true;
}

/*
 * Reuse a block after all its fragments were freed: the block then holds every
 * reference that is left. The stack has finished its accesses to the fragments:
 * the stack drops a reference with a full barrier, and later stores to the
 * block depend on the count that is loaded here.
 */
static bool tun_ring_tx_block_reuse(struct block *b)
{
	if (!b->page || page_ref_count(b->page) != b->refs)
		return false;
	page_ref_add(b->page, REFS - b->refs);
	b->left = BLOCK_BYTES;
	b->refs = REFS;
	return true;
}

/* Return: the oldest block, reused or with new pages, or NULL. */
static struct block *tun_ring_tx_next_block(struct blocks *all)
{
	struct block *b;

	all->current_ = (all->current_ + 1) % BLOCKS;
	b = &all->block[all->current_];
	if (likely(tun_ring_tx_block_reuse(b)))
		return b;
	tun_ring_tx_block_release(b);
	return tun_ring_tx_block_new(b) ? b : NULL;
}

/* Return: @size bytes of a block, or NULL. */
static void *tun_ring_tx_frag_cut(struct blocks *all, u32 size)
{
	struct block *b = &all->block[all->current_];

	if (unlikely(b->left < size)) {
		b = tun_ring_tx_next_block(all);
		if (unlikely(!b))
			return NULL;
	}
	b->left -= size;
	b->refs--;
	return page_address(b->page) + b->left;
}

/**
 * tun_ring_tx_frag_alloc - memory for one packet
 * @size: bytes, at most a page
 *
 * Context: bottom halves are off. page_frag_free() frees the memory, also as
 * the head of an skb.
 *
 * Return: memory, aligned to a cache line, or NULL.
 */
void *tun_ring_tx_frag_alloc(u32 size)
{
	void *frag;

	size = ALIGN(size, CUT_ALIGN);
	local_lock_nested_bh(&cpu_blocks.lock);
	frag = tun_ring_tx_frag_cut(this_cpu_ptr(&cpu_blocks), size);
	local_unlock_nested_bh(&cpu_blocks.lock);
	/* napi_alloc_frag() falls back to lower orders */
	return likely(frag) ? frag : napi_alloc_frag(size);
}

/* No context allocates fragments any more. */
void tun_ring_tx_frags_drain(void)
{
	unsigned int i;
	int cpu;

	for_each_possible_cpu(cpu)
		for (i = 0; i < BLOCKS; i++)
			tun_ring_tx_block_release(
				&per_cpu(cpu_blocks, cpu).block[i]);
}
