// SPDX-License-Identifier: GPL-2.0
/*
 * Each random step runs on the ring and on the model, and their results must agree.
 *
 * MODEL_SEED=N sets the first seed, MODEL_RUNS=N the number of seeds. A failure
 * message names the seed and the step.
 */
#include "model.h"

#include <stdlib.h>

#include "harness.h"

#define SEED	20090
#define RUNS	64
#define STEPS	50000

/* Start both ends and the model at @start, which lies shortly before the wrap. */
static void start_at(struct model *m, u64 start)
{
	rig_start_at(m->rig, start);
	m->added = start;
	m->offered = start;
	m->seen = start;
	m->popped = start;
	m->pushed = start;
	m->published = start;
	m->signalled = start;
	m->taken = start;
	m->kicked = start;
	m->want_avail = start;
	m->want_used = m->rig->drv.event_idx ? start : 0;
}

static struct model *model_new(u64 seed)
{
	struct model *m = calloc(1, sizeof(*m));
	u32 num;

	if (!m)
		abort();
	prng_seed(&m->rnd, seed);
	num = 1U << prng_below(&m->rnd, 9);
	m->rig = rig_new(num, seed & 1, seed & 2, num * MODEL_TABLE +
			 prng_below(&m->rnd, 100));
	m->device_writes = seed & 4;
	start_at(m, 65536 - prng_below(&m->rnd, 1024));
	return m;
}

static void model_free(struct model *m)
{
	rig_free(m->rig);
	free(m);
}

static u64 from_environment(const char *name, u64 otherwise)
{
	const char *value = getenv(name);

	return value ? strtoull(value, NULL, 0) : otherwise;
}

TEST(random_steps)
{
	u64 from = from_environment("MODEL_SEED", SEED), seed = from;
	u64 end = from + from_environment("MODEL_RUNS", RUNS);
	u64 wrapped = 0;

	for (; seed < end; seed++) {
		struct model *m = model_new(seed);
		u32 step;

		for (step = 0; step < STEPS; step++) {
			const char *wrong = model_step(m);

			ASSERT_EQ(NULL, wrong) {
				TH_LOG("MODEL_SEED=%llu: step %u, %s: not: %s",
				       (unsigned long long)seed, step, m->what,
				       wrong);
			}
			ASSERT_EQ(NULL, m->rig->dev.vr.broken) {
				TH_LOG("MODEL_SEED=%llu: step %u, %s: %s",
				       (unsigned long long)seed, step, m->what,
				       m->rig->dev.vr.broken);
			}
		}
		wrapped += m->taken > 65536;
		model_free(m);
	}
	/* At least half of the runs must have made the indices wrap. */
	EXPECT_LE((end - from) / 2, wrapped);
}

TEST_HARNESS_MAIN
