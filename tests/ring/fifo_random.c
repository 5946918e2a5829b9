// SPDX-License-Identifier: GPL-2.0
/*
 * Packets of one to twelve small buffers, and a reader that takes packets and gives
 * buffers back in random portions, after random pauses. The reader kicks if the
 * driver asks for a kick, and does nothing else that may wake the driver. A packet
 * must arrive once there are buffers for it. No packet is lost, comes twice or
 * overtakes another one.
 *
 * SEED repeats the choices of a run, though not their order among threads.
 */
#include <time.h>

#include "fifo_random.h"
#include "harness.h"

#define RUN_MS		450
#define ARRIVE_MS	6000	/* longer than any timer of the driver */

static unsigned int chains_of(const struct side *s, uint16_t head)
{
	const uint8_t *p = s->pool + head * s->stride;

	if (!s->guest)
		return le16toh(s->vq->meta[head].num_buffers);
	return p[10] | p[11] << 8;
}

/* Takes the next packet, whose buffers the reader holds then. */
static int take(struct side *s)
{
	unsigned int n = chains_of(s, tvq_used_at(s->vq, s->vq->taken).id), i;
	uint8_t buf[MOST * BUF];
	size_t len = 0;
	int64_t seq;

	if (n < 1 || n > MOST || n > tvq_pending(s->vq))
		return -EBADMSG;
	for (i = 0; i < n; i++) {
		struct vring_used_elem u = tvq_used_at(s->vq, s->vq->taken + i);

		if (u.id >= s->vq->entries || u.len > BUF)
			return -EBADMSG;
		memcpy(buf + len, s->pool + u.id * s->stride, u.len);
		len += u.len;
		s->held[s->nheld++] = u.id;
	}
	s->vq->taken += n;
	if (!s->late)
		tvq_set_used_event(s->vq, s->vq->taken);
	while (is_too_big(s, s->next))
		s->next++;
	seq = seq_of(buf + s->hdr, len - s->hdr, false);
	if (seq != s->next || len != s->hdr + len_of(s, seq)) {
		fprintf(stderr, "# packet %lld of %zu bytes, expected %u\n",
			(long long)seq, len, s->next);
		return -EBADMSG;
	}
	__atomic_store_n(&s->done, ++s->next, __ATOMIC_RELEASE);
	return 0;
}

/* A packet may arrive before its sender has counted it. */
static bool waits(struct side *s)
{
	uint32_t sent = __atomic_load_n(&s->sent, __ATOMIC_ACQUIRE);

	while (s->next < sent && is_too_big(s, s->next))
		s->next++;
	__atomic_store_n(&s->done, s->next, __ATOMIC_RELEASE);
	return s->next < sent;
}

/*
 * The next packet must arrive if there are buffers for it. A packet that no ring can
 * hold is dropped if the driver has all buffers.
 */
static int arrives(struct side *s)
{
	bool all = s->vq->entries < MOST;
	long end = now_ms() + ARRIVE_MS;
	uint16_t avail;
	int ret = 0;

	while (waits(s) && !tvq_pending(s->vq)) {
		avail = s->vq->avail_idx - tvq_used_idx(s->vq);
		if (s->nheld && (all || avail < buffers_for(s, s->next))) {
			ret = give(s, 1);
			if (ret)
				return ret;
			continue;
		}
		tvq_set_used_event(s->vq, s->vq->taken);
		if (now_ms() > end) {
			fprintf(stderr, "# packet %u of %u waits for %u buffers, %u available\n",
				s->next, s->sent, buffers_for(s, s->next), avail);
			return -ETIMEDOUT;
		}
		usleep(100);
	}
	return ret;
}

static int read_by_chance(struct side *s)
{
	unsigned int n = below(&s->chance, 6);
	int ret = 0;

	while (n-- && tvq_pending(s->vq) && !ret)
		ret = take(s);
	if (!ret && below(&s->chance, 4))
		ret = give(s, below(&s->chance, s->nheld + 1));
	pause_by_chance(&s->chance);
	if (!ret && !tvq_pending(s->vq) && below(&s->chance, 2))
		ret = arrives(s);
	return ret;
}

/* ---- the sender ---- */

static uint32_t in_flight(struct side *s)
{
	uint32_t done = __atomic_load_n(&s->done, __ATOMIC_ACQUIRE);

	return s->sent > done ? s->sent - done : 0;
}

/* Bursts. The reader takes all packets, or some, before the next one. */
static void *sender(void *arg)
{
	struct side *s = arg;
	uint64_t chance = ~s->seed;

	while (!__atomic_load_n(&s->stop, __ATOMIC_ACQUIRE) && !s->err) {
		uint32_t n = 1 + below(&chance, below(&chance, 8) ? 24 : 150);
		uint32_t window = below(&chance, 3) ? 0 : below(&chance, 100);

		while (n-- && !s->err) {
			s->err = env_inject(&s->e, s->sent, len_of(s, s->sent));
			__atomic_add_fetch(&s->sent, 1, __ATOMIC_RELEASE);
		}
		while (in_flight(s) > window &&
		       !__atomic_load_n(&s->stop, __ATOMIC_ACQUIRE))
			usleep(100);
		pause_by_chance(&chance);
	}
	return NULL;
}

FIXTURE(random_reader) {
	struct side s;
	pthread_t thread;
	bool running;
};

FIXTURE_VARIANT(random_reader) {
	enum memory memory;
	uint64_t features;
	unsigned int entries;
	bool late;
};

#define RANDOM(name, ...) \
	FIXTURE_VARIANT_ADD(random_reader, name) { __VA_ARGS__ }

RANDOM(flags, MAPPED, F_META, 16);
RANDOM(event, MAPPED, F_META | F_EVENT, 16);
RANDOM(event_small, MAPPED, F_META | F_EVENT, 8);
RANDOM(flow_flags, MAPPED, F_META | F_FLOW, 16);
RANDOM(flow, MAPPED, F_META | F_EVENT | F_FLOW, 32);
RANDOM(pinned, PINNED, F_META | F_EVENT, 16);
RANDOM(worker, UNPINNED, F_META | F_EVENT, 16);
RANDOM(worker_small, UNPINNED, F_META, 8);
RANDOM(late, MAPPED, F_META | F_EVENT, 8, true);
RANDOM(late_worker, UNPINNED, F_META | F_EVENT, 8, true);
RANDOM(guest_flags, GUEST, 0, G_ENTRIES);
RANDOM(guest, GUEST, F_EVENT, G_ENTRIES);
RANDOM(guest_flags_pinned, GUEST_PINNED, 0, G_ENTRIES);
RANDOM(guest_pinned, GUEST_PINNED, F_EVENT, G_ENTRIES);

FIXTURE_SETUP(random_reader)
{
	struct tconf c = { variant->features, variant->entries, 16, BUF, 0 };
	const char *seed = getenv("SEED");
	struct side *s = &self->s;

	s->guest = variant->memory >= GUEST;
	s->late = variant->late;
	s->seed = seed ? strtoull(seed, NULL, 0) : (uint64_t)time(NULL);
	s->chance = mix(s->seed);
	if (s->guest)
		s->err = begin_guest(s, variant->memory == GUEST_PINNED,
				     variant->features);
	else
		s->err = begin_rings(s, variant->memory, &c);
	ASSERT_EQ(0, s->err);
	for (; s->nheld < variant->entries; s->nheld++)
		s->held[s->nheld] = s->nheld;
	ASSERT_EQ(0, give(s, s->nheld));
}

FIXTURE_TEARDOWN(random_reader)
{
	struct side *s = &self->s;

	__atomic_store_n(&s->stop, 1, __ATOMIC_RELEASE);
	if (s->guest)
		guest_close(&s->g);
	else
		tring_unmap(&s->r);
	env_close(&s->e);
	if (self->running)
		pthread_join(self->thread, NULL);
}

TEST_F(random_reader, takes_all)
{
	struct side *s = &self->s;
	long end = now_ms() + RUN_MS;
	int ret = 0;

	ASSERT_EQ(0, pthread_create(&self->thread, NULL, sender, s));
	self->running = true;
	while (!ret && now_ms() < end)
		ret = read_by_chance(s);
	__atomic_store_n(&s->stop, 1, __ATOMIC_RELEASE);
	if (!ret) {
		pthread_join(self->thread, NULL);
		self->running = false;
	}
	while (!ret && waits(s))
		ret = tvq_pending(s->vq) ? take(s) : arrives(s);
	EXPECT_EQ(0, ret);
	EXPECT_EQ(0, s->err);
	EXPECT_EQ(0, tvq_pending(s->vq));
	if (ret || s->err)
		TH_LOG("SEED=%llu", (unsigned long long)s->seed);
	printf("# %u packets\n", s->sent);
}

TEST_HARNESS_MAIN
