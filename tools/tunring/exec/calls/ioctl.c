// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "ioctl.h"

#include <errno.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "../real.h"
#include "../ring/file.h"
#include "../ring/ring.h"
#include "../ring/setup.h"
#include "../table.h"

#define EXEC_TYPE_VHOST	0xAF
#define EXEC_FIRST_RING	_IOC_NR(TUNRINGQUERY)

/* Why read(2) must read from now on, or NULL. */
static const char *exec_ioctl_aside(unsigned long cmd, const void *arg)
{
	switch (cmd) {
	case TUNSETSNDBUF:
		return "TUNSETSNDBUF";
	case TUNSETQUEUE:
		return "TUNSETQUEUE";
	case TUNSETOFFLOAD:
		return arg ? "TUNSETOFFLOAD" : NULL;
	case TUNSETVNETHDRSZ:
		return "TUNSETVNETHDRSZ";
	case FIOASYNC:
		return "FIOASYNC";
	}
	if (_IOC_TYPE(cmd) == EXEC_TYPE_VHOST ||
	    (_IOC_TYPE(cmd) == 'T' && _IOC_NR(cmd) >= EXEC_FIRST_RING))
		return "the program has rings of its own";
	return NULL;
}

static void exec_ioctl_before(struct exec_file *f, int fd, unsigned long cmd,
			      const void *arg)
{
	const char *why = exec_ioctl_aside(cmd, arg);

	/* a second device: the rings end with the first one */
	if (cmd == TUNSETIFF && exec_file_state(f) == EXEC_RINGS)
		why = "TUNSETIFF";
	if (why && exec_file_lock(f)) {
		exec_setup_aside(f, fd, why);
		exec_file_unlock(f);
	}
}

static void exec_ioctl_after(struct exec_file *f, int fd, unsigned long cmd,
			     const void *arg)
{
	struct exec_file *new;

	if (f && cmd == FIONBIO)
		__atomic_store_n(&f->shared->nonblock, !!*(const int *)arg,
				 __ATOMIC_RELAXED);
	/* of the device before, or of a queue that was detached */
	if (f && (cmd == TUNSETIFF || cmd == TUNSETQUEUE) && exec_file_lock(f)) {
		exec_ring_clear(f);
		exec_file_unlock(f);
	}
	if (f || cmd != TUNSETIFF)
		return;
	new = exec_file_borrowed() ? NULL : exec_file_new();
	if (!new)
		return;
	/* TUNGETIFF does not tell: IFF_NOFILTER has the same bit */
	new->shared->pi = !(((const struct ifreq *)arg)->ifr_flags & IFF_NO_PI);
	exec_table_set(fd, new);
}

EXEC_CALL int ioctl(int fd, unsigned long cmd, ...)
{
	struct exec_file *f = exec_table_get(fd);
	int ret, saved;
	va_list ap;
	void *arg;

	va_start(ap, cmd);
	arg = va_arg(ap, void *);
	va_end(ap);
	cmd = (unsigned int)cmd;	/* as the kernel does */
	if (f)
		exec_ioctl_before(f, fd, cmd, arg);
	ret = exec_real()->ioctl(fd, cmd, arg);
	saved = errno;
	if (!ret)
		exec_ioctl_after(f, fd, cmd, arg);
	if (f)
		exec_file_put(f);
	errno = saved;
	return ret;
}
