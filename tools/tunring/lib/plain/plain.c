// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "plain.h"

#include "../handle/link.h"
#include "../handle/slots.h"
#include "rx.h"
#include "setup.h"
#include "tx.h"
#include "wait.h"

static void tr_plain_teardown(struct tunring *h)
{
	tr_plain_tx_flush(h);
	tr_plain_restore(h);
}

static void tr_plain_rx_put(struct tunring *h, unsigned int slot)
{
	h->rx.free[h->rx.nfree++] = (uint16_t)slot;
}

static unsigned int tr_plain_rx_release(struct tunring *h,
					const struct tunring_packet *pkts,
					unsigned int n)
{
	return tr_rx_release(h, pkts, n, tr_plain_rx_put);
}

static int tr_plain_rx_kick(struct tunring *h)
{
	(void)h;
	return 0;
}

static int tr_plain_rx_arm(struct tunring *h)
{
	return tr_plain_rx_ready(h);
}

/* write() is the only step: a packet waits in the queue until the kick. */
static void tr_plain_tx_nothing(struct tunring *h)
{
	(void)h;
}

static int tr_plain_get_stats(struct tunring *h, struct tunring_stats *stats)
{
	stats->rx = h->rx.count;
	stats->tx = h->tx.count;
	return 0;
}

static int tr_plain_check(struct tunring *h)
{
	return tr_link_check(h);
}

const struct tr_backend tr_plain_backend = {
	.mode		= TUNRING_MODE_PLAIN,
	.setup		= tr_plain_setup,
	.teardown	= tr_plain_teardown,
	.rx_burst	= tr_plain_rx_burst,
	.rx_release	= tr_plain_rx_release,
	.rx_put	= tr_plain_rx_put,
	.rx_kick	= tr_plain_rx_kick,
	.rx_arm		= tr_plain_rx_arm,
	.tx_submit	= tr_plain_tx_submit,
	.tx_queue	= tr_plain_tx_queue,
	.tx_publish	= tr_plain_tx_nothing,
	.tx_reclaim	= tr_plain_tx_nothing,
	.tx_arm		= tr_plain_tx_nothing,
	.tx_kick	= tr_plain_tx_flush,
	.wait		= tr_plain_wait,
	.get_stats	= tr_plain_get_stats,
	.check		= tr_plain_check,
};
