// SPDX-License-Identifier: GPL-2.0
/*
 * Processes and threads that call everything at once. The kernel must survive (it
 * panics on a report), all processes must die when they are killed, each call must
 * have succeeded and failed at least once, and a new device must work afterwards.
 *
 * SEED repeats the choices of a run, though not their order among threads. SECS is
 * the length of the run.
 */
#include <sys/time.h>
#include <time.h>

#include "env.h"
#include "hammer.h"

#define PROCESSES	2
#define THREADS		4
#define DIE_MS		50000
#define SLOW		3

static uint64_t seed;
static unsigned int generation;
static bool faults, failing;

static const struct h_op *const ops[] = {
	h_ops_vring, h_ops_ring, h_ops_guest, h_ops_io, h_ops_tun, h_ops_net,
	h_ops_mem,
};

static void (*choose(void))(void)
{
	static unsigned int total;
	const struct h_op *op;
	unsigned int i, sum = 0, at;

	if (!total) {
		for (i = 0; i < ARRAY_LEN(ops); i++)
			for (op = ops[i]; op->fn; op++)
				sum += op->weight;
		total = sum;
	}
	at = h_below(total);
	for (i = 0; i < ARRAY_LEN(ops); i++)
		for (op = ops[i]; op->fn; op++) {
			if (at < op->weight)
				return op->fn;
			at -= op->weight;
		}
	return NULL;
}

static void *thread(void *arg)
{
	h_seed(seed * 1000003 + generation * 64 + (uintptr_t)arg);
	if (failing && h_one_in(2))
		h_faults_here(true);
	while (!__atomic_load_n(&h_shared->stop, __ATOMIC_RELAXED))
		choose()();
	h_faults_here(false);
	return NULL;
}

static void nothing(int sig)
{
}

/*
 * The threads of one process. Signals end the calls that block, but not where
 * copies to user memory fail: the kernel would kill the process for want of a
 * signal frame.
 */
static void process(unsigned int number)
{
	struct sigaction sa = { .sa_handler = nothing };
	pthread_t t[THREADS];
	unsigned int i;

	sigaction(SIGUSR1, &sa, NULL);
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&t[i], NULL, thread,
				   (void *)(uintptr_t)(number * THREADS + i)))
			_exit(1);
	while (!__atomic_load_n(&h_shared->stop, __ATOMIC_RELAXED)) {
		usleep(20000);
		for (i = 0; i < THREADS && !failing; i++)
			pthread_kill(t[i], SIGUSR1);
	}
	/* most processes end with calls and files of their threads unfinished */
	_exit(0);
}

/*
 * Each operation, one after the other: many calls need much less time alone than
 * beside others, and a slow machine must reach each of them, too.
 */
static void tour(void)
{
	static const struct itimerval often = { { 0, 20000 }, { 0, 20000 } };
	static const struct itimerval never;
	struct sigaction sa = { .sa_handler = nothing };
	const struct h_op *op;
	unsigned int i, n;

	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	for (i = 0; i < ARRAY_LEN(ops); i++)
		for (op = ops[i]; op->fn; op++)
			for (n = 0; n < op->weight; n += 4)
				op->fn();
	setitimer(ITIMER_REAL, &never, NULL);
}

static bool died(pid_t pid)
{
	long end = now_ms() + DIE_MS;
	int status;

	while (waitpid(pid, &status, WNOHANG) != pid) {
		if (now_ms() > end)
			return false;
		usleep(2000);
	}
	if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL && !failing)
		printf("# generation %u: signal %d\n", generation,
		       WTERMSIG(status));
	return true;
}

/* One generation of processes, with the same files and memory. */
static bool run_once(unsigned int ms)
{
	long start = now_ms(), began, ended;
	pid_t pids[PROCESSES];
	unsigned int i;
	bool ok = true;

	h_touch_init();
	signal(SIGIO, SIG_IGN);
	if (h_missing(false))
		tour();
	/* most of the time belongs to many calls at once */
	ms += now_ms() - start;
	__atomic_store_n(&h_shared->stop, 0, __ATOMIC_RELAXED);
	failing = faults && generation % 3 == 2;
	for (i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		if (!pids[i])
			process(i);
	}
	began = now_ms();
	usleep(ms * 1000);
	ended = now_ms();
	if (h_one_in(2))
		kill(pids[0], SIGKILL);
	__atomic_store_n(&h_shared->stop, 1, __ATOMIC_RELAXED);
	usleep(30000);
	for (i = 0; i < PROCESSES; i++) {
		if (pids[i] < 0)
			continue;
		kill(pids[i], SIGKILL);
		if (!died(pids[i])) {
			printf("# a process does not die\n");
			ok = false;
		}
	}
	if (getenv("VERBOSE"))
		printf("# generation %u: %ld ms, began in %ld, ended in %ld\n",
		       generation, ended - began, began - start,
		       now_ms() - ended);
	return ok;
}

/*
 * Runs generations for some seconds; each has new files and new memory. A slow
 * machine has more time to reach each call.
 */
static bool run(unsigned int secs)
{
	long start = now_ms();
	int ret;

	for (generation = 0; now_ms() - start < secs * 1000L ||
	     (now_ms() - start < secs * SLOW * 1000L && h_missing(false));
	     generation++) {
		pid_t pid = fork();

		if (!pid) {
			h_seed(seed + generation);
			ret = h_world_create();
			if (ret) {
				printf("# no world: %s\n", strerror(-ret));
				_exit(1);
			}
			_exit(!run_once(500 + h_below(3000)));
		}
		if (waitpid(pid, &ret, 0) != pid || ret)
			return false;
	}
	return true;
}

/* A new device with rings works after a run. */
static bool works(void)
{
	struct tconf conf = { F_META | F_EVENT, 16, 16, 2048, 0 };
	uint8_t buf[256];
	struct tring r;
	struct env e;
	bool ok;

	ok = !env_open(&e, "hm0", TUN_PLAIN) && !tring_setup(&r, e.fd, &conf) &&
	     tring_rx_fill(&r) >= 0 && !env_inject_n(&e, 0, 40, 100) &&
	     !env_expect(&e, &r, 0, 40) &&
	     !tring_send(&r, buf, seq_pkt(buf, false, 1, 100), NULL) &&
	     !env_seen(&e, 1, 1);
	env_close(&e);
	return ok;
}

static bool result(int n, const char *name, bool ok)
{
	printf("%sok %d %s\n", ok ? "" : "not ", n, name);
	if (!ok)
		printf("# SEED=%llu\n", (unsigned long long)seed);
	return ok;
}

int main(void)
{
	const char *secs = getenv("SECS"), *kernel = getenv("KERNEL");
	unsigned int length = kernel && !strcmp(kernel, "debug") ? 60 : 20;
	bool ok;

	setvbuf(stdout, NULL, _IOLBF, 0);
	seed = getenv("SEED") ? strtoull(getenv("SEED"), NULL, 0)
			      : (uint64_t)time(NULL);
	if (secs)
		length = atoi(secs);
	faults = h_faults_on();
	printf("1..3\n# SEED=%llu SECS=%u%s\n", (unsigned long long)seed, length,
	       faults ? "" : ", the kernel injects no faults");
	cmd_run("modprobe vringfd");
	/* else most of the time is spent in grace periods */
	file_put("/sys/kernel/rcu_expedited", "1");
	if (h_shared_create())
		return 1;
	ok = result(1, "all processes died", run(length));
	h_faults_off();
	h_table();
	ok &= result(2, "each call succeeded and failed", !h_missing(true));
	ok &= result(3, "a new device works", works());
	return !ok;
}
