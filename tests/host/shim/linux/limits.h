/* SPDX-License-Identifier: GPL-2.0 */
/* In the kernel this has the limits of the types, in userspace of the system. */
#include_next <linux/limits.h>
#include <limits.h>
