// SPDX-License-Identifier: GPL-2.0
/*
 * Each case of the suites ring and vringfd gives back what it took from the
 * kernel. A case runs in a child of its own, and its parent compares the state of
 * the kernel before and after:
 *
 *	pages that are pinned
 *	mappings of pages by tun and vringfd
 *	references of both modules: devices, files, threads, packets in user
 *	pages
 *	locked memory of the process (VmLck): 0 with all files closed
 *
 * Not one more may be left in the end. The end may come later than the case: RCU,
 * a work item and the end of a network namespace take their time.
 *
 * No case compares slabs or the memory of a control group. Both drivers allocate
 * from the common caches, which the rest of the kernel uses, too, and each
 * processor keeps charged pages for later. kmemleak finds a lost slab object at
 * the end of the run on the debug kernel.
 */
#include "steady.h"

#include <dirent.h>

#include "lib.h"

struct state {
	long pinned;
	long mappings;
	long tun, vringfd;
};

/* Returns the number behind a word at the beginning of a line, or 0. */
static long number_of(FILE *f, const char *word)
{
	size_t len = strlen(word);
	char line[256];
	long n = 0;

	rewind(f);
	while (fgets(line, sizeof(line), f))
		if (!strncmp(line, word, len) && line[len] == ' ')
			n = atol(line + len);
	return n;
}

static long pinned_pages(void)
{
	FILE *f = fopen("/proc/vmstat", "r");
	long n;

	if (!f)
		return 0;
	n = number_of(f, "nr_foll_pin_acquired") -
	    number_of(f, "nr_foll_pin_released");
	fclose(f);
	return n;
}

static long mappings(void)
{
	FILE *f = fopen("/proc/vmallocinfo", "r");
	char line[512];
	long n = 0;

	while (f && fgets(line, sizeof(line), f))
		n += strstr(line, " [tun]") || strstr(line, " [vringfd]") ||
		     strstr(line, " [vring_core]");
	if (f)
		fclose(f);
	return n;
}

/* Modules that use symbols of the module, and refer to it while they are loaded. */
static long holders(const char *module)
{
	char path[64];
	struct dirent *d;
	long n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/module/%s/holders", module);
	dir = opendir(path);
	while (dir && (d = readdir(dir)))
		n += d->d_name[0] != '.';
	if (dir)
		closedir(dir);
	return n;
}

static long references(const char *module)
{
	int n = module_refs(module);

	return n < 0 ? 0 : n - holders(module);
}

static struct state state_now(void)
{
	struct state s;

	/* each processor counts for a while by itself */
	file_put("/proc/sys/vm/stat_refresh", "1");
	s.pinned = pinned_pages();
	s.mappings = mappings();
	s.tun = references("tun");
	s.vringfd = references("vringfd");
	return s;
}

/* Less than before is what an earlier program gave back late. */
static bool state_within(const struct state *s, const struct state *max)
{
	return s->pinned <= max->pinned && s->mappings <= max->mappings &&
	       s->tun <= max->tun && s->vringfd <= max->vringfd;
}

static bool state_wait(const struct state *max, struct state *now)
{
	long end = now_ms() + WAIT_MS;

	for (;;) {
		*now = state_now();
		if (state_within(now, max))
			return true;
		if (now_ms() > end)
			return false;
		usleep(20000);
	}
}

/* Ends like the case: with its exit code, or by its signal. */
static void end_like(int status)
{
	if (WIFSIGNALED(status)) {
		signal(WTERMSIG(status), SIG_DFL);
		kill(getpid(), WTERMSIG(status));
	}
	_exit(WEXITSTATUS(status));
}

static bool applies(void)
{
	const char *suite = getenv("SUITE");

	return suite && (!strcmp(suite, "ring") || !strcmp(suite, "vringfd"));
}

/*
 * Called in the process of a case before the case. Returns in a child, which runs
 * the case; the process itself waits for the child and ends.
 */
void steady_begin(void)
{
	struct state before, after;
	int status;
	pid_t pid;

	if (!applies())
		return;
	before = state_now();
	pid = fork();
	if (!pid)
		return;
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		_exit(1);
	if (WIFEXITED(status) && !WEXITSTATUS(status) &&
	    !state_wait(&before, &after)) {
		printf("# not given back: %ld pinned pages, %ld mappings, %ld references of tun, %ld of vringfd\n",
		       after.pinned - before.pinned,
		       after.mappings - before.mappings,
		       after.tun - before.tun, after.vringfd - before.vringfd);
		fflush(stdout);
		_exit(1);
	}
	end_like(status);
}

/*
 * Called at the end of a case, with its exit code. Returns the code with which
 * the case is to end.
 */
int steady_end(int code)
{
	long end = now_ms() + WAIT_MS, locked;

	if (code || !applies())
		return code;
	close_range(3, ~0U, 0);
	while ((locked = proc_status_kb("VmLck:")) > 0) {
		if (now_ms() > end) {
			printf("# not given back: %ld kB of locked memory\n",
			       locked);
			fflush(stdout);
			return 1;
		}
		usleep(20000);
	}
	return 0;
}
