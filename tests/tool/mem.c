// SPDX-License-Identifier: GPL-2.0
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "dev.h"

/* A number that a file of /proc tells, -1 if it does not. */
static long proc_number(const char *path, const char *format)
{
	FILE *f = fopen(path, "r");
	char line[128];
	long n = -1;

	while (f && fgets(line, sizeof(line), f))
		sscanf(line, format, &n);
	if (f)
		fclose(f);
	return n;
}

long locked(void)
{
	return proc_number("/proc/self/status", "VmLck: %ld kB");
}

long huge_free(void)
{
	return proc_number("/proc/meminfo", "HugePages_Free: %ld");
}

long locked_soon(long want)
{
	time_t end = time(NULL) + PATIENCE;

	while (locked() != want && time(NULL) < end)
		sched_yield();
	return locked();
}

int huge_pages(int n)
{
	FILE *f = fopen("/proc/sys/vm/nr_hugepages", "w");

	if (!f)
		return -1;
	fprintf(f, "%d\n", n);
	return fclose(f);
}

int pool_begin(struct tunring_options *opt, uint32_t flags, bool huge)
{
	int ret = netns_new();

	/* loads the module, so that it can be told which one it is */
	close(open("/dev/net/tun", O_RDWR));
	if (!ret)
		ret = huge_pages(huge ? 4 : 0);
	tunring_options_init(opt);
	opt->flags = flags;
	opt->rx_entries = 16;
	opt->tx_entries = 16;
	return ret;
}

long pool_size(const struct tunring_pool *pool, long n)
{
	struct tunring_pool_info info;
	long page;

	tunring_pool_get_info(pool, &info);
	page = (long)info.page_size / 1024;
	return (2 * n + page - 1) / page * page;
}

int lock_at_most(long kb)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	uint32_t net = 1U << CAP_NET_ADMIN;	/* to open devices */
	struct __user_cap_data_struct d[2] = { { net, net, 0 } };
	struct rlimit limit = { (rlim_t)kb * 1024, (rlim_t)kb * 1024 };

	if (setrlimit(RLIMIT_MEMLOCK, &limit) || syscall(SYS_capset, &h, d))
		return -errno;
	return 0;
}
