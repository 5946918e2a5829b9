// SPDX-License-Identifier: GPL-2.0
/*
 * The flow in bulk: a burst of long packets at fixed times, which come back and
 * are counted. A burst is left out if too many are on their way still: more than
 * the machine can do would only measure the queue, and be dropped. Before a slow
 * user of the tun the queue is what is measured: no burst is left out, and packets
 * may be dropped.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "latency.h"

#define BULK_PAYLOAD	1372	/* an IP packet of 1400 bytes */
#define WINDOW		256	/* on their way, which no queue is too short for */

static pthread_t thread;
static bool stop;
static bool lossy;
static struct bulk_count count;

static void count_came(int sk, int flags)
{
	ssize_t len;

	while (count.came < count.sent &&
	       (len = recv(sk, NULL, 0, MSG_TRUNC | flags)) >= 0) {
		if (len != BULK_PAYLOAD)
			die("bulk: a packet of %zd bytes", len);
		count.came++;
	}
}

static void burst(int sk, unsigned int n)
{
	static const uint8_t payload[BULK_PAYLOAD];

	while (n--) {
		if (send(sk, payload, sizeof(payload),
			 lossy ? MSG_DONTWAIT : 0) == sizeof(payload))
			count.sent++;
		else if (!lossy || (errno != EAGAIN && errno != ENOBUFS))
			die("bulk: send: %s", strerror(errno));
	}
}

static void *bulk_run(void *arg)
{
	const struct plan *plan = arg;
	int sk = thread_socket(PORT + 1);
	struct timespec next;

	thread_place(0, 2);
	clock_gettime(CLOCK_MONOTONIC, &next);
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		if (lossy || count.sent - count.came + plan->burst <= WINDOW)
			burst(sk, plan->burst);
		next.tv_nsec += plan->period;
		next.tv_sec += next.tv_nsec / 1000000000;
		next.tv_nsec %= 1000000000;
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
		count_came(sk, MSG_DONTWAIT);
	}
	count_came(sk, lossy ? MSG_DONTWAIT : 0);
	close(sk);
	return NULL;
}

void bulk_begin(const struct plan *plan)
{
	lossy = plan->take;
	if (plan->burst &&
	    pthread_create(&thread, NULL, bulk_run, (void *)plan))
		die("pthread_create failed");
}

/* All packets came back, unless the tun's user was slow. */
struct bulk_count bulk_end(void)
{
	if (!thread)
		return count;
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	if (!lossy && count.came != count.sent)
		die("bulk: %llu packets of %llu came back",
		    (unsigned long long)count.came,
		    (unsigned long long)count.sent);
	return count;
}
