// SPDX-License-Identifier: GPL-2.0
/*
 * Traffic between a machine and a guest in it, in bursts: after each burst, the
 * sender waits until the other end says that the burst has arrived.
 *
 *   guest-flow [-m] send ADDRESS PORT SIZE BURSTS
 *   guest-flow [-m] sink ADDRESS PORT SIZE BURSTS
 *
 * ADDRESS is the sink's. SIZE is that of the IP packet, 64 packets a burst; or
 * 0: TCP, a MiB a burst. With -m it prints what each packet, or KiB, took of the
 * machine's time, less that in which it was idle. Under -icount these are
 * instructions, of the machine and of the guest in it. There are no time-outs: the
 * clock jumps ahead when the machine waits for the host.
 */
#include <arpa/inet.h>
#include <err.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../bench.h"

#define BURST		64
#define STREAM		(1 << 20)
#define CHUNK		65536
#define UDP_HEADERS	28
#define WARM_UP		4	/* bursts that are not counted */

static char buffer[CHUNK];
static unsigned int size;
static int sk, peer;	/* peer: where the word goes, or comes from */
static struct sockaddr_in from;
static int64_t counted;	/* time less idle time */

static int64_t clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static int64_t idle_ns(void)
{
	static char text[1 << 18];
	long long idle;
	size_t len;
	char *p;
	FILE *f = fopen("/proc/timer_list", "r");

	if (!f)
		err(1, "/proc/timer_list");
	len = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[len] = 0;
	p = strstr(text, ".idle_sleeptime");
	if (!p || sscanf(p, ".idle_sleeptime : %lld nsecs", &idle) != 1)
		errx(1, "no idle_sleeptime in /proc/timer_list");
	return idle;
}

/* The file takes as much as a few dozen packets, so it is read outside. */
static void count_begin(void)
{
	counted = idle_ns();
	counted -= clock_ns();
	mark_begin();
}

static void count_end(void)
{
	mark_end();
	counted += clock_ns();
	counted -= idle_ns();
}

static int socket_new(void)
{
	int one = 1, fd = socket(AF_INET, size ? SOCK_DGRAM : SOCK_STREAM, 0);

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)))
		err(1, "socket");
	return fd;
}

static void open_sink(const struct sockaddr_in *here)
{
	sk = socket_new();
	if (bind(sk, (void *)here, sizeof(*here)))
		err(1, "bind");
	peer = sk;
	if (size)
		return;
	if (listen(sk, 1))
		err(1, "listen");
	peer = accept(sk, NULL, NULL);
	if (peer < 0)
		err(1, "accept");
}

static void open_send(const struct sockaddr_in *there)
{
	sk = socket_new();
	if (connect(sk, (void *)there, sizeof(*there)))
		err(1, "connect");
	peer = sk;
}

static void packets_send(void)
{
	struct iovec iov = { buffer, size - UDP_HEADERS };
	struct mmsghdr m[BURST] = { };
	int i;

	for (i = 0; i < BURST; i++) {
		m[i].msg_hdr.msg_iov = &iov;
		m[i].msg_hdr.msg_iovlen = 1;
	}
	if (sendmmsg(sk, m, BURST, 0) != BURST)
		err(1, "sendmmsg");
}

static void packets_take(void)
{
	socklen_t len = sizeof(from);
	int i, n;

	for (i = 0; i < BURST; i++) {
		n = recvfrom(sk, buffer, sizeof(buffer), 0, (void *)&from, &len);
		if (n != (int)(size - UDP_HEADERS))
			err(1, "packet %d of a burst: %d bytes", i, n);
	}
}

static void stream_send(void)
{
	size_t left = STREAM;
	ssize_t n;

	for (; left; left -= n) {
		n = send(peer, buffer, left < CHUNK ? left : CHUNK, 0);
		if (n <= 0)
			err(1, "send");
	}
}

static void stream_take(void)
{
	size_t left = STREAM;
	ssize_t n;

	for (; left; left -= n) {
		n = recv(peer, buffer, left < CHUNK ? left : CHUNK, 0);
		if (n <= 0)
			err(1, "recv");
	}
}

static void word_give(void)
{
	if (sendto(peer, "", 1, 0, size ? (void *)&from : NULL,
		   size ? sizeof(from) : 0) != 1)
		err(1, "no word to the sender");
}

static void word_get(void)
{
	char byte;

	if (recv(peer, &byte, 1, 0) != 1)
		err(1, "no word from the sink");
}

/* One burst, at this end. The sender then waits for a byte from the sink. */
static void burst(bool sink)
{
	if (!sink) {
		if (size)
			packets_send();
		else
			stream_send();
		word_get();
	} else if (size) {
		packets_take();
	} else {
		stream_take();
	}
}

/* As qemu-inside does with the guest when that sends. */
static void in_front(void)
{
	struct sched_param param = { .sched_priority = 1 };

	if (sched_setscheduler(0, SCHED_FIFO, &param))
		err(1, "sched_setscheduler");
}

int main(int argc, char **argv)
{
	const bool measure = argc > 1 && !strcmp(argv[1], "-m");
	char **arg = argv + measure;
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int i, bursts;
	bool sink;

	if (argc - measure != 6)
		errx(2, "usage: guest-flow [-m] send|sink ADDRESS PORT SIZE BURSTS");
	sink = !strcmp(arg[1], "sink");
	sin.sin_addr.s_addr = inet_addr(arg[2]);
	sin.sin_port = htons(atoi(arg[3]));
	size = atoi(arg[4]);
	bursts = atoi(arg[5]);
	if (sink)
		open_sink(&sin);
	else
		open_send(&sin);
	if (size && !sink)
		in_front();
	for (i = 1; i <= WARM_UP + bursts; i++) {
		burst(sink);
		/* the sender waits for the word meanwhile, if it is the other end */
		if (measure && i == WARM_UP)
			count_begin();
		if (measure && i == WARM_UP + bursts)
			count_end();
		if (sink)
			word_give();
	}
	if (measure)
		printf("%.1f\n", (double)counted / bursts /
		       (size ? BURST : STREAM / 1024));
	return 0;
}
