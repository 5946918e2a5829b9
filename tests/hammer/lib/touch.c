// SPDX-License-Identifier: GPL-2.0
/* Other threads unmap and protect memory. An access that faults is given up. */
#include "hammer.h"

static __thread sigjmp_buf back;
static __thread volatile sig_atomic_t inside;

static void fault(int sig)
{
	if (inside)
		siglongjmp(back, 1);
	signal(sig, SIG_DFL);
	raise(sig);
}

void h_touch_init(void)
{
	struct sigaction sa = { .sa_handler = fault, .sa_flags = SA_NODEFER };

	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGBUS, &sa, NULL);
}

/* Returns whether the function came to its end. */
bool h_touch(void (*fn)(void *), void *arg)
{
	if (sigsetjmp(back, 0)) {
		inside = 0;
		return false;
	}
	inside = 1;
	fn(arg);
	inside = 0;
	return true;
}
