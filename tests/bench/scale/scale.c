// SPDX-License-Identifier: GPL-2.0
/*
 * scale KIND TUNS MODULE FILE: one kind, one number of tuns, one row.
 *
 * Under icount all times are instructions. Each phase is timed and weighed: the
 * devices, then the rings on them, then packets.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <sys/epoll.h>
#include <sys/resource.h>

#include "scale.h"

#define EVENTS	64	/* of one epoll_wait() */
#define TURN	8	/* packets to one tun before the loop looks */
#define CLOSED	50	/* tuns closed one by one */
#define ROUNDS	3

static struct tun *tuns;
static unsigned int n_tuns;
static const struct kind *kind;
static int epoll;

struct cost {
	double time, bytes;	/* of each tun */
};

struct traffic {
	double whole, own;	/* instructions of each packet */
};

static const char *failed;	/* why the kind cannot be had here */

static void devices(void)
{
	unsigned int i;

	if (!kind->devices)
		link_dummies(n_tuns);
	for (i = 0; i < n_tuns; i++) {
		if (kind->devices)
			tuns[i].fd = link_tun(i);
		link_up(i);
	}
}

static void rings(void)
{
	unsigned int i;

	for (i = 0; i < n_tuns && !failed; i++)
		failed = kind->rings(&tuns[i]);
}

static unsigned int closing_tuns(void)
{
	return !kind->devices ? 0 : n_tuns < CLOSED ? n_tuns : CLOSED;
}

/* A part of them, because each takes long when there are thousands. */
static void closing(void)
{
	unsigned int i;

	for (i = 0; i < closing_tuns(); i++)
		kind->close(&tuns[i]);
}

static struct cost phase(void (*fn)(void), unsigned int n)
{
	int64_t before = memory_free();
	uint64_t start = clock_now();
	struct cost c;

	fn();
	c.time = (double)(clock_now() - start) / n;
	c.bytes = (double)(before - memory_free()) / n;
	return c;
}

/* Edge-triggered: each event is looked at once, and the tun emptied. */
static void listen_all(void)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLET };
	unsigned int i;

	epoll = epoll_create1(EPOLL_CLOEXEC);
	for (i = 0; i < n_tuns; i++) {
		tuns[i].sock = link_source(i);
		e.data.u32 = i;
		if (kind->devices &&
		    epoll_ctl(epoll, EPOLL_CTL_ADD, tuns[i].fd, &e))
			die("epoll_ctl: %s", strerror(errno));
	}
}

static unsigned int look(void)
{
	struct epoll_event e[EVENTS];
	unsigned int packets = 0, taken;
	int i, n = epoll_wait(epoll, e, EVENTS, 0);

	for (i = 0; i < n; i++) {
		struct tun *t = &tuns[e[i].data.u32];

		taken = kind->take(t);
		t->packets += taken;
		packets += taken;
	}
	return packets;
}

/* PACKETS in all, EACH to one tun after the other, BURST before a look. */
static struct traffic round_robin(unsigned int packets, unsigned int each,
				  unsigned int burst)
{
	struct instance in = { };
	unsigned int done, i, next = 0;
	uint64_t start = clock_now();

	for (done = 0; done < packets; done += burst) {
		for (i = 0; i < burst; i += each) {
			link_send(&tuns[next], each);
			next = (next + 1) % n_tuns;
		}
		if (!kind->devices)
			continue;
		own_begin(&in);
		i = look();
		own_end(&in);
		if (i != burst)
			die("%s: %u packets of %u came", kind->name, i, burst);
	}
	return (struct traffic){ (double)(clock_now() - start) / packets,
				 (double)in.own / packets };
}

/* Each tun had its share, none more. */
static void check(uint32_t share)
{
	unsigned int i;

	for (i = 0; i < n_tuns && kind->devices; i++)
		if (tuns[i].packets != share)
			die("tun %u: %u packets instead of %u", i,
			    tuns[i].packets, share);
}

/* The first round, which resolves neighbours, does not count; the least does. */
static struct traffic measure(unsigned int each, unsigned int burst)
{
	unsigned int packets = n_tuns * each, round, i;
	struct traffic t, best = { };

	/* whole bursts, and whole turns of all tuns */
	while (packets % burst || packets < 4096)
		packets += n_tuns * each;
	for (i = 0; i < n_tuns; i++)
		tuns[i].packets = 0;
	for (round = 0; round <= ROUNDS; round++) {
		t = round_robin(packets, each, burst);
		if (round == 1 || t.whole < best.whole)
			best = t;
	}
	check((ROUNDS + 1) * (packets / n_tuns));
	return best;
}

static void begin(const char *name, const char *count)
{
	struct rlimit files = { 65536, 65536 };

	n_tuns = atoi(count);
	for (kind = kinds; kind->name && strcmp(kind->name, name); kind++)
		;
	tuns = calloc(n_tuns, sizeof(*tuns));
	if (!kind->name || !n_tuns || !tuns || setrlimit(RLIMIT_NOFILE, &files))
		die("%s, %s: no such kind or number", name, count);
	memset(tuns, 0, n_tuns * sizeof(*tuns));
	setvbuf(stdout, NULL, _IOLBF, 0);
	link_limits();
	net_fresh();
	link_address();
	clock_calibrate();
}

int main(int argc, char **argv)
{
	struct cost device, ring, end;
	struct traffic turn, spread;
	FILE *f;

	if (argc != 5)
		die("usage: scale KIND TUNS MODULE FILE");
	begin(argv[1], argv[2]);
	f = fopen(argv[4], "a");
	if (!f)
		die("%s: %s", argv[4], strerror(errno));
	fprintf(f, "{\"part\":\"scale\",\"module\":\"%s\",\"kind\":\"%s\",\"tuns\":%u,",
		argv[3], kind->name, n_tuns);
	device = phase(devices, n_tuns);
	ring = phase(rings, n_tuns);
	if (failed) {
		fprintf(f, "\"missing\":\"%s\"}\n", failed);
		return 0;
	}
	listen_all();
	turn = measure(TURN, TURN);
	spread = measure(1, EVENTS);
	end = phase(closing, closing_tuns() ?: 1);
	link_gone(closing_tuns(), n_tuns);
	printf("# %u of %s: %.0f instructions per packet in turn, %.0f spread\n",
	       n_tuns, kind->name, turn.whole, spread.whole);
	fprintf(f, "\"entries\":%u,\"buf\":%u,\"areas\":%llu,"
		"\"device_bytes\":%.0f,\"ring_bytes\":%.0f,\"freed_bytes\":%.0f,"
		"\"device_time\":%.0f,\"ring_time\":%.0f,\"close_time\":%.0f,"
		"\"turn_burst\":%u,\"spread_burst\":%u,"
		"\"turn\":%.1f,\"turn_own\":%.1f,\"spread\":%.1f,\"spread_own\":%.1f}\n",
		ring_entries, ring_buf,
		(unsigned long long)(tuns->ring.s.driver_len +
				     tuns->ring.s.device_len +
				     tuns->ring.s.pool_len),
		device.bytes, ring.bytes, -end.bytes,
		device.time, ring.time, end.time,
		TURN, EVENTS, turn.whole, turn.own, spread.whole, spread.own);
	if (fclose(f))
		die("%s: %s", argv[4], strerror(errno));
	return 0;
}
