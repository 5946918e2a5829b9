// SPDX-License-Identifier: GPL-2.0
/*
 * The rings of a guest, described by the vhost ioctls: vhost has the kernel's
 * vhost-net serve them, guest the tun fd itself, guest-pinned in pinned memory.
 */
#include "../virtio.h"

static const char *vhost_set_up(struct instance *in)
{
	return virtio_set_up(in, &virtio_vhost);
}

static const char *guest_set_up(struct instance *in)
{
	return virtio_set_up(in, &virtio_guest);
}

static const char *pinned_set_up(struct instance *in)
{
	return virtio_set_up(in, &virtio_guest_pinned);
}

const struct contestant guest_contestants[] = {
	{ "vhost", RX, VIRTIO_NAME, bursts_all,
	  vhost_set_up, virtio_rx_run, virtio_tear_down },
	{ "vhost", TX, VIRTIO_NAME, bursts_all,
	  vhost_set_up, virtio_tx_run, virtio_tear_down },
	{ "guest", RX, VIRTIO_NAME, bursts_all,
	  guest_set_up, virtio_rx_run, virtio_tear_down },
	{ "guest", TX, VIRTIO_NAME, bursts_all,
	  guest_set_up, virtio_tx_run, virtio_tear_down },
	{ "vhost-socket", TX, VIRTIO_NAME, bursts_64,
	  vhost_set_up, virtio_tx_run, virtio_tear_down, .to_socket = true },
	{ "guest-socket", TX, VIRTIO_NAME, bursts_64,
	  guest_set_up, virtio_tx_run, virtio_tear_down, .to_socket = true },
	{ "guest-pinned", RX, VIRTIO_NAME, bursts_all,
	  pinned_set_up, virtio_rx_run, virtio_tear_down },
	{ "guest-pinned", TX, VIRTIO_NAME, bursts_all,
	  pinned_set_up, virtio_tx_run, virtio_tear_down },
	{ "vhost-gso", RX, VIRTIO_NAME, bursts_64,
	  vhost_set_up, virtio_rx_run, virtio_tear_down, sizes_gso },
	{ "vhost-gso", TX, VIRTIO_NAME, bursts_64,
	  vhost_set_up, virtio_tx_run, virtio_tear_down, sizes_gso },
	{ "guest-gso", RX, VIRTIO_NAME, bursts_64,
	  guest_set_up, virtio_rx_run, virtio_tear_down, sizes_gso },
	{ "guest-gso", TX, VIRTIO_NAME, bursts_64,
	  guest_set_up, virtio_tx_run, virtio_tear_down, sizes_gso },
	{ "guest-pinned-gso", RX, VIRTIO_NAME, bursts_64,
	  pinned_set_up, virtio_rx_run, virtio_tear_down, sizes_gso },
	{ "guest-pinned-gso", TX, VIRTIO_NAME, bursts_64,
	  pinned_set_up, virtio_tx_run, virtio_tear_down, sizes_gso },
	{ }
};
