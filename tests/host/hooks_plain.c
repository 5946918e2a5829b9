// SPDX-License-Identifier: GPL-2.0
/* Marked accesses are plain atomics. */
#include "shim/shim.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void shim_load(const volatile void *from, void *to, size_t n)
{
	switch (n) {
	case 2:
		*(uint16_t *)to = __atomic_load_n((const uint16_t *)from,
						  __ATOMIC_RELAXED);
		break;
	case 4:
		*(uint32_t *)to = __atomic_load_n((const uint32_t *)from,
						  __ATOMIC_RELAXED);
		break;
	case 8:
		*(uint64_t *)to = __atomic_load_n((const uint64_t *)from,
						  __ATOMIC_RELAXED);
		break;
	default:
		abort();
	}
}

void shim_store(volatile void *to, const void *from, size_t n, bool release)
{
	if (release)
		__atomic_thread_fence(__ATOMIC_RELEASE);
	switch (n) {
	case 2:
		__atomic_store_n((uint16_t *)to, *(const uint16_t *)from,
				 __ATOMIC_RELAXED);
		break;
	case 4:
		__atomic_store_n((uint32_t *)to, *(const uint32_t *)from,
				 __ATOMIC_RELAXED);
		break;
	case 8:
		__atomic_store_n((uint64_t *)to, *(const uint64_t *)from,
				 __ATOMIC_RELAXED);
		break;
	default:
		abort();
	}
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
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
}

void shim_mb(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}
