// SPDX-License-Identifier: GPL-2.0
/* The bitmap of dirty pages, read as a migration reads it. */
#include "dirty.h"

#include <sys/mman.h>

/* Gives a guest a bitmap for its log. Returns NULL on failure. */
uint8_t *dirty_log(const struct guest *g)
{
	uint8_t *log = mmap(NULL, DIRTY_BYTES, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t at = (uintptr_t)log;

	return guest_ioctl(g, VHOST_SET_LOG_BASE, &at) ? NULL : log;
}

/* As vhost: a bit's place is that in the long that holds its byte. */
bool dirty_is_set(const uint8_t *log, unsigned int bit)
{
	uintptr_t at = (uintptr_t)&log[bit / 8];
	const unsigned long *word = (void *)(at & -sizeof(*word));
	unsigned int shift = 8 * (at % sizeof(*word)) + bit % 8;

	return __atomic_load_n(word, __ATOMIC_ACQUIRE) >> shift & 1;
}

static bool wanted(const unsigned int *pages, unsigned int n, unsigned int bit)
{
	while (n--)
		if (pages[n] == bit)
			return true;
	return false;
}

/* Returns the first bit that differs from the list of pages, or -1. */
static int differs(const uint8_t *log, const unsigned int *pages, unsigned int n)
{
	unsigned int bit;

	for (bit = 0; bit < DIRTY_BYTES * 8; bit++)
		if (dirty_is_set(log, bit) != wanted(pages, n, bit))
			return bit;
	return -1;
}

/*
 * Returns -1 if these bits are set, and no others, and clears the bitmap. The
 * driver sets a bit after it publishes the used entry, and writes avail_event
 * later still, so the check waits until the threads that serve the rings are
 * idle.
 */
int dirty_pages_are(uint8_t *log, const unsigned int *pages, unsigned int n)
{
	int bit = thread_wait_idle(getpid());

	if (bit)
		return bit;
	bit = differs(log, pages, n);
	if (bit >= 0)
		fprintf(stderr, "# page %d: the dirty bit is %d\n", bit,
			dirty_is_set(log, bit));
	memset(log, 0, DIRTY_BYTES);
	return bit;
}
