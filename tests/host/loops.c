// SPDX-License-Identifier: GPL-2.0
#include "loops.h"

#include "sched.h"

#define NUM	4

struct loops w;

void loop_set_up(void)
{
	const u8 *avail, *used;

	w.rig = rig_new(NUM, false, w.event_idx, 64);
	rig_start_at(w.rig, w.start);
	w.done = 0;
	avail = w.rig->drv.avail;
	used = w.rig->drv.used;
	sched_watch(avail);
	sched_watch(avail + 2);
	sched_watch(avail + 4 + 2 * NUM);
	sched_watch(used);
	sched_watch(used + 2);
	sched_watch(used + 4 + 8 * NUM);
}

/* Set up a ring of which the device has popped all chains. */
void loop_set_up_popped(void)
{
	unsigned int i;

	loop_set_up();
	for (i = 0; i < w.packets; i++) {
		rig_offer_one(w.rig, true, 0, 8);
		device_pop(&w.rig->dev, true, &w.c);
	}
	w.rig->drv.kicked = w.rig->drv.offered;
}

void loop_clean_up(void)
{
	rig_free(w.rig);
}

bool loop_all_done(void)
{
	return w.done == w.packets && !w.rig->dev.vr.broken;
}

void loop_driver_offers(void)
{
	struct virtq_buf buf = { .len = 8, .device_writes = true };
	unsigned int i;

	for (i = 0; i < w.packets; i++) {
		virtq_add(&w.rig->drv, &buf, 1, NULL, i);
		if ((i + 1) % w.burst)
			continue;
		virtq_offer(&w.rig->drv);
		if (virtq_kick_needed(&w.rig->drv))
			sched_ring();
	}
}

/* The device polls as the NAPI of the transmit ring does. */
void loop_device_takes(void)
{
	struct tun_vq *dev = &w.rig->dev;

	for (;;) {
		device_disable_kick(dev);
		while (device_pop(dev, true, &w.c) > 0)
			w.done++;
		if (device_enable_kick(dev) > 0)
			continue;
		sched_sleep();
	}
}

/* The device receives packets of two buffers each and meets a ring that runs empty. */
void loop_device_takes_pairs(void)
{
	struct tun_vq *dev = &w.rig->dev;

	for (;;) {
		unsigned int n = 0;
		u16 seen;

		while (n < 2 && device_pop(dev, true, &w.c) > 0)
			n++;
		if (n == 2) {
			w.done += 2;
			continue;
		}
		device_rewind(dev, n, 0);
		seen = dev->vr.avail_idx;
		if (device_enable_kick(dev) <= 0 || dev->vr.avail_idx == seen)
			sched_sleep();
		device_disable_kick(dev);
	}
}

void loop_device_uses(void)
{
	struct tun_vq *dev = &w.rig->dev;
	unsigned int i;

	for (i = 0; i < w.packets; i++) {
		device_push(dev, i, 8);
		if ((i + 1) % w.burst)
			continue;
		device_publish(dev);
		if (device_should_notify(dev))
			sched_ring();
	}
}

void loop_driver_takes(void)
{
	u32 cookie, len;

	for (;;) {
		virtq_no_interrupt(&w.rig->drv);
		while (virtq_get(&w.rig->drv, &cookie, &len))
			w.done++;
		if (virtq_want_interrupt(&w.rig->drv))
			continue;
		sched_sleep();
	}
}

/* Driver and device pass one buffer back and forth, and each waits for the other. */
void loop_driver_ping(void)
{
	struct virtq *q = &w.rig->drv;
	u32 cookie, len;
	unsigned int i;

	for (i = 0; i < w.packets; i++) {
		rig_offer_one(w.rig, true, 0, 8);
		if (virtq_kick_needed(q))
			sched_ring();
		while (!virtq_get(q, &cookie, &len))
			if (!virtq_want_interrupt(q))
				sched_sleep();
		w.done++;
	}
}

void loop_device_pong(void)
{
	struct tun_vq *dev = &w.rig->dev;

	for (;;) {
		device_disable_kick(dev);
		while (device_pop(dev, true, &w.c) > 0) {
			device_push(dev, w.c.head, 8);
			device_publish(dev);
			if (device_should_notify(dev))
				sched_ring();
		}
		if (device_enable_kick(dev) > 0)
			continue;
		sched_sleep();
	}
}
