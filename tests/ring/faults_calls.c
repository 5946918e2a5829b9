// SPDX-License-Identifier: GPL-2.0
/*
 * As faults.c, for the other calls that set up something: regions, attached rings,
 * the vhost ioctls, vringfds. One allocation of the call fails after the other; a
 * call that failed has changed nothing, so the same call then succeeds.
 */
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/vring.h>
#include <sys/eventfd.h>

#include "attach.h"
#include "guest.h"
#include "harness.h"

#define MAX_FAULTS	500

struct bench {
	struct env e;
	struct tring r;
	struct aconf a;
	struct guest g;
	int ring;		/* a vringfd */
	int more[3];		/* queues of another device */
	uint8_t *mem;
};

FIXTURE(calls) {
	struct bench b;
	int nth;
	bool pages;
};

/* prepare: everything before the call. undo: the queue is as before the call. */
FIXTURE_VARIANT(calls) {
	int (*prepare)(struct bench *b);
	int (*call)(struct bench *b);
	int (*undo)(struct bench *b);
	int least;		/* allocations of the call */
};

static int nothing(struct bench *b)
{
	return 0;
}

static int set_regions(struct bench *b)
{
	return attach_pool(&b->r, b->e.fd, b->a.pin);
}

static int no_regions(struct bench *b)
{
	return attach_regions(b->e.fd, NULL, 0, 0);
}

static int rings(struct bench *b)
{
	return attach_alloc(&b->r, &b->a);
}

static int rings_pinned(struct bench *b)
{
	b->a.pin = true;
	return rings(b);
}

static int rings_regions(struct bench *b)
{
	return rings(b) ?: set_regions(b);
}

static int rings_regions_pinned(struct bench *b)
{
	return rings_pinned(b) ?: set_regions(b);
}

static int attach(struct bench *b)
{
	struct tun_ring_attach a = attach_params(&b->r, &b->a);

	return attach_raw(b->e.fd, &a);
}

static int teardown(struct bench *b)
{
	return tring_teardown(b->e.fd);
}

static int guest(struct bench *b)
{
	return guest_open(&b->g, dup(b->e.fd), G_V1 | G_MRG | G_HDR, 12);
}

static int guest_pinned(struct bench *b)
{
	return guest_open_pinned(&b->g, dup(b->e.fd), G_V1 | G_MRG | G_HDR, 12);
}

static int owner(struct bench *b)
{
	return guest_ioctl(&b->g, VHOST_SET_OWNER, NULL);
}

static int no_owner(struct bench *b)
{
	return guest_ioctl(&b->g, VHOST_RESET_OWNER, NULL);
}

/* A guest's file before VHOST_SET_OWNER. */
static int no_guest(struct bench *b)
{
	return guest(b) ?: no_owner(b);
}

static int table(struct bench *b)
{
	return guest_table_default(&b->g);
}

static int kick(struct bench *b)
{
	return guest_file(&b->g, VHOST_SET_VRING_KICK, G_RX, b->g.kick[0]);
}

static int start(struct bench *b)
{
	return guest_start(&b->g, b->e.fd);
}

static int stop(struct bench *b)
{
	return guest_stop(&b->g);
}

static int ring_memory(struct bench *b)
{
	b->mem = attach_mem(65536);
	return b->mem ? cmd_run("modprobe vringfd") : -ENOMEM;
}

static int ring_create(struct bench *b)
{
	struct vringfd_create c = {
		.addr = (uintptr_t)b->mem, .num = 16,
		.last_used = (uintptr_t)b->mem + 32768,
	};
	int node = open("/dev/vringfd", O_RDWR | O_CLOEXEC);

	if (node < 0)
		return -errno;
	b->ring = tunfd_ioctlp(node, VRINGFDCREATE, &c);
	close(node);
	return b->ring < 0 ? b->ring : 0;
}

static int ring_close(struct bench *b)
{
	return close(b->ring);
}

static int ring_there(struct bench *b)
{
	return ring_memory(b) ?: ring_create(b);
}

static int ring_attach(struct bench *b)
{
	return tunfd_ioctl(b->e.fd, TUNSETRECVVRING, b->ring);
}

static int ring_detach(struct bench *b)
{
	return tunfd_ioctl(b->e.fd, TUNSETRECVVRING, -1);
}

/* A device with two queues, and a program that runs over each written packet. */
static int device(struct bench *b)
{
	int i;

	for (i = 0; i < 2; i++) {
		b->more[i] = tunfd_create("many0", TUN_PLAIN | IFF_MULTI_QUEUE);
		if (b->more[i] < 0)
			return b->more[i];
	}
	return if_up("many0") ?:
	       rtnl_xdp("many0", xdp_const(XDP_PASS), XDP_FLAGS_SKB_MODE);
}

/* The stack warns if the packet is of a queue that the device does not count. */
static int add_queue(struct bench *b)
{
	uint8_t pkt[100];
	size_t n = seq_pkt(pkt, false, 0, sizeof(pkt));

	b->more[2] = tunfd_create("many0", TUN_PLAIN | IFF_MULTI_QUEUE);
	if (b->more[2] < 0)
		return b->more[2];
	/* the fault may hit this packet, too */
	if (write(b->more[2], pkt, n) < 0 && errno != ENOMEM && errno != ENOBUFS)
		return -errno;
	return 0;
}

static int close_queue(struct bench *b)
{
	return close(b->more[2]);
}

#define CALL(name, ...)	FIXTURE_VARIANT_ADD(calls, name) { __VA_ARGS__ }

CALL(queue, device, add_queue, close_queue, 10);
CALL(regions, rings, set_regions, no_regions, 2);
CALL(regions_pinned, rings_pinned, set_regions, no_regions, 3);
CALL(attach, rings_regions, attach, teardown, 3);
CALL(attach_pinned, rings_regions_pinned, attach, teardown, 3);
CALL(vhost_owner, no_guest, owner, no_owner, 0);
CALL(vhost_table, guest, table, nothing, 1);
CALL(vhost_kick, guest, kick, nothing, 0);
CALL(vhost_backend, guest, start, stop, 3);
CALL(vhost_table_pinned, guest_pinned, table, nothing, 2);
CALL(vhost_backend_pinned, guest_pinned, start, stop, 3);
CALL(vringfd, ring_memory, ring_create, ring_close, 3);
CALL(vringfd_attach, ring_there, ring_attach, ring_detach, 1);

FIXTURE_SETUP(calls)
{
	struct bench *b = &self->b;

	b->a.c = (struct tconf) { F_META, 8, 8, 2048, 0 };
	self->nth = fault_open();
	if (self->nth < 0) {
		ASSERT_EQ(-ENOENT, self->nth);
		return;
	}
	ASSERT_EQ(0, env_open(&b->e, "fault1", TUN_PLAIN));
	ASSERT_EQ(0, variant->prepare(b));
	ASSERT_EQ(0, fault_sleeping(true));
}

FIXTURE_TEARDOWN(calls)
{
	if (self->nth < 0)
		return;
	EXPECT_EQ(0, fault_sleeping(false));
	close(self->nth);
	env_close(&self->b.e);
}

TEST_F_TIMEOUT(calls, each_allocation, 300)
{
	bool hit = true;
	int n, ret;

	if (self->nth < 0)
		SKIP(return, "the kernel cannot inject faults");
	for (n = 1; hit; n++) {
		ASSERT_GT(MAX_FAULTS, n);
		ASSERT_EQ(0, fault_arm(self->nth, n));
		ret = variant->call(&self->b);
		hit = fault_disarm(self->nth);
		if (ret) {
			ASSERT_TRUE(hit);
			ASSERT_TRUE(ret == -ENOMEM || ret == -EFAULT) {
				TH_LOG("fault %d: %d", n, ret);
			}
			ASSERT_EQ(0, variant->call(&self->b));
		}
		ASSERT_EQ(0, variant->undo(&self->b));
	}
	EXPECT_LT(variant->least, n);
}

TEST_HARNESS_MAIN
