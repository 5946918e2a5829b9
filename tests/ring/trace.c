// SPDX-License-Identifier: GPL-2.0
/* The tracepoints of rings, through tracefs. */
#include "attach.h"
#include "env.h"
#include "harness.h"

#define TRACEFS		"/sys/kernel/tracing/"
#define N		5

FIXTURE(trace) {
	struct env e;
	struct tring r;
};

FIXTURE_VARIANT(trace) {
	bool worker;
};

FIXTURE_VARIANT_ADD(trace, mapped) { false };
FIXTURE_VARIANT_ADD(trace, worker) { true };

/* Opening the file for writing removes all events. */
static int cleared(void)
{
	int fd = open(TRACEFS "trace", O_WRONLY | O_TRUNC | O_CLOEXEC);

	return fd < 0 ? -errno : close(fd);
}

#define ENABLE	TRACEFS "events/tun_ring/enable"

/*
 * Once for all cases: the kernel patches its code for that, and a processor that
 * QEMU emulates may keep a translation with the breakpoint of the patch, and hang.
 */
static void __attribute__((constructor)) enable_events(void)
{
	/* loads the module, if it is not there */
	close(tunfd_open());
	file_put(ENABLE, "1");
}

/* Cases end by _exit(), so this runs after the last one. */
static void __attribute__((destructor)) disable_events(void)
{
	file_put(ENABLE, "0");
}

static bool enabled(void)
{
	char state[8];

	return file_get(ENABLE, state, sizeof(state)) > 0 && !strcmp(state, "1");
}

FIXTURE_SETUP(trace)
{
	struct tconf c = { F_META, 8, 8, 2048, 0 };
	struct aconf a = { .c = c };
	int ret;

	ASSERT_EQ(0, env_open(&self->e, "trace0", TUN_PLAIN));
	ret = variant->worker ? attach_rings(&self->r, self->e.fd, &a)
			      : tring_setup(&self->r, self->e.fd, &c);
	ASSERT_EQ(0, ret);
	ASSERT_EQ(0, cleared());
	ASSERT_TRUE(enabled());
}

FIXTURE_TEARDOWN(trace)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

/* The sum of the events' fields of this name, or their number for NULL. */
static int events(const char *event, const char *field)
{
	char line[512], want[64];
	FILE *f = fopen(TRACEFS "trace", "r");
	int sum = 0;
	char *at;

	if (!f)
		return -errno;
	snprintf(want, sizeof(want), "tun_ring_%s: dev=trace0 queue=0", event);
	while (fgets(line, sizeof(line), f)) {
		if (!strstr(line, want))
			continue;
		at = field ? strstr(line, field) : NULL;
		sum += at ? atoi(at + strlen(field)) : 1;
	}
	fclose(f);
	return sum;
}

/* The worker may be about to report. Returns the last sum. */
static int wait_events(const char *event, const char *field, int n)
{
	long end = now_ms() + WAIT_MS;
	int sum;

	while ((sum = events(event, field)) < n && now_ms() < end)
		usleep(1000);
	return sum;
}

TEST_F(trace, delivered)
{
	ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, N, 100));
	ASSERT_EQ(0, env_expect(&self->e, &self->r, 0, N));
	EXPECT_EQ(N, wait_events("delivered", " entries=", N));
	EXPECT_EQ(0, events("consumed", NULL));
	EXPECT_EQ(0, events("broken", NULL));
}

TEST_F(trace, consumed)
{
	uint8_t buf[256];
	int i;

	for (i = 0; i < N; i++)
		ASSERT_EQ(0, tring_send(&self->r, buf,
					seq_pkt(buf, false, i, 100), NULL));
	EXPECT_EQ(0, env_seen(&self->e, 0, N));
	EXPECT_EQ(N, wait_events("consumed", " entries=", N));
	EXPECT_EQ(0, events("delivered", NULL));
}

/* More packets than buffers. */
TEST_F(trace, stopped_and_woken)
{
	int i;

	for (i = 0; i < 2; i++)
		tring_rx_give(&self->r, i);
	ASSERT_LE(0, tring_rx_kick(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, N, 100));
	EXPECT_EQ(1, wait_events("stopped", NULL, 1));
	EXPECT_EQ(0, events("woken", NULL));
	for (; i < 8; i++)
		tring_rx_give(&self->r, i);
	tvq_publish(&self->r.rx);
	ASSERT_LE(0, tring_enter(self->e.fd, TUN_RING_ENTER_RX, 0));
	ASSERT_EQ(0, env_expect(&self->e, &self->r, 0, N));
	EXPECT_EQ(1, wait_events("woken", NULL, 1));
	EXPECT_EQ(1, events("stopped", NULL));
}

TEST_F(trace, broken)
{
	struct tun_ring_stats st;

	tvq_put(&self->r.tx, 8);
	tvq_publish(&self->r.tx);
	tring_enter(self->e.fd, TUN_RING_ENTER_TX, 0);
	ASSERT_EQ(0, tring_wait_broken(self->e.fd, &st));
	EXPECT_EQ(EPROTO, wait_events("broken", " ring=tx err=", 1));
}

TEST_HARNESS_MAIN
