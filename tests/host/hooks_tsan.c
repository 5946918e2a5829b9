// SPDX-License-Identifier: GPL-2.0
/*
 * Marked accesses for the thread sanitizer, which does not model fences.
 *
 * A fence that orders loads acquires the marked words that the thread has loaded since
 * its last fence, and no other words. So the sanitizer reports a race on the data behind
 * an index if the fence is missing, as a processor that reorders loads would have one.
 */
#include "shim/shim.h"

#include <sanitizer/tsan_interface.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LATELY	8

static __thread struct {
	void *word[LATELY];
	unsigned int at;
} loaded;

void shim_load(const volatile void *from, void *to, size_t n)
{
	if (n == 8) {
		*(uint64_t *)to = __atomic_load_n((const uint64_t *)from,
						  __ATOMIC_RELAXED);
		return;
	}
	if (n != 2)
		abort();
	*(uint16_t *)to = __atomic_load_n((const uint16_t *)from,
					  __ATOMIC_RELAXED);
	loaded.word[loaded.at++ % LATELY] = (void *)from;
}

void shim_store(volatile void *to, const void *from, size_t n, bool release)
{
	if (n == 2 && release)
		__atomic_store_n((uint16_t *)to, *(const uint16_t *)from,
				 __ATOMIC_RELEASE);
	else if (n == 2)
		__atomic_store_n((uint16_t *)to, *(const uint16_t *)from,
				 __ATOMIC_RELAXED);
	else
		/* The sanitizer shall treat these words as data. */
		memcpy((void *)to, from, n);
}

void shim_copy(void *to, const void *from, size_t n)
{
	memcpy(to, from, n);
}

void shim_barrier(void)
{
	__asm__ __volatile__("" : : : "memory");
}

void shim_rmb(void)
{
	unsigned int i;

	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	for (i = 0; i < LATELY; i++)
		if (loaded.word[i])
			__tsan_acquire(loaded.word[i]);
	memset(&loaded, 0, sizeof(loaded));
}

void shim_mb(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	shim_rmb();
}

/* The sanitizer ends the program at the first race, so the test fails. */
const char *__tsan_default_options(void)
{
	return "halt_on_error=1";
}
