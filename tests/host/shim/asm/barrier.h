/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_ASM_BARRIER_H
#define _SHIM_ASM_BARRIER_H

#include <linux/compiler.h>

/* What is paired with what is said where these are used. */
#define smp_mb()		shim_mb()
/* see there */
#define smp_rmb()		shim_rmb()
/* see there */
#define smp_store_release(p, v) do {					\
	__typeof__(*(p)) shim_v = (v);					\
	shim_store(p, &shim_v, sizeof(*(p)), true);			\
} while (0)

#endif /* _SHIM_ASM_BARRIER_H */
