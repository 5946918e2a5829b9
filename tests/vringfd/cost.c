// SPDX-License-Identifier: GPL-2.0
/*
 * Measures the costs of each mode of a queue. The program prints the table of
 * Documentation/vringfd.md as comments.
 */
#include <sys/resource.h>

#include "cost.h"
#include "harness.h"

#define ROUNDS	200

struct cost {
	double fds, calls, wakes, kernel;	/* all but fds count per packet */
};

FIXTURE(cost) {
	int counter;
};

FIXTURE_VARIANT(cost) {
	unsigned int burst;
};

FIXTURE_VARIANT_ADD(cost, single) { 1 };
FIXTURE_VARIANT_ADD(cost, burst) { 64 };

FIXTURE_SETUP(cost)
{
	self->counter = syscalls_open();
	ASSERT_LE(0, self->counter);
}

FIXTURE_TEARDOWN(cost)
{
	close(self->counter);
}

static unsigned long wakes(void)
{
	struct rusage r;

	getrusage(RUSAGE_THREAD, &r);
	return r.ru_nvcsw;
}

/* A child sends while the receiver thread_wait_blocked, so that the costs include a wake-up. */
static int sender(struct cost_queue *q, unsigned int burst, int *go)
{
	uint8_t byte;
	pid_t pid = fork();

	if (pid)
		return pid;
	close(go[1]);
	while (read(go[0], &byte, 1) == 1) {
		if (thread_wait_blocked(getppid()) || tv_inject(&q->t, 0, burst, COST_LEN))
			_exit(1);
	}
	_exit(0);
}

static int receive(struct cost_queue *q, const struct cost_mode *m,
		   unsigned int burst, int counter, struct cost *c)
{
	unsigned long calls = 0, before, woken = 0, slept, kernel;
	unsigned int i, n;
	int go[2], status;
	pid_t pid;

	if (pipe(go))
		return -errno;
	pid = sender(q, burst, go);
	kernel = thread_switches("vringfd-") + thread_switches("tun-");
	for (i = 0; i < ROUNDS; i++) {
		if (write(go[1], "", 1) != 1)
			return -errno;
		slept = wakes();
		before = syscalls_count(counter);
		for (n = 0; n < burst;) {
			m->wait(q);
			n += m->take(q);
		}
		/* Reading the counter is a system call, too. */
		calls += syscalls_count(counter) - before - 1;
		woken += wakes() - slept;
	}
	kernel = thread_switches("vringfd-") + thread_switches("tun-") - kernel;
	close(go[1]);
	close(go[0]);
	waitpid(pid, &status, 0);
	c->calls = (double)calls / ROUNDS / burst;
	c->wakes = (double)woken / ROUNDS / burst;
	c->kernel = (double)kernel / ROUNDS / burst;
	return status;
}

static int transmit(struct cost_queue *q, const struct cost_mode *m,
		    unsigned int burst, int counter, struct cost *c)
{
	unsigned long calls = 0, before, kernel;
	unsigned int i, n;
	uint8_t buf[256];
	int ret = 0;

	kernel = thread_switches("vringfd-") + thread_switches("tun-");
	for (i = 0; i < ROUNDS && !ret; i++) {
		before = syscalls_count(counter);
		ret = m->put(q, burst);
		calls += syscalls_count(counter) - before - 1;
		for (n = 0; n < burst && !ret; n++)
			if (psock_recv(q->t.sk, NULL, buf, sizeof(buf)) < 0)
				ret = -EIO;
	}
	kernel = thread_switches("vringfd-") + thread_switches("tun-") - kernel;
	c->calls = (double)calls / ROUNDS / burst;
	c->kernel = (double)kernel / ROUNDS / burst;
	return ret;
}

static int measure(const struct cost_mode *m, unsigned int burst, int counter,
		   struct cost *rx, struct cost *tx)
{
	struct cost_queue q = { };
	unsigned int fds;
	int ret = tv_device(&q.t, TUN_PLAIN, 0);

	if (ret)
		return ret;
	q.t.sk = psock_open("vr0", false);
	fds = fds_count();
	ret = m->open(&q);
	rx->fds = fds_count() - fds + 1;
	if (!ret)
		ret = receive(&q, m, burst, counter, rx);
	if (!ret)
		ret = transmit(&q, m, burst, counter, tx);
	m->close(&q);
	tv_close(&q.t);
	return ret;
}

TEST_F(cost, of_each_mode)
{
	struct cost rx[8] = { }, tx[8] = { };
	unsigned int i, last = cost_nmodes - 1;

	printf("# packets in bursts of %u | fds | receive: calls | wake-ups of the user | of a kernel thread | transmit: calls | wake-ups of a kernel thread |\n",
	       variant->burst);
	for (i = 0; i < cost_nmodes; i++) {
		ASSERT_EQ(0, measure(&cost_modes[i], variant->burst,
				     self->counter, &rx[i], &tx[i]));
		printf("# | %s | %.0f | %.2f | %.2f | %.2f | %.2f | %.2f |\n",
		       cost_modes[i].name, rx[i].fds, rx[i].calls, rx[i].wakes,
		       rx[i].kernel, tx[i].calls, tx[i].kernel);
	}
	/* Rings of the tun fd need one descriptor, vringfds need three. */
	EXPECT_EQ(1, rx[0].fds);
	EXPECT_EQ(1, rx[1].fds);
	EXPECT_EQ(1, rx[2].fds);
	EXPECT_EQ(1, rx[3].fds);
	EXPECT_EQ(3, rx[last].fds);
	/* read() and write() take a call for each packet, rings for each burst. */
	EXPECT_LE(1, rx[0].calls);
	EXPECT_LE(1, tx[0].calls);
	for (i = 1; i <= last; i++) {
		EXPECT_GE(variant->burst == 1 ? 3 : 0.5, rx[i].calls);
		EXPECT_GE(variant->burst == 1 ? 1 : 0.5, tx[i].calls);
	}
	/* Only rings in memory that the kernel cannot reach need a thread. */
	EXPECT_EQ(0, rx[0].kernel + rx[1].kernel + rx[2].kernel);
	EXPECT_LT(0, rx[last].kernel);
}

TEST_HARNESS_MAIN
