/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* A test is a function; a failed check ends it. Results are TAP. */
#ifndef TAP_H
#define TAP_H

#include <stdio.h>

struct tap_test {
	const char *name;
	int (*run)(void);
};

#define CHECK(cond)							\
	do {								\
		if (!(cond)) {						\
			printf("# %s:%d: %s\n", __FILE__, __LINE__, #cond); \
			return 1;					\
		}							\
	} while (0)

#define CHECK_EQ(a, b)							\
	do {								\
		long long a_ = (long long)(a), b_ = (long long)(b);	\
									\
		if (a_ != b_) {						\
			printf("# %s:%d: %s is %lld, not %s = %lld\n",	\
			       __FILE__, __LINE__, #a, a_, #b, b_);	\
			return 1;					\
		}							\
	} while (0)

#define TEST(fn) { #fn, fn }

static inline int tap_run(const struct tap_test *tests, int n)
{
	int i, bad = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n1..%d\n", n);
	for (i = 0; i < n; i++) {
		int ret = tests[i].run();

		printf("%sok %d %s\n", ret ? "not " : "", i + 1, tests[i].name);
		bad += !!ret;
	}
	return bad != 0;
}

#define TAP_MAIN(tests)							\
	int main(void)							\
	{								\
		return tap_run(tests, sizeof(tests) / sizeof(tests[0])); \
	}

#endif /* TAP_H */
