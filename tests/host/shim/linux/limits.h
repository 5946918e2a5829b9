/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's <linux/limits.h> defines INT_MAX; userspace defines it in <limits.h>. */
#include_next <linux/limits.h>
#include <limits.h>
