// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "options.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "handle.h"

/* The features of the library are the kernel's, bit for bit. */
#define TR_SAME_FEATURE(f)						\
	_Static_assert(TUNRING_F_##f == 1ULL << TUN_RING_F_##f,		\
		       "TUNRING_F_" #f " is the kernel's bit")
TR_SAME_FEATURE(META);
TR_SAME_FEATURE(RX_TSTAMP);
TR_SAME_FEATURE(TX_MARK);
TR_SAME_FEATURE(RX_DROP);
TR_SAME_FEATURE(RX_FLOW);
TR_SAME_FEATURE(INDIRECT_DESC);
TR_SAME_FEATURE(EVENT_IDX);
TR_SAME_FEATURE(VERSION_1);

#define KNOWN_FLAGS (TUNRING_O_NO_RING | TUNRING_O_NEED_RING | \
		     TUNRING_O_NO_EVENT_IDX | TUNRING_O_PI | \
		     TUNRING_O_ATTACH | TUNRING_O_PIN | TUNRING_O_MEMORY | \
		     TUNRING_O_EVENTFD)

void tunring_options_init(struct tunring_options *opt)
{
	memset(opt, 0, sizeof(*opt));
	opt->size = sizeof(*opt);
	opt->rx_entries = 256;
	opt->tx_entries = 256;
	opt->buf_size = 2048;
	opt->headroom = 64;
	opt->tailroom = 64;
}

static bool tr_options_entries_valid(uint32_t n)
{
	return n >= 1 && n <= TUN_RING_MAX_ENTRIES && (n & (n - 1)) == 0;
}

static bool tr_options_memory_valid(const struct tunring_options *opt)
{
	if (!(opt->flags & TUNRING_O_ATTACH) &&
	    opt->flags & (TUNRING_O_PIN | TUNRING_O_MEMORY | TUNRING_O_EVENTFD))
		return false;
	if (!(opt->flags & TUNRING_O_MEMORY))
		return !opt->memory_fd && !opt->memory_offset;
	return opt->memory_offset % (uint64_t)sysconf(_SC_PAGESIZE) == 0 &&
	       opt->memory_offset <= INT64_MAX / 2;
}

static bool tr_options_events_valid(const struct tunring_options *opt)
{
	unsigned int i;

	for (i = 0; i < TUNRING_EVENTS; i++) {
		if (!(opt->flags & TUNRING_O_EVENTFD) && opt->event_fd[i])
			return false;
		if (opt->event_fd[i] < TUNRING_EVENT_NEW)
			return false;
	}
	return true;
}

/* Sizes are multiples of the smallest buffer, and so of a cache line. */
static uint32_t tr_options_round(uint32_t size)
{
	return (size + TUN_RING_MIN_BUF - 1) & ~(TUN_RING_MIN_BUF - 1U);
}

uint32_t tr_options_rx_buf(const struct tunring_options *opt)
{
	return tr_options_round(opt->buf_size);
}

uint32_t tr_options_tx_buf(const struct tunring_options *opt)
{
	return tr_options_round(opt->tx_buf_size ? opt->tx_buf_size : opt->buf_size);
}

/* Bytes of the buffers of both sides. */
uint64_t tr_options_pool(const struct tunring_options *opt)
{
	return (uint64_t)opt->rx_entries * tr_options_rx_buf(opt) +
	       (uint64_t)opt->tx_entries * tr_options_tx_buf(opt);
}

/* A packet has room between the headroom and the tailroom. */
static bool tr_options_buf_valid(const struct tunring_options *opt, uint32_t size)
{
	return size <= TUN_RING_MAX_BUF && opt->headroom <= size &&
	       opt->tailroom <= size - opt->headroom &&
	       size - opt->headroom - opt->tailroom >= TUN_RING_MIN_BUF;
}

int tr_options_check(const struct tunring_options *opt)
{
	uint64_t known = TUNRING_F_META | TUNRING_F_RX_TSTAMP |
			 TUNRING_F_TX_MARK | TUNRING_F_RX_DROP |
			 TUNRING_F_RX_FLOW | TUNRING_F_INDIRECT_DESC |
			 TUNRING_F_EVENT_IDX | TUNRING_F_VERSION_1;

	if (opt->size != sizeof(*opt) || opt->reserved ||
	    opt->tx_poll_us > TUN_RING_MAX_POLL_US)
		return -EINVAL;
	if ((opt->flags & ~KNOWN_FLAGS) || ((opt->features | opt->want) & ~known))
		return -EOPNOTSUPP;
	if ((opt->flags & TUNRING_O_NO_RING) &&
	    (opt->flags & TUNRING_O_NEED_RING))
		return -EINVAL;
	if (!tr_options_memory_valid(opt) || !tr_options_events_valid(opt))
		return -EINVAL;
	if (!tr_options_entries_valid(opt->rx_entries) ||
	    !tr_options_entries_valid(opt->tx_entries))
		return -EINVAL;
	if (!tr_options_buf_valid(opt, opt->buf_size) ||
	    (opt->tx_buf_size && !tr_options_buf_valid(opt, opt->tx_buf_size)))
		return -EINVAL;
	return tr_options_pool(opt) > TUN_RING_MAX_POOL ? -EINVAL : 0;
}
