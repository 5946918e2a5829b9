/* SPDX-License-Identifier: GPL-2.0 */
/* A device whose headers have GSO, and a packet that user space writes. */
#ifndef TUN_TESTS_GSO_IN_H
#define TUN_TESTS_GSO_IN_H

#include "lib.h"

#define STOCK_ONLY_VARIANT	"tun"
#include "harness.h"

FIXTURE(in) {
	struct mode_dev d;
	struct virtio_net_hdr vh, seen;
	struct rtnl_link_stats64 st;
};

FIXTURE_VARIANT(in) {
	struct mode m;
};

FIXTURE_VARIANT_ADD(in, tun) { .m = { IFF_TUN | IFF_NO_PI, 10, 0 } };
FIXTURE_VARIANT_ADD(in, tap) { .m = { IFF_TAP | IFF_NO_PI, 12, 1 } };

FIXTURE_SETUP(in)
{
	ASSERT_EQ(0, mode_dev_open(&self->d, &variant->m, true));
}

FIXTURE_TEARDOWN(in)
{
	mode_dev_close(&self->d);
}

/* Writes the packet in self->d.pkt behind the header self->vh. */
#define WRITE(n) mode_write(&self->d.m, self->d.fd, ETH_P_IP, &self->vh, self->d.pkt, n)
#define TOTAL(n) (mode_prefix(&self->d.m) + (n))

#endif
