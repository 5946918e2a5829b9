/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_ASM_BARRIER_H
#define _SHIM_ASM_BARRIER_H

#include <linux/compiler.h>

/* The engine names the pair of each barrier. */
#define smp_mb()		shim_mb()
/* The engine names the pair. */
#define smp_rmb()		shim_rmb()
/* The engine names the pair. */
#define smp_store_release(p, v) do {					\
	__typeof__(*(p)) shim_v = (v);					\
	shim_store(p, &shim_v, sizeof(*(p)), true);			\
} while (0)

#endif /* _SHIM_ASM_BARRIER_H */
