// SPDX-License-Identifier: GPL-2.0
/* The machine's free memory, so exactly that a few tuns are seen in it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "scale.h"

static void put(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "1", 1) != 1)
		die("%s: %s", path, strerror(errno));
	close(fd);
}

/*
 * RCU frees memory after a moment. A processor keeps its last few changes of the
 * counters to itself until stat_refresh asks for them.
 */
static void settle(void)
{
	usleep(200000);
	put("/proc/sys/vm/stat_refresh");
}

/* Bytes, the free pages on the processors' own lists included. */
int64_t memory_free(void)
{
	unsigned long long n, pages = 0;
	char line[256];
	FILE *f;

	settle();
	f = fopen("/proc/zoneinfo", "re");
	if (!f)
		die("/proc/zoneinfo: %s", strerror(errno));
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, " pages free %llu", &n) == 1 ||
		    sscanf(line, " count: %llu", &n) == 1)
			pages += n;
	if (!pages || ferror(f))
		die("no free pages in /proc/zoneinfo");
	fclose(f);
	return pages * sysconf(_SC_PAGESIZE);
}
