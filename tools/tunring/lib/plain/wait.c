// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "wait.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "../handle/handle.h"
#include "../handle/link.h"
#include "rx.h"
#include "tx.h"

static int64_t tr_plain_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

int tr_plain_wait(struct tunring *h, int64_t timeout_ns, const sigset_t *mask,
		  unsigned int flags)
{
	int64_t end = timeout_ns > 0 ? tr_plain_now() + timeout_ns : 0;
	struct pollfd p = { .fd = h->fd };
	struct timespec ts;
	int ret;

	for (;;) {
		if (flags & TUNRING_WAIT_TX) {
			ret = tr_plain_tx_flush(h);
			if (ret < 0 && ret != -EAGAIN && ret != -EIO)
				return ret;
		}
		if (tr_plain_rx_ready(h))
			return 1;
		p.events = POLLIN;
		if ((flags & TUNRING_WAIT_TX) && h->fifo.count)
			p.events |= POLLOUT;
		if (timeout_ns > 0) {
			int64_t left = end - tr_plain_now();

			left = left > 0 ? left : 0;
			ts.tv_sec = (time_t)(left / 1000000000);
			ts.tv_nsec = (long)(left % 1000000000);
		} else {
			memset(&ts, 0, sizeof(ts));
		}
		h->rx.syscalls++;
		ret = h->ops->ppoll(&p, 1, timeout_ns < 0 ? NULL : &ts, mask);
		if (ret <= 0)
			return ret;
		if (p.revents & POLLIN)
			return 1;
		if (p.revents & ~POLLOUT) {
			ret = tr_link_check(h);
			return ret ? ret : -EIO;
		}
	}
}
