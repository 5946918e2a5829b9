// SPDX-License-Identifier: GPL-2.0
/* Makes allocations of chosen threads fail, where the kernel can. */
#include "hammer.h"

#define DEBUGFS	"/sys/kernel/debug/"

static const char *const kinds[] = { "failslab", "fail_page_alloc",
				     "fail_usercopy" };

static int set(const char *kind, const char *key, const char *value)
{
	char path[96];

	snprintf(path, sizeof(path), DEBUGFS "%s/%s", kind, key);
	return file_put(path, value);
}

/* Returns false if the kernel cannot inject faults. */
bool h_faults_on(void)
{
	unsigned int i;
	int ret = 0;

	if (access(DEBUGFS "failslab", F_OK))
		return false;
	for (i = 0; i < ARRAY_LEN(kinds) && !ret; i++) {
		ret = set(kinds[i], "task-filter", "Y") ?:
		      set(kinds[i], "verbose", "0") ?:
		      set(kinds[i], "interval", "1") ?:
		      set(kinds[i], "times", "-1") ?:
		      set(kinds[i], "probability", "2");
	}
	return !ret && !fault_sleeping(true);
}

void h_faults_off(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(kinds); i++)
		set(kinds[i], "probability", "0");
	fault_sleeping(false);
}

/* Allocations of this thread fail, once in a while. Returns whether they did before. */
bool h_faults_here(bool on)
{
	static __thread bool here;
	bool before = here;

	file_put("/proc/thread-self/make-it-fail", on ? "1" : "0");
	here = on;
	return before;
}
