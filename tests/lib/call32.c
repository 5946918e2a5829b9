// SPDX-License-Identifier: GPL-2.0
/* System calls of a 32-bit program, on x86 only. */
#include "call32.h"

#ifdef __x86_64__

/* Returns the result of the system call, or a negative errno. */
long call32(long nr, long a, long b, long c)
{
	long ret;

	asm volatile("int $0x80"
		     : "=a" (ret)
		     : "a" (nr), "b" (a), "c" (b), "d" (c)
		     : "memory", "r8", "r9", "r10", "r11");
	return (int)ret;
}
#endif
