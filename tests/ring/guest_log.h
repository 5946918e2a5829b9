/* SPDX-License-Identifier: GPL-2.0 */
/* A guest with a dirty log. */
#ifndef TUN_TESTS_GUEST_LOG_H
#define TUN_TESTS_GUEST_LOG_H

#include <sys/eventfd.h>
#include <sys/mman.h>

#include "dirty.h"
#include "guest.h"

#define STOCK_ONLY_VARIANT	"pinned"
#include "harness.h"

#define PAGE		4096ULL
#define USED_PAGE	1000	/* page of the used ring's log address */

FIXTURE(glog) {
	struct env e;
	struct guest g;
	uint8_t *log;
	int call;
};

FIXTURE_VARIANT(glog) {
	bool pin;
};

FIXTURE_VARIANT_ADD(glog, paged) { false };
FIXTURE_VARIANT_ADD(glog, pinned) { true };

FIXTURE_SETUP(glog)
{
	ASSERT_EQ(0, env_open(&self->e, "guest0", TUN_PLAIN | IFF_VNET_HDR));
	ASSERT_EQ(0, tunfd_int(self->e.fd, TUNSETVNETHDRSZ, 12));
	ASSERT_EQ(0, if_mtu("guest0", 65535));
	ASSERT_EQ(0, guest_open_in(&self->g, dup(self->e.fd), variant->pin,
				   G_V1, 12));
	self->log = dirty_log(&self->g);
	ASSERT_NE(NULL, self->log);
	self->call = eventfd(0, EFD_NONBLOCK);
	ASSERT_EQ(0, guest_ioctl(&self->g, VHOST_SET_LOG_FD, &self->call));
}

FIXTURE_TEARDOWN(glog)
{
	guest_close(&self->g);
	close(self->call);
	munmap(self->log, DIRTY_BYTES);
	env_close(&self->e);
}

#endif
