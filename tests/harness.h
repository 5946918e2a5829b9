/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's test harness with a longer time-out: an emulated, busy machine and
 * a debug kernel may need more than 30 seconds for a test.
 */
#ifndef TUN_TESTS_HARNESS_H
#define TUN_TESTS_HARNESS_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kselftest_harness.h"

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	150

/*
 * Some variants take minutes on the debug kernel, where other programs run the
 * same code. A program defines STOCK_ONLY_VARIANT as a part of their names
 * before it includes this header. VARIANT in the environment runs the variants
 * with this word in their names, and nothing else, on any kernel.
 */
#ifndef STOCK_ONLY_VARIANT
#define STOCK_ONLY_VARIANT	NULL
#endif

static inline bool harness_runs(const char *variant)
{
	const char *want = getenv("VARIANT"), *kernel = getenv("KERNEL");
	const char *stock_only = STOCK_ONLY_VARIANT;

	if (want)
		return strstr(variant, want);
	return !stock_only || !kernel || strcmp(kernel, "debug") ||
	       !strstr(variant, stock_only);
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
