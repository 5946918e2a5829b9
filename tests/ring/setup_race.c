// SPDX-License-Identifier: GPL-2.0
/* Two TUNRINGSETUP at once: one succeeds, the other fails, each time. */
#include <pthread.h>

#include "env.h"
#include "harness.h"

static const struct tconf conf = { F_META | F_EVENT, 16, 16, 2048, 0 };

FIXTURE(race) {
	struct env e;
	struct tring r;
};

FIXTURE_SETUP(race)
{
	ASSERT_EQ(0, env_open(&self->e, "race0", TUN_PLAIN));
}

/* The queue accepts rings afterwards, and they work. */
FIXTURE_TEARDOWN(race)
{
	uint8_t pkt[128];

	EXPECT_EQ(0, tring_setup(&self->r, self->e.fd, &conf));
	EXPECT_LE(0, tring_rx_fill(&self->r));
	EXPECT_EQ(0, env_inject_n(&self->e, 0, 40, 100));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, 40));
	EXPECT_EQ(0, tring_send(&self->r, pkt, seq_pkt(pkt, false, 1, 100),
				NULL));
	EXPECT_EQ(0, env_seen(&self->e, 1, 1));
	tring_unmap(&self->r);
	env_close(&self->e);
}

struct two {
	pthread_barrier_t barrier;
	int fd, rounds, ret[2];
};

struct side {
	struct two *two;
	int i;
};

static void *set_up_in_step(void *arg)
{
	struct side *s = arg;
	struct tun_ring_setup p;
	int n;

	for (n = 0; n < s->two->rounds; n++) {
		p = tring_params(&conf);
		pthread_barrier_wait(&s->two->barrier);
		s->two->ret[s->i] = tring_setup_raw(s->two->fd, &p);
		pthread_barrier_wait(&s->two->barrier);
		pthread_barrier_wait(&s->two->barrier);
	}
	return NULL;
}

TEST_F(race, exactly_one_wins)
{
	struct two two = { .fd = self->e.fd, .rounds = 100 };
	struct side side[2] = { { &two, 0 }, { &two, 1 } };
	pthread_t t[2];
	int i, n;

	ASSERT_EQ(0, pthread_barrier_init(&two.barrier, NULL, 3));
	for (i = 0; i < 2; i++)
		ASSERT_EQ(0, pthread_create(&t[i], NULL, set_up_in_step,
					    &side[i]));
	for (n = 0; n < two.rounds; n++) {
		pthread_barrier_wait(&two.barrier);
		pthread_barrier_wait(&two.barrier);
		EXPECT_EQ(-EBUSY, two.ret[0] + two.ret[1]);
		EXPECT_EQ(0, tring_teardown(two.fd));
		pthread_barrier_wait(&two.barrier);
	}
	for (i = 0; i < 2; i++)
		ASSERT_EQ(0, pthread_join(t[i], NULL));
}

TEST_HARNESS_MAIN
