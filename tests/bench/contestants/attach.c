// SPDX-License-Identifier: GPL-2.0
/* Rings in memory of the program's own, by TUNRINGATTACH. */
#include "../virtio.h"

static const char *attached_set_up(struct instance *in)
{
	return virtio_set_up(in, &virtio_attached);
}

static const char *pinned_set_up(struct instance *in)
{
	return virtio_set_up(in, &virtio_attached_pinned);
}

const struct contestant attach_contestants[] = {
	{ "attached", RX, VIRTIO_NAME, bursts_all,
	  attached_set_up, virtio_rx_run, virtio_tear_down },
	{ "attached", TX, VIRTIO_NAME, bursts_all,
	  attached_set_up, virtio_tx_run, virtio_tear_down },
	{ "attached-pinned", RX, VIRTIO_NAME, bursts_all,
	  pinned_set_up, virtio_rx_run, virtio_tear_down },
	{ "attached-pinned", TX, VIRTIO_NAME, bursts_all,
	  pinned_set_up, virtio_tx_run, virtio_tear_down },
	{ "attached-gso", RX, VIRTIO_NAME, bursts_64,
	  attached_set_up, virtio_rx_run, virtio_tear_down, sizes_gso },
	{ "attached-gso", TX, VIRTIO_NAME, bursts_64,
	  attached_set_up, virtio_tx_run, virtio_tear_down, sizes_gso },
	{ "attached-pinned-gso", RX, VIRTIO_NAME, bursts_64,
	  pinned_set_up, virtio_rx_run, virtio_tear_down, sizes_gso },
	{ "attached-pinned-gso", TX, VIRTIO_NAME, bursts_64,
	  pinned_set_up, virtio_tx_run, virtio_tear_down, sizes_gso },
	{ }
};
