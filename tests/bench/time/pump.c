// SPDX-License-Identifier: GPL-2.0
/* The tuns' user: queue n of one to queue n of the other, a thread for each n. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <linux/if_tun.h>

#include "lane.h"
#include "time.h"

static struct worker {
	struct tunring *end[2];
	struct lane there, back;
	pthread_t thread;
	uint64_t late;
} workers[MAX_QUEUES];
static unsigned int n_workers;
static bool stop;

static const char *const names[] = { "near0", "far0" };

static const char *open_end(unsigned int queue, unsigned int which,
			    enum pump_kind kind, unsigned int queues)
{
	unsigned int iff = IFF_TUN | (queues > 1 ? IFF_MULTI_QUEUE : 0);
	struct tunring_options opt;
	int ret;

	tunring_options_init(&opt);
	opt.flags = kind == PUMP_PLAIN ? TUNRING_O_NO_RING : TUNRING_O_NEED_RING;
	if (kind == PUMP_FLOW)
		opt.features |= TUNRING_F_RX_FLOW;
	ret = tunring_open(&workers[queue].end[which], names[which], iff, &opt);
	if (ret == -EOPNOTSUPP || ret == -ENOTTY)
		return "this tun has no rings";
	if (ret)
		die("%s: %s", names[which], tunring_strerror(ret));
	return NULL;
}

/* Leaves the caller in the near namespace. */
const char *pump_open(enum pump_kind kind, unsigned int queues, const int *spaces)
{
	const char *missing;
	unsigned int i;
	int which;

	n_workers = queues;
	for (which = FAR; which >= NEAR; which--) {
		space_enter(spaces[which]);
		for (i = 0; i < queues; i++) {
			missing = open_end(i, which, kind, queues);
			if (missing)
				return missing;
		}
		space_up(names[which], which);
	}
	for (i = 0; i < queues; i++) {
		struct worker *w = &workers[i];

		lane_init(&w->there, w->end[NEAR], w->end[FAR], false);
		lane_init(&w->back, w->end[FAR], w->end[NEAR], false);
	}
	return NULL;
}

/* Whether there is something to do already. */
static bool prepare(struct lane *l, struct pollfd *from, struct pollfd *to)
{
	if (l->n) {
		to->events |= POLLOUT;
		return tunring_tx_prepare_wait(l->to);
	}
	from->events |= POLLIN;
	return tunring_prepare_wait(l->from);
}

/* Returns whether nobody woke us. */
static bool sleep_until_ready(struct worker *w)
{
	struct pollfd p[2] = {
		{ .fd = tunring_fd(w->end[NEAR]) },
		{ .fd = tunring_fd(w->end[FAR]) },
	};
	bool now = prepare(&w->there, &p[0], &p[1]);
	int n;

	now |= prepare(&w->back, &p[1], &p[0]);
	if (now)
		return false;
	n = poll(p, 2, 200);
	if (n < 0)
		die("poll: %s", strerror(errno));
	return !n;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	bool slept_out = false;
	int there, back;

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		there = lane_move(&w->there);
		back = lane_move(&w->back);
		if (there < 0 || back < 0)
			die("forwarding: %s",
			    tunring_strerror(there < 0 ? there : back));
		if (slept_out && (there || back))
			w->late++;
		slept_out = !there && !back && sleep_until_ready(w);
	}
	return NULL;
}

void pump_begin(void)
{
	unsigned int i;

	for (i = 0; i < n_workers; i++)
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i]))
			die("pthread_create failed");
}

struct pump_counts pump_end(const int *spaces)
{
	struct pump_counts c = { };
	unsigned int i;
	int which;

	for (which = FAR; which >= NEAR; which--) {
		space_enter(spaces[which]);
		c.dropped += space_drops(names[which]);
		c.qdisc_dropped += space_qdisc_drops(names[which]);
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (i = 0; i < n_workers; i++) {
		struct worker *w = &workers[i];

		pthread_join(w->thread, NULL);
		c.moved += w->there.moved + w->back.moved;
		c.late += w->late;
		c.too_long += w->there.too_long + w->back.too_long;
		tunring_close(w->end[NEAR]);
		tunring_close(w->end[FAR]);
	}
	return c;
}
