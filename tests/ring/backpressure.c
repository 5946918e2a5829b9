// SPDX-License-Identifier: GPL-2.0
/*
 * IFF_BACKPRESSURE of Linux 7.3 on a queue with rings: packets for a worker wait in the
 * tx_ring, as packets for read() do. Older kernels ignore the flag.
 */
#include "attach.h"
#include "env.h"
#include "harness.h"

#ifndef IFF_BACKPRESSURE
#define IFF_BACKPRESSURE	0x0080
#endif

#define ROOM	8	/* packets that may wait */
#define SENT	40	/* more than the rings, the worker and tx_ring take */
/* The queue lapses if it is stopped for so long. */
#define LAPSE_MS	200
#define ROUNDS	100

FIXTURE(rings) {
	struct env e;
	struct tring r;
	bool known;	/* the kernel has the flag */
};

FIXTURE_SETUP(rings)
{
	unsigned int features;

	ASSERT_EQ(0, env_open(&self->e, "bp0", TUN_PLAIN | IFF_BACKPRESSURE));
	ASSERT_EQ(0, ioctl(self->e.fd, TUNGETFEATURES, &features));
	self->known = features & IFF_BACKPRESSURE;
	ASSERT_EQ(0, if_txqlen("bp0", ROOM));
	ASSERT_EQ(0, qdisc_plain("bp0", 500));
}

FIXTURE_TEARDOWN(rings)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

static int start(struct tring *r, int fd, bool pin)
{
	struct aconf c = { .c = { F_META | F_EVENT, 8, 8, 2048, 0 },
			   .pin = pin };

	int ret = attach_alloc(r, &c) ?: attach_pool(r, fd, pin) ?:
		  attach_rings(r, fd, &c) ?: tring_rx_fill(r);

	return ret < 0 ? ret : 0;
}

/* Receives packets until none comes for a while. Returns their number. */
static int drain(struct tring *r, int fd)
{
	uint8_t buf[256];
	int n = 0;

	while (fd_wait(fd, POLLIN, LAPSE_MS) & POLLIN &&
	       tring_recv(r, buf, sizeof(buf), NULL) > 0)
		n++;
	return n;
}

/*
 * Packets that the worker has no buffers for wait, and none is lost. A round that
 * takes LAPSE_MS or longer proves nothing, because the queue may have lapsed.
 */
TEST_F(rings, worker_wakes_the_queue)
{
	int i, got = 0;

	ASSERT_EQ(0, start(&self->r, self->e.fd, false));
	for (i = 0; i < ROUNDS; i++) {
		const long began = now_ms();

		ASSERT_EQ(0, env_inject_n(&self->e, 0, SENT, 100));
		got = drain(&self->r, self->e.fd);
		/* the end of drain() waits for LAPSE_MS */
		if (got == SENT || now_ms() - began < 2 * LAPSE_MS)
			break;
	}
	ASSERT_GT(ROUNDS, i);
	EXPECT_EQ(self->known, got == SENT) TH_LOG("%d packets", got);
}

/* The queue stopped, or lapsed, when packets waited for read(). */
TEST_F(rings, setup_wakes_the_queue)
{
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 2 * ROOM, 100));
	ASSERT_EQ(0, start(&self->r, self->e.fd, true));
	EXPECT_LE(ROOM, drain(&self->r, self->e.fd));
	ASSERT_EQ(0, env_inject_n(&self->e, 100, ROOM, 100));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 100, ROOM));
}

TEST_HARNESS_MAIN
