// SPDX-License-Identifier: GPL-2.0
/*
 * Memory for packets that enter the stack.
 *
 * A kernel that clears pages when it allocates them (init_on_alloc) spends as
 * much on that as on the rest of a large packet. Packets of a burst are done
 * with soon, so each CPU keeps a few blocks of pages and goes around: a block
 * whose fragments have all been freed is used again as it is.
 *
 * We hold page references for the fragments that are still to be cut from a
 * block; a fragment takes one along, which page_frag_free() gives back.
 */
#include "frags.h"

#include <linux/cache.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>

#define BLOCK_ORDER	get_order(32768)
#define BLOCK_BYTES	(PAGE_SIZE << BLOCK_ORDER)
/* A burst of NAPI's 64 large packets, and what of the next is being built. */
#define BLOCKS		8
#define CUT_ALIGN	SMP_CACHE_BYTES

/* References that are taken at once. More than there can be fragments. */
#define REFS		0x100000

/**
 * struct block - pages to cut fragments from
 * @page: the first, or NULL
 * @left: bytes that are not cut yet
 * @refs: references that we hold
 */
struct block {
	struct page *page;
	u32 left;
	u32 refs;
};

struct blocks {
	struct block block[BLOCKS];
	unsigned int current_;
};

static DEFINE_PER_CPU(struct blocks, cpu_blocks);

/* Fragments may be in use: the last of them frees the pages then. */
static void tun_ring_tx_block_release(struct block *b)
{
	if (b->page)
		__page_frag_cache_drain(b->page, b->refs);
	b->page = NULL;
	b->left = 0;
}

/* Not of the reserves: that would mark the packets for as long as it is used. */
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
 * All its fragments were freed: each reference that is left is ours. What the
 * stack did to them is done: it drops a reference with a full barrier, and our
 * stores depend on what we load here.
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

/* The oldest block, empty or used again, or pages that are new. */
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

/**
 * tun_ring_tx_frag_alloc - memory for one packet
 * @size: bytes, at most a page
 *
 * Context: bottom halves are off. Freed by page_frag_free(), also as the head of
 * an skb.
 *
 * Return: memory, aligned to a cache line, or NULL.
 */
void *tun_ring_tx_frag_alloc(u32 size)
{
	struct blocks *all = this_cpu_ptr(&cpu_blocks);
	struct block *b = &all->block[all->current_];

	size = ALIGN(size, CUT_ALIGN);
	if (unlikely(b->left < size)) {
		b = tun_ring_tx_next_block(all);
		/* large pages are short; the kernel's fragments do with less */
		if (unlikely(!b))
			return napi_alloc_frag(size);
	}
	b->left -= size;
	b->refs--;
	return page_address(b->page) + b->left;
}

/* Nobody allocates any more. */
void tun_ring_tx_frags_drain(void)
{
	unsigned int i;
	int cpu;

	for_each_possible_cpu(cpu)
		for (i = 0; i < BLOCKS; i++)
			tun_ring_tx_block_release(
				&per_cpu(cpu_blocks, cpu).block[i]);
}
