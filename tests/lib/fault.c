// SPDX-License-Identifier: GPL-2.0
/* The debug kernel lets the nth allocation of a thread fail. */
#include "lib.h"

#define DEBUGFS		"/sys/kernel/debug/"

/* Returns a file for fault_arm(), or -ENOENT: the kernel cannot inject faults. */
int fault_open(void)
{
	int nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);

	return nth < 0 ? -errno : nth;
}

/* Lets allocations that may sleep, and allocations of one page, fail, or not. */
int fault_sleeping(bool on)
{
	return file_put(DEBUGFS "failslab/ignore-gfp-wait", on ? "N" : "Y") ?:
	       file_put(DEBUGFS "fail_page_alloc/ignore-gfp-wait",
			on ? "N" : "Y") ?:
	       file_put(DEBUGFS "fail_page_alloc/min-order", on ? "0" : "1");
}

/* The nth allocation of this thread from now on fails; 0: none does. */
int fault_arm(int nth, int n)
{
	char buf[16];
	int len = snprintf(buf, sizeof(buf), "%d", n);

	return pwrite(nth, buf, len, 0) == len ? 0 : -errno;
}

/* Turns the injection off. Returns whether the failure was injected. */
bool fault_disarm(int nth)
{
	char buf[16] = { };
	bool left = pread(nth, buf, sizeof(buf) - 1, 0) < 0 || atoi(buf) > 0;

	fault_arm(nth, 0);
	return !left;
}
