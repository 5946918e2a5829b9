/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/kernel.h>
#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#endif
