/* SPDX-License-Identifier: GPL-2.0 */
/*
 * In userspace the engine accesses shared memory through these functions.
 *
 * They replace each access that the kernel marks: READ_ONCE() and its kin, barriers and
 * copies. A test links one of four versions: plain atomics (hooks_plain.c), atomics that
 * the thread sanitizer understands (hooks_tsan.c), a scheduler of interleavings
 * (sched_mem.c), or a driver that rewrites a word after each load (../fuzz/hostile.c).
 */
#ifndef _SHIM_H
#define _SHIM_H

#include <stdbool.h>
#include <stddef.h>

void shim_load(const volatile void *from, void *to, size_t n);
void shim_store(volatile void *to, const void *from, size_t n, bool release);
void shim_copy(void *to, const void *from, size_t n);
void shim_barrier(void);
void shim_rmb(void);
void shim_mb(void);

#endif /* _SHIM_H */
