// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * One thread on each side of a handle, and the kernel in a third, without a lock
 * between the two sides. Built with the thread sanitizer.
 */
#include "fake.h"
#include "tap.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>

#define PACKETS 20000

static struct tunring *h;
static struct fake_frame frame;
static int bad_rx, bad_tx, bad_kernel;

static void *receive_side(void *arg)
{
	struct tunring_packet p[16];
	uint32_t seen = 0, v;
	int i, n;

	(void)arg;
	while (seen < PACKETS) {
		n = tunring_rx_burst(h, p, 16);
		for (i = 0; i < n; i++) {
			memcpy(&v, p[i].data, 4);
			bad_rx |= v != seen++;
			memset(p[i].data - 8, 0xff, 16);
		}
		bad_rx |= tunring_rx_release(h, p, (unsigned int)n) != 0;
		if (!n && !tunring_prepare_wait(h))
			sched_yield();
	}
	return NULL;
}

static void *transmit_side(void *arg)
{
	struct tunring_packet p[16];
	uint32_t sent = 0;
	int i, n;

	(void)arg;
	while (sent < PACKETS) {
		n = tunring_tx_reserve(h, p, 16);
		for (i = 0; i < n; i++, sent++)
			memcpy(tunring_packet_put(&p[i], 4), &sent, 4);
		bad_tx |= tunring_tx_submit(h, p, (unsigned int)n) != n;
		bad_tx |= tunring_tx_kick(h) != 0;
		if (!n)
			sched_yield();
	}
	return NULL;
}

static void *kernel(void *arg)
{
	uint32_t given = 0, taken = 0, v;

	(void)arg;
	while (given < PACKETS || taken < PACKETS + 15) {
		int moved = 0;

		if (given < PACKETS && fake_rx(&given, 4, NULL)) {
			given++;
			moved = 1;
		}
		if (fake_tx(&frame) == 1) {
			memcpy(&v, frame.data, 4);
			bad_kernel |= v != taken++ || frame.len != 4;
			moved = 1;
		}
		if (given == PACKETS && taken >= PACKETS)
			break;
		if (!moved)
			sched_yield();
	}
	return NULL;
}

static int two_sides(uint32_t flags)
{
	struct tunring_options opt;
	pthread_t t[3];
	int i;

	tunring_options_init(&opt);
	opt.rx_entries = 32;
	opt.tx_entries = 16;
	opt.buf_size = 256;
	opt.flags = flags;
	fake_init();
	CHECK_EQ(fake_open(&h, &opt), 0);
	bad_rx = 0;
	bad_tx = 0;
	bad_kernel = 0;
	pthread_create(&t[0], NULL, receive_side, NULL);
	pthread_create(&t[1], NULL, transmit_side, NULL);
	pthread_create(&t[2], NULL, kernel, NULL);
	for (i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	CHECK(!bad_rx);
	CHECK(!bad_tx);
	CHECK(!bad_kernel);
	tunring_close(h);
	fake_free();
	return 0;
}

static int threads_event_idx(void)
{
	return two_sides(0);
}

static int threads_flags(void)
{
	return two_sides(TUNRING_O_NO_EVENT_IDX);
}

static const struct tap_test tests[] = {
	TEST(threads_event_idx), TEST(threads_flags),
};

TAP_MAIN(tests)
