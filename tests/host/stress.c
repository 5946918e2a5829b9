// SPDX-License-Identifier: GPL-2.0
/*
 * A driver thread and a device thread run at full speed under the thread sanitizer. Each
 * sleeps when the ring allows it, wakes the other when the ring requires it, and checks
 * each byte. The test fails for a race, a lost wake-up or a wrong byte.
 */
#include "rig.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>

#include "harness.h"

#define NUM	16
#define BUF	64
#define PACKETS	50000
#define LOST_MS	60000

FIXTURE(stress) {
	struct rig *rig;
	pthread_t device;
	int kick;
	int interrupt;
	bool device_writes;
	u32 slot[NUM];
	const char *wrong;
};

typedef FIXTURE_DATA(stress) stress_t;

FIXTURE_VARIANT(stress) {
	bool event_idx;
	bool device_writes;
};

FIXTURE_VARIANT_ADD(stress, index_rx) {
	.event_idx = true, .device_writes = true,
};

FIXTURE_VARIANT_ADD(stress, index_tx) {
	.event_idx = true, .device_writes = false,
};

FIXTURE_VARIANT_ADD(stress, flags_rx) {
	.event_idx = false, .device_writes = true,
};

FIXTURE_VARIANT_ADD(stress, flags_tx) {
	.event_idx = false, .device_writes = false,
};

FIXTURE_SETUP(stress)
{
	self->rig = rig_new(NUM, true, variant->event_idx, NUM * 3 * BUF);
	rig_start_at(self->rig, 65536 - PACKETS / 2);
	self->device_writes = variant->device_writes;
	self->kick = eventfd(0, 0);
	self->interrupt = eventfd(0, 0);
}

FIXTURE_TEARDOWN(stress)
{
	close(self->kick);
	close(self->interrupt);
	rig_free(self->rig);
}

static void ring_bell(int fd)
{
	if (eventfd_write(fd, 1))
		abort();
}

/* Return: false if the other thread has lost a wake-up. */
static bool wait_for(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	eventfd_t count;

	return poll(&p, 1, LOST_MS) == 1 && !eventfd_read(fd, &count);
}

static u8 byte(u32 packet, u32 at)
{
	return packet * 7 + at;
}

static void fill(u8 *to, u32 packet, u32 at, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		to[i] = byte(packet, at + i);
}

static bool filled(const u8 *p, u32 packet, u32 at, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		if (p[i] != byte(packet, at + i))
			return false;
	return true;
}

/* The device pops one chain, and fills the chain or checks the driver's bytes in it. */
static bool device_packet(stress_t *self, u32 packet)
{
	struct tun_vq *dev = &self->rig->dev;
	struct tun_vring_chain c;
	u32 at = 0, i;

	while (device_pop(dev, self->device_writes, &c) != 1) {
		if (dev->vr.broken)
			return false;
		if (device_enable_kick(dev) > 0)
			continue;
		if (!wait_for(self->kick))
			return false;
		device_disable_kick(dev);
	}
	for (i = 0; i < c.nsegs; at += c.seg[i++].len)
		if (self->device_writes)
			fill(c.seg[i].base, packet, at, c.seg[i].len);
		else if (!filled(c.seg[i].base, packet, at, c.seg[i].len))
			return false;
	device_push(dev, c.head, self->device_writes ? c.len : 0);
	return true;
}

static void *device_thread(void *arg)
{
	stress_t *self = arg;
	struct tun_vq *dev = &self->rig->dev;
	u32 packet;

	for (packet = 0; packet < PACKETS; packet++) {
		if (!device_packet(self, packet)) {
			self->wrong = dev->vr.broken ? dev->vr.broken :
				      "the device waits, or met a wrong byte";
			break;
		}
		if (packet % 3 && packet + 1 < PACKETS &&
		    device_known(dev))
			continue;
		device_publish(dev);
		if (device_should_notify(dev))
			ring_bell(self->interrupt);
	}
	return NULL;
}

/* Every fifth chain has short buffers, so that an indirect table fits behind the third one. */
static u32 buf_len(u32 packet, u32 i)
{
	return 1 + (packet + i) % (packet % 5 ? BUF : 5);
}

static bool driver_add(stress_t *self, u32 packet)
{
	struct virtq *q = &self->rig->drv;
	struct virtq_buf buf[3];
	struct virtq_table t = { };
	u32 n = 1 + packet % 3, i, at = 0, slot;

	if (q->nfree < n)
		return false;
	slot = virtq_next_head(q) * 3 * BUF;
	self->slot[packet % NUM] = slot;
	for (i = 0; i < n; at += buf[i++].len) {
		buf[i].addr = slot + i * BUF;
		buf[i].len = buf_len(packet, i);
		buf[i].device_writes = self->device_writes;
		if (!self->device_writes)
			fill(self->rig->pool + buf[i].addr, packet, at,
			     buf[i].len);
	}
	t.addr = slot + 3 * BUF - 3 * VIRTQ_DESC;
	t.mem = self->rig->pool + t.addr;
	return virtq_add(q, buf, n, packet % 5 ? NULL : &t, packet) >= 0;
}

static bool driver_check(stress_t *self, u32 packet, u32 used_len)
{
	u32 n = 1 + packet % 3, i, at = 0;

	for (i = 0; self->device_writes && i < n; i++) {
		if (!filled(self->rig->pool + self->slot[packet % NUM] + i * BUF,
			    packet, at, buf_len(packet, i)))
			return false;
		at += buf_len(packet, i);
	}
	return used_len == at;
}

/* The driver takes used chains, adds new ones, and sleeps if it could do neither. */
TEST_F(stress, packets)
{
	struct virtq *q = &self->rig->drv;
	u32 added = 0, taken = 0, cookie, len;
	bool idle;

	ASSERT_EQ(0, pthread_create(&self->device, NULL, device_thread, self));
	while (taken < PACKETS) {
		idle = true;
		virtq_no_interrupt(q);
		for (; virtq_get(q, &cookie, &len); taken++, idle = false)
			ASSERT_TRUE(cookie == taken &&
				    driver_check(self, taken, len)) {
				TH_LOG("packet %u", taken);
			}
		for (; added < PACKETS && added - taken < NUM &&
		     driver_add(self, added); idle = false) {
			added++;
			virtq_offer(q);
			if (virtq_kick_needed(q))
				ring_bell(self->kick);
		}
		if (!idle || virtq_want_interrupt(q))
			continue;
		ASSERT_TRUE(wait_for(self->interrupt)) {
			TH_LOG("lost after %u packets", taken);
		}
	}
	ASSERT_EQ(0, pthread_join(self->device, NULL));
	EXPECT_EQ(NULL, self->wrong) {
		TH_LOG("%s", self->wrong);
	}
}

TEST_HARNESS_MAIN
