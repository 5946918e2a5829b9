// SPDX-License-Identifier: GPL-2.0
/*
 * Users without privilege do their worst with rings, each in an own namespace. Others
 * must not feel it: pings on lo are answered, and an operation under rtnl takes no
 * longer than beside the same processes without ring calls.
 *
 * SECS is the length of each of the two measurements.
 */
#include <netinet/ip_icmp.h>
#include <time.h>

#include "lib.h"
#include "neighbour.h"

#include "harness.h"

#define PERIOD_MS	100
#define MOST		36000

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static unsigned int seconds(void)
{
	const char *secs = getenv("SECS");

	return secs ? atoi(secs) : 60;
}

/* ---- pings on lo, by a thread ---- */
struct pinger {
	pthread_t thread;
	int stop;		/* atomic */
	unsigned int sent, came;
	int err;
};

static int ping(int sk, uint16_t number)
{
	struct icmphdr h = { .type = ICMP_ECHO,
			     .un.echo = { htons(4711), htons(number) } };
	struct sockaddr_in lo = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	h.checksum = pkt_csum(&h, sizeof(h), 0);
	return sendto(sk, &h, sizeof(h), 0, (void *)&lo, sizeof(lo)) < 0 ?
	       -errno : 0;
}

/* Answers that are there. A raw socket sees the requests, too. */
static unsigned int answers(int sk)
{
	struct { struct iphdr ip; struct icmphdr h; } p;
	unsigned int n = 0;

	while (recv(sk, &p, sizeof(p), MSG_DONTWAIT) == sizeof(p))
		n += p.h.type == ICMP_ECHOREPLY && p.h.un.echo.id == htons(4711);
	return n;
}

static void *ping_run(void *arg)
{
	struct pinger *p = arg;
	int sk = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	long end;

	if (sk < 0)
		p->err = -errno;
	while (!p->err && !__atomic_load_n(&p->stop, __ATOMIC_RELAXED)) {
		p->err = ping(sk, p->sent++);
		usleep(PERIOD_MS * 1000);
		p->came += answers(sk);
	}
	for (end = now_ms() + WAIT_MS; p->came < p->sent && now_ms() < end;) {
		usleep(1000);
		p->came += answers(sk);
	}
	close(sk);
	return NULL;
}

/* ---- an operation under rtnl, ten times a second ---- */
static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Returns the 99th percentile in nanoseconds, or 0. */
static uint64_t rtnl_run(unsigned int secs)
{
	static uint64_t took[MOST];
	uint64_t end = now_ns() + secs * 1000000000ULL, start;
	unsigned int n = 0;

	while (now_ns() < end && n < MOST) {
		start = now_ns();
		if (if_up("lo"))
			return 0;
		took[n++] = now_ns() - start;
		usleep(PERIOD_MS * 1000);
	}
	qsort(took, n, sizeof(*took), by_size);
	printf("# rtnl: %u times, median %.3f ms, 99th %.3f ms, longest %.3f ms\n",
	       n, took[n / 2] / 1e6, took[n * 99 / 100] / 1e6, took[n - 1] / 1e6);
	return took[n * 99 / 100];
}

struct figures {
	unsigned int sent, came;	/* pings */
	uint64_t rtnl;			/* ns, the 99th percentile */
	int rounds;			/* of the neighbours */
};

static int measure(bool rings, struct figures *f)
{
	pid_t groups[NEIGHBOURS] = { };
	struct pinger p = { };
	int ret;

	ret = ns_fresh() ?: if_up("lo");
	if (!ret)
		ret = neighbours_start(rings, groups);
	if (ret)
		return ret;
	sleep(1);
	ret = -pthread_create(&p.thread, NULL, ping_run, &p);
	if (ret)
		return ret;
	f->rtnl = rtnl_run(seconds());
	__atomic_store_n(&p.stop, 1, __ATOMIC_RELAXED);
	pthread_join(p.thread, NULL);
	f->rounds = neighbours_end(groups);
	f->sent = p.sent;
	f->came = p.came;
	printf("# pings: %u of %u came back\n", f->came, f->sent);
	return p.err;
}

FIXTURE(bystanders) {
	struct figures plain, rings;
};

FIXTURE_SETUP(bystanders)
{
}

FIXTURE_TEARDOWN(bystanders)
{
}

/* On stock tun the first measurement alone, to compare its figures. */
TEST_F_TIMEOUT(bystanders, feel_nothing, 600)
{
	ASSERT_EQ(0, measure(false, &self->plain));
	ASSERT_LT(0, self->plain.rounds);
	EXPECT_EQ(self->plain.sent, self->plain.came);
	EXPECT_LT(0, self->plain.rtnl);
	if (kernel_tun_is_stock())
		return;
	ASSERT_EQ(0, measure(true, &self->rings));
	ASSERT_LT(0, self->rings.rounds);
	EXPECT_EQ(self->rings.sent, self->rings.came);
	EXPECT_LE(self->rings.rtnl, 2 * self->plain.rtnl);
}

TEST_HARNESS_MAIN
