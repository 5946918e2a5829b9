// SPDX-License-Identifier: GPL-2.0
/*
 * Instructions that do nothing, but that a QEMU plugin can recognise by their
 * bytes: the profiler counts between them. In functions of their own, because
 * a plugin sees them when they are translated.
 */
#include "bench.h"

void __attribute__((noinline)) mark_begin(void)
{
	__asm__ volatile("nopl 0x6e757431(%%rax)" ::: "memory");
}

void __attribute__((noinline)) mark_end(void)
{
	__asm__ volatile("nopl 0x6e757430(%%rax)" ::: "memory");
}
