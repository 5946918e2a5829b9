// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "rings.h"

#include "rx.h"
#include "setup.h"
#include "stats.h"
#include "tx.h"
#include "wait.h"

const struct tr_backend tr_ring_backend = {
	.mode		= TUNRING_MODE_RING,
	.options	= TUNRING_O_ATTACH | TUNRING_O_PIN | TUNRING_O_EVENTFD,
	.setup		= tr_ring_setup,
	.teardown	= tr_ring_end,
	.rx_burst	= tr_ring_rx_burst,
	.rx_release	= tr_ring_rx_release,
	.rx_put	= tr_ring_rx_put,
	.rx_kick	= tr_ring_rx_kick,
	.rx_arm		= tr_ring_rx_arm,
	.tx_submit	= tr_ring_tx_submit,
	.tx_queue	= tr_ring_tx_queue,
	.tx_publish	= tr_ring_tx_publish,
	.tx_reclaim	= tr_ring_tx_reclaim,
	.tx_arm		= tr_ring_tx_arm,
	.tx_kick	= tr_ring_tx_kick,
	.wait		= tr_ring_wait,
	.get_stats	= tr_ring_get_stats,
	.check		= tr_ring_check,
};
