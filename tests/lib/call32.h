/* SPDX-License-Identifier: GPL-2.0 */
/*
 * System calls of a 32-bit program. A 64-bit program enters the kernel by
 * int $0x80, so no 32-bit compiler is needed. All pointers must lie in the
 * lowest 4 GB.
 */
#ifndef TUN_TESTS_CALL32_H
#define TUN_TESTS_CALL32_H

/* Numbers of i386. */
#define NR32_READ	3
#define NR32_WRITE	4
#define NR32_IOCTL	54
#define NR32_READV	145
#define NR32_WRITEV	146

long call32(long nr, long a, long b, long c);

#endif
