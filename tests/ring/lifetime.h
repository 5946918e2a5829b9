/* SPDX-License-Identifier: GPL-2.0 */
/* A device with rings, and traffic in flight. */
#ifndef TUN_TESTS_LIFETIME_H
#define TUN_TESTS_LIFETIME_H

#include "env.h"
#include "harness.h"

FIXTURE(life) {
	struct env e;
	struct tring r;
	struct flood f;
};

static const struct tconf conf = { F_META | F_EVENT, 32, 32, 2048, 0 };

FIXTURE_SETUP(life)
{
	ASSERT_EQ(0, env_open(&self->e, "life0", TUN_PLAIN));
	self->f = (struct flood) { .name = "life0", .len = 200 };
}

FIXTURE_TEARDOWN(life)
{
	if (self->f.running)
		flood_join(&self->f, true);
	tring_unmap(&self->r);
	env_close(&self->e);
}

/* Receives and transmits packets for this time. */
static int pump(struct tring *r, long ms)
{
	long end = now_ms() + ms;
	struct tun_ring_meta m;
	uint8_t buf[2048];
	unsigned int seq = 0;
	int ret = 0;

	while (now_ms() < end && ret >= 0) {
		if (tvq_pending(&r->rx)) {
			ret = tring_rx_take(r, buf, sizeof(buf), &m);
			if (ret >= 0)
				ret = tring_rx_kick(r);
		}
		if (ret < 0)
			break;
		ret = tring_tx_put(r, buf, seq_pkt(buf, false, seq++, 100),
				   NULL);
		if (ret == -EAGAIN)
			ret = 0;
		if (ret >= 0)
			ret = tring_tx_kick(r);
	}
	return ret < 0 ? ret : 0;
}

static int start(struct env *e, struct tring *r)
{
	return tring_start(r, e->fd, &conf);
}

#endif
