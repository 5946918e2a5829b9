// SPDX-License-Identifier: GPL-2.0
/*
 * One neighbour for each kind of harm that rings once did to others: a long drain,
 * dear packets, polling, a ring that is never read, threads, memory, and set-ups under
 * traffic. A round is repeated until the neighbour is killed.
 */
#include <sys/mman.h>

#include "attach.h"
#include "env.h"
#include "neighbour.h"

#define LONG		65000
#define BURST		64
#define THREADS		16

/* A neighbour's device, and its rings between set-up and teardown. */
struct neighbour {
	bool rings;
	struct env e;
	struct tring r;
	int more[THREADS];	/* other files */
};

struct kind {
	const char *name;
	int flags;
	int (*begin)(struct neighbour *n);	/* or NULL */
	int (*round)(struct neighbour *n);
};

/* Memory that all neighbours share with the test. */
static struct tally {
	int rounds[NEIGHBOURS];	/* atomic */
	int error[NEIGHBOURS];
} *tally;

static int inject(struct neighbour *n, size_t len)
{
	unsigned int i;

	for (i = 0; i < BURST; i++)
		env_inject(&n->e, i, len);
	return 0;
}

/* The device's rings end with all that is in them. */
static int end_rings(struct neighbour *n)
{
	int ret = tring_teardown(n->e.fd);

	tring_unmap(&n->r);
	return ret;
}

/* As many long packets as a ring takes, at once, and the end of the ring. */
static int drain_round(struct neighbour *n)
{
	struct tconf c = { 0, 2, 32768, 65536, 1 };
	unsigned int i;
	int ret;

	inject(n, 100);
	if (!n->rings)
		return 0;
	ret = tring_setup(&n->r, n->e.fd, &c);
	if (ret)
		return ret;
	/* IPv4 with a bad checksum: ip_rcv() drops it */
	n->r.pool[0] = 0x45;
	tvq_desc(&n->r.tx, 0, 0, LONG, 0, 0);
	for (i = 0; i < 32768; i++)
		tvq_put(&n->r.tx, 0);
	tvq_publish(&n->r.tx);
	return end_rings(n);
}

/* Packets that fill many small pinned buffers each, given back at once. */
static int pieces_begin(struct neighbour *n)
{
	struct aconf c = { .c = { 0, 1024, 2, 64, 0 }, .pin = true };
	int ret;

	if (!n->rings)
		return 0;
	ret = attach_rings(&n->r, n->e.fd, &c) ?: tring_rx_fill(&n->r);
	return ret < 0 ? ret : 0;
}

static int pieces_round(struct neighbour *n)
{
	unsigned int pending;
	int ret;

	inject(n, 1400);
	if (!n->rings)
		return 0;
	for (pending = tvq_pending(&n->r.rx); pending; pending--) {
		tring_rx_give(&n->r, tvq_used_at(&n->r.rx, n->r.rx.taken).id);
		tvq_take(&n->r.rx, 1);
	}
	ret = tring_rx_kick(&n->r);
	return ret < 0 ? ret : 0;
}

/* NAPI in a thread, which polls for as long as it may. */
static int poll_begin(struct neighbour *n)
{
	struct tconf c = { 0, 16, 16, 2048, 0 };
	char path[64];
	int ret;

	if (!n->rings)
		return 0;
	n->r.s = tring_params(&c);
	n->r.s.tx_poll_us = 1000000;
	ret = tring_setup_raw(n->e.fd, &n->r.s) ?: tring_map(&n->r, n->e.fd);
	if (ret)
		return ret;
	snprintf(path, sizeof(path), "/sys/class/net/%s/threaded", n->e.name);
	return ns_sysfs() ?: file_put(path, "1");
}

static int poll_round(struct neighbour *n)
{
	int ret;

	usleep(100000);
	if (!n->rings)
		return 0;
	tring_tx_reap(&n->r);
	ret = env_put(&n->e, &n->r, 0, 1, 100) ?: tring_tx_kick(&n->r);
	return ret < 0 ? ret : 0;
}

/* A ring that nobody reads, and packets for it. */
static int unread_begin(struct neighbour *n)
{
	struct tconf c = { F_META, 256, 2, 2048, 0 };

	return n->rings ? tring_start(&n->r, n->e.fd, &c) : 0;
}

static int unread_round(struct neighbour *n)
{
	return inject(n, 1400);
}

/* A worker for each of many queues. */
static int threads_round(struct neighbour *n)
{
	struct aconf c = { .c = { 0, 16, 16, 2048, 0 } };
	struct tring r[THREADS] = { };
	int i;

	for (i = 0; i < THREADS; i++) {
		n->more[i] = tunfd_create(n->e.name, TUN_PLAIN | IFF_MULTI_QUEUE);
		if (n->rings && n->more[i] >= 0 && !attach_rings(&r[i], n->more[i], &c))
			inject(n, 100);
	}
	while (i--) {
		tring_unmap(&r[i]);
		close(n->more[i]);
	}
	return 0;
}

/* All the memory that a set-up gives, again and again. */
static int memory_round(struct neighbour *n)
{
	struct tconf c = { 0, 16, 16, 65536, 48 };
	int ret;

	inject(n, 100);
	if (!n->rings)
		return 0;
	ret = tring_setup(&n->r, n->e.fd, &c);
	return ret ?: end_rings(n);
}

/* Set-ups and ends of rings while packets wait. */
static int setup_round(struct neighbour *n)
{
	struct tconf c = { F_META, 1024, 1024, 2048, 0 };
	int ret;

	inject(n, 1400);
	if (!n->rings)
		return 0;
	ret = tring_start(&n->r, n->e.fd, &c);
	if (ret)
		return ret;
	inject(n, 1400);
	return end_rings(n);
}

static const struct kind kinds[NEIGHBOURS] = {
	{ "drain", TUN_PLAIN, NULL, drain_round },
	{ "pieces", TUN_PLAIN, pieces_begin, pieces_round },
	{ "poll", TUN_PLAIN, poll_begin, poll_round },
	{ "unread", TUN_PLAIN, unread_begin, unread_round },
	{ "threads", TUN_PLAIN | IFF_MULTI_QUEUE, NULL, threads_round },
	{ "memory", TUN_PLAIN, NULL, memory_round },
	{ "setup", TUN_PLAIN, NULL, setup_round },
};

/* Sends, and never waits. The socket's buffer is as long as everybody may have it. */
static int open_socket(const char *name)
{
	struct sockaddr_ll ll = { .sll_family = AF_PACKET,
				  .sll_ifindex = if_nametoindex(name) };
	int sk = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (sk < 0 || bind(sk, (void *)&ll, sizeof(ll)))
		return -errno;
	return sk;
}

/* The process is in a namespace of its own already. */
static int open_device(struct env *e, const struct kind *kind)
{
	snprintf(e->name, sizeof(e->name), "%s0", kind->name);
	e->fd = tunfd_create_up(e->name, kind->flags);
	if (e->fd < 0)
		return e->fd;
	e->sk = open_socket(e->name);
	return e->sk < 0 ? e->sk : 0;
}

static int live(void *arg)
{
	struct neighbour *n = arg;
	int which = n->more[0], ret;

	/* the device's files in sysfs belong to root of the namespace */
	ret = file_put("/proc/self/uid_map", "0 65534 1");
	if (!ret)
		ret = open_device(&n->e, &kinds[which]);
	if (!ret && kinds[which].begin)
		ret = kinds[which].begin(n);
	while (!ret) {
		__atomic_add_fetch(&tally->rounds[which], 1, __ATOMIC_RELAXED);
		ret = kinds[which].round(n);
	}
	printf("# %s: %s\n", kinds[which].name, strerror(-ret));
	tally->error[which] = ret;
	return ret;
}

int neighbours_start(bool rings, pid_t *groups)
{
	struct neighbour n = { .rings = rings };
	int i;

	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (tally == MAP_FAILED)
		return -errno;
	for (i = 0; i < NEIGHBOURS; i++) {
		groups[i] = fork();
		if (groups[i] < 0)
			return -errno;
		if (!groups[i]) {
			setpgid(0, 0);
			n.more[0] = i;
			_exit(child_in_userns(live, &n) != 0);
		}
	}
	return 0;
}

int neighbours_end(const pid_t *groups)
{
	int i, rounds = 0;

	for (i = 0; i < NEIGHBOURS; i++) {
		setpgid(groups[i], groups[i]);
		kill(-groups[i], SIGKILL);
		waitpid(groups[i], NULL, 0);
		printf("# %s: %d rounds\n", kinds[i].name, tally->rounds[i]);
		if (tally->error[i] || !tally->rounds[i])
			rounds = -EBADE;
		if (rounds >= 0)
			rounds += tally->rounds[i];
	}
	munmap(tally, sizeof(*tally));
	return rounds;
}
