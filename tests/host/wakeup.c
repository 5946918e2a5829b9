// SPDX-License-Identifier: GPL-2.0
/*
 * The loops around the engine lose no wake-up in any interleaving (sched.h).
 */
#include "loops.h"
#include "sched.h"

#include "harness.h"

FIXTURE(wakeup) {
};

FIXTURE_VARIANT(wakeup) {
	bool event_idx;
	u16 start;
};

FIXTURE_VARIANT_ADD(wakeup, index) { .event_idx = true };
FIXTURE_VARIANT_ADD(wakeup, index_wrap) { .event_idx = true, .start = 65534 };
FIXTURE_VARIANT_ADD(wakeup, flags) { .event_idx = false };

FIXTURE_SETUP(wakeup)
{
	w.event_idx = variant->event_idx;
	w.start = variant->start;
}

FIXTURE_TEARDOWN(wakeup)
{
}

#define EXPECT_NONE_LOST(scene, packets_, burst_) do {			\
	struct sched_result r_;						\
									\
	w.packets = packets_;						\
	w.burst = burst_;						\
	r_ = sched_explore(scene);					\
	TH_LOG("%u packets by %u: %llu states, %llu ends", w.packets,	\
	       w.burst, (unsigned long long)r_.states,			\
	       (unsigned long long)r_.ends);				\
	EXPECT_LT(0, r_.ends);						\
	EXPECT_EQ(0, r_.bad) {						\
		TH_LOG("lost after %s", r_.trace);			\
	}								\
} while (0)

TEST_F(wakeup, kick)
{
	static const struct sched_scene scene = {
		.set_up = loop_set_up,
		.run = { loop_driver_offers, loop_device_takes },
		.good = loop_all_done,
		.clean_up = loop_clean_up,
	};

	EXPECT_NONE_LOST(&scene, 1, 1);
	EXPECT_NONE_LOST(&scene, 3, 1);
	EXPECT_NONE_LOST(&scene, 4, 2);
}

TEST_F(wakeup, kick_of_a_full_ring)
{
	static const struct sched_scene scene = {
		.set_up = loop_set_up,
		.run = { loop_driver_offers, loop_device_takes_pairs },
		.good = loop_all_done,
		.clean_up = loop_clean_up,
	};

	EXPECT_NONE_LOST(&scene, 2, 1);
	EXPECT_NONE_LOST(&scene, 4, 1);
}

TEST_F(wakeup, notification)
{
	static const struct sched_scene scene = {
		.set_up = loop_set_up_popped,
		.run = { loop_driver_takes, loop_device_uses },
		.good = loop_all_done,
		.clean_up = loop_clean_up,
	};

	EXPECT_NONE_LOST(&scene, 1, 1);
	EXPECT_NONE_LOST(&scene, 3, 1);
	EXPECT_NONE_LOST(&scene, 4, 2);
}

TEST_F(wakeup, both)
{
	static const struct sched_scene scene = {
		.set_up = loop_set_up,
		.run = { loop_driver_ping, loop_device_pong },
		.good = loop_all_done,
		.clean_up = loop_clean_up,
	};

	EXPECT_NONE_LOST(&scene, 1, 1);
	EXPECT_NONE_LOST(&scene, 2, 1);
}

TEST_HARNESS_MAIN
