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

static uint64_t ping(int sk, uint32_t number)
{
	struct payload p = { .number = number };
	uint64_t start = clock_now();

	if (send(sk, &p, sizeof(p), 0) != sizeof(p))
		die("send: %s", strerror(errno));
	memset(&p, 0xff, sizeof(p));
	if (recv(sk, &p, sizeof(p), MSG_TRUNC) != sizeof(p))
		die("ping %u did not come back: %s", number, strerror(errno));
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
	const unsigned int n = plan->pings;
	uint64_t *took = calloc(n, sizeof(*took)), sum = 0;
	int sk = thread_socket(PORT);
	struct took result;
	unsigned int i;

	if (!took)
		die("no memory");
	for (i = 0; i < 64; i++)
		ping(sk, i);
	for (i = 0; i < n; i++) {
		pause_up_to(plan->gap);
		took[i] = ping(sk, i);
		sum += took[i];
	}
	qsort(took, n, sizeof(*took), by_size);
	result = (struct took){ sum / n, took[n / 2], took[n * 99ULL / 100],
				took[n * 999ULL / 1000] };
	free(took);
	close(sk);
	return result;
}
