// SPDX-License-Identifier: GPL-2.0
/* The kernel that runs: the stock driver's behaviour depends on it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "lib.h"

/* Is the kernel at least as new as major.minor.patch? */
bool kernel_since(int major, int minor, int patch)
{
	int want[3] = { major, minor, patch }, have[3] = { };
	struct utsname u;
	int i;

	if (uname(&u) ||
	    sscanf(u.release, "%d.%d.%d", &have[0], &have[1], &have[2]) < 2)
		return false;
	for (i = 0; i < 2 && have[i] == want[i]; i++)
		;
	return have[i] >= want[i];
}

/* Is the kernel built with PREEMPT_RT? */
bool kernel_is_realtime(void)
{
	struct utsname u;

	return !uname(&u) && strstr(u.version, "PREEMPT_RT");
}

/* Is the tun.ko under test the kernel's own? */
bool kernel_tun_is_stock(void)
{
	const char *module = getenv("MODULE");

	return module && !strcmp(module, "stock");
}

/* The flags that TUNGETFEATURES lists. Linux 7.3 has IFF_BACKPRESSURE, 0x80. */
unsigned int kernel_tun_features(void)
{
	return TUN_FEATURES_6_1 | (kernel_since(7, 3, 0) ? 0x80 : 0);
}
