/* SPDX-License-Identifier: GPL-2.0 */
/* The definitions of the kernel's <linux/compiler.h>, and of related headers, for the engine. */
#ifndef _SHIM_LINUX_COMPILER_H
#define _SHIM_LINUX_COMPILER_H

#include <sys/cdefs.h>	/* __always_inline */

#include "../shim.h"

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define noinline		__attribute__((__noinline__))
#define __maybe_unused		__attribute__((__unused__))
#define __force

/* The union makes a copy that is not const. */
#define READ_ONCE(x) ({							\
	union {								\
		__typeof__(x) value;					\
		char bytes[sizeof(x)];					\
	} shim_u;							\
	shim_load(&(x), shim_u.bytes, sizeof(x));			\
	shim_u.value;							\
})

#define WRITE_ONCE(x, v) do {						\
	__typeof__(x) shim_v = (v);					\
	shim_store(&(x), &shim_v, sizeof(x), false);			\
} while (0)

#define barrier()		shim_barrier()

#define container_of(ptr, type, member)					\
	((type *)((char *)(ptr) - offsetof(type, member)))

#include <linux/string.h>

#endif /* _SHIM_LINUX_COMPILER_H */
