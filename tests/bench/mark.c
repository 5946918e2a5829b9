// SPDX-License-Identifier: GPL-2.0
/*
 * Instructions that do nothing, but that a QEMU plugin can recognise by their
 * bytes: the profiler counts between them.
 */
#include "bench.h"

void mark_begin(void)
{
	__asm__ volatile("nopl 0x6e757431(%%rax)" ::: "memory");
}

void mark_end(void)
{
	__asm__ volatile("nopl 0x6e757430(%%rax)" ::: "memory");
}
