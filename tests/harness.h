/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's test harness with a longer time-out: an emulated, busy machine and
 * a debug kernel may need more than 30 seconds for a test.
 */
#ifndef TUN_TESTS_HARNESS_H
#define TUN_TESTS_HARNESS_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A case gives back what it took from the kernel, where tests/lib is at hand. */
#if __has_include("steady.h")
#include <unistd.h>
#include "steady.h"

static inline void harness_case_begin(void)
{
	setpgrp();
	steady_begin();
}

static inline __attribute__((noreturn)) void harness_case_exit(int code)
{
	_exit(steady_end(code));
}

/* The kernel's harness calls these two around a case, and nowhere else. */
#define setpgrp()	harness_case_begin()
#define _exit(code)	harness_case_exit(code)
#include "kselftest_harness.h"
#undef setpgrp
#undef _exit
#else
#include "kselftest_harness.h"
#endif

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	150

/*
 * Some variants take minutes on the debug kernel, where other variants run the
 * same code. A program defines STOCK_ONLY_VARIANT before it includes this header:
 * words, each a part of the names of such variants, with a blank between them.
 * They run on the debug kernel in make check-all, and by name on kcsan. VARIANT in the environment runs
 * the variants with this word in their names, and nothing else, on any kernel.
 */
#ifndef STOCK_ONLY_VARIANT
#define STOCK_ONLY_VARIANT	""
#endif

static inline bool harness_names(const char *words, const char *variant)
{
	char one[64];
	size_t n;

	for (; *words; words += n + strspn(words + n, " ")) {
		n = strcspn(words, " ");
		snprintf(one, sizeof(one), "%.*s", (int)n, words);
		if (strstr(variant, one))
			return true;
	}
	return false;
}

static inline bool harness_slow(const char *kernel)
{
	return !strcmp(kernel, "debug") || !strcmp(kernel, "kcsan");
}

static inline bool harness_runs(const char *variant)
{
	const char *want = getenv("VARIANT"), *kernel = getenv("KERNEL");
	const char *all = getenv("ALL");

	if (want)
		return strstr(variant, want);
	return (all && *all) || !kernel || !harness_slow(kernel) ||
	       !harness_names(STOCK_ONLY_VARIANT, variant);
}

/* Removes the variants that do not run from a fixture. */
static inline void harness_choose(struct __fixture_metadata *f)
{
	struct __fixture_variant_metadata *v = f->variant, **place = &f->variant;

	if (!v && !harness_runs(""))
		f->tests = NULL;
	if (!v)
		return;
	for (; v; v = v->next)
		if (harness_runs(v->name)) {
			*place = v;
			place = &v->next;
		}
	*place = NULL;
	if (!f->variant)
		f->tests = NULL;
}

/* Runs once before the first case, if tests/lib is linked to the program. */
#pragma weak harness_begin
void harness_begin(void);

static inline int harness_run(int argc, char **argv)
{
	struct __fixture_metadata *f;

	if (harness_begin)
		harness_begin();
	for (f = __fixture_list; f; f = f->next)
		harness_choose(f);
	return test_harness_run(argc, argv);
}

/* TEST_HARNESS_MAIN calls it. */
#define test_harness_run	harness_run

#endif
