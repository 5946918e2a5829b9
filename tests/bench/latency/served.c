// SPDX-License-Identifier: GPL-2.0
/*
 * The benchmark's virtio driver, on rings of its own memory behind a tap, that
 * vhost-net or the tun serves; called by an eventfd, for which it waits with epoll.
 */
#include <linux/if_ether.h>

#include "../virtio.h"
#include "rings.h"

static struct virtio v;

static void kick(unsigned int which)
{
	if (which & TUN_RING_ENTER_RX)
		virtio_kick(&v, &v.rx);
	if (which & TUN_RING_ENTER_TX)
		virtio_kick(&v, &v.tx);
}

static void tx_wait(void)
{
	virtio_publish(&v, &v.tx);
	virtio_wait_used(&v, &v.tx, 1);
}

static struct rings rings = {
	.rx = &v.rx.vq, .tx = &v.tx.vq, .link = ETH_HLEN,
	.kick = kick, .tx_wait = tx_wait,
};

static const char *set_up(const struct virtio_server *server)
{
	const char *missing = virtio_open(&v, server, &virtio_small);
	uint8_t mac[ETH_ALEN];

	if (missing)
		return missing;
	rings.rx_buf = virtio_buf(&v.rx, 0);
	rings.tx_buf = virtio_buf(&v.tx, 0);
	rings.hdr = v.hdr;
	/* without neighbours a packet's addresses are both the tap's */
	net_no_arp(VIRTIO_NAME, mac);
	virtio_rx_fill(&v);
	epoll_open(v.rx.call);
	return NULL;
}

const char *served_vhost_set_up(void)
{
	return set_up(&virtio_vhost);
}

const char *served_guest_set_up(void)
{
	return set_up(&virtio_guest);
}

const char *served_guest_pinned_set_up(void)
{
	return set_up(&virtio_guest_pinned);
}

const char *served_guest_deferred_set_up(void)
{
	const char *missing = set_up(&virtio_guest_pinned);

	if (!missing)
		net_defer(VIRTIO_NAME);
	return missing;
}

const char *served_attached_set_up(void)
{
	return set_up(&virtio_attached);
}

const char *served_attached_pinned_set_up(void)
{
	return set_up(&virtio_attached_pinned);
}

/* With one processor the driver goes before a thread that serves it. */
void served_run(const bool *stop)
{
	sched_in_front(v.thread && thread_alone());
	rings_epoll_run(&rings, stop);
}
