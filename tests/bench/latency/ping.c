// SPDX-License-Identifier: GPL-2.0
/* One packet after the other, each timed. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "latency.h"

struct payload {
	uint32_t number;
	uint8_t rest[32];	/* an IP packet of 64 bytes */
};

/* The same gaps in each run, unlike the bulk's period. */
static void pause_up_to(uint64_t gap)
{
	static uint32_t state = 1;
	struct timespec ts = { };

	state = state * 1664525 + 1013904223;
	ts.tv_nsec = gap * (state >> 16) >> 16;
	nanosleep(&ts, NULL);
}

/* Where @lossy, earlier pings may come late. Returns 0 for one that did not come. */
static uint64_t ping(int sk, uint32_t number, bool lossy)
{
	struct payload p = { .number = number };
	uint64_t start = clock_now();

	if (send(sk, &p, sizeof(p), 0) != sizeof(p))
		die("send: %s", strerror(errno));
	do {
		memset(&p, 0xff, sizeof(p));
		if (recv(sk, &p, sizeof(p), MSG_TRUNC) != sizeof(p)) {
			if (lossy && errno == EAGAIN)
				return 0;
			die("ping %u did not come back: %s", number,
			    strerror(errno));
		}
	} while (lossy && p.number < number);
	start = clock_now() - start;
	if (p.number != number)
		die("ping %u came back as %u", number, p.number);
	return start;
}

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

struct took ping_all(const struct plan *plan)
{
	uint64_t *took = calloc(plan->pings, sizeof(*took)), sum = 0;
	unsigned int i, n = 0, first = plan->take ? 0 : 64;
	int sk = thread_socket(PORT);
	struct took result;

	if (!took)
		die("no memory");
	if (plan->take)
		thread_socket_patience(sk, 2);
	for (i = 0; i < first; i++)
		ping(sk, i, false);
	for (i = 0; i < plan->pings; i++) {
		pause_up_to(plan->gap);
		took[n] = ping(sk, first + i, plan->take);
		sum += took[n];
		n += took[n] > 0;
	}
	if (!n)
		die("no ping came back");
	qsort(took, n, sizeof(*took), by_size);
	result = (struct took){ sum / n, took[n / 2], took[n * 99ULL / 100],
				took[n * 999ULL / 1000], plan->pings - n };
	free(took);
	close(sk);
	return result;
}
