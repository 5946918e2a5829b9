// SPDX-License-Identifier: GPL-2.0
/*
 * TCP connections: the near end sends a pattern without end, the far end counts
 * the bytes and compares them with the pattern.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>

#include "time.h"

#define CHUNK	65536

static struct flow {
	pthread_t sender, receiver;
	int near, far;
	uint64_t came;
} flows[MAX_FLOWS];
static unsigned int n_flows;
static uint8_t pattern[2 * CHUNK];

static void *send_all(void *arg)
{
	struct flow *f = arg;
	uint64_t at = 0;
	ssize_t n;

	while ((n = send(f->near, pattern + at % CHUNK, CHUNK,
			 MSG_NOSIGNAL)) > 0)
		at += n;
	return NULL;
}

static void *receive_all(void *arg)
{
	uint8_t *buf = malloc(CHUNK);
	struct flow *f = arg;
	ssize_t n;

	if (!buf)
		die("no memory");
	while ((n = recv(f->far, buf, CHUNK, 0)) > 0) {
		if (memcmp(buf, pattern + f->came % CHUNK, n))
			die("a flow came changed after %llu bytes",
			    (unsigned long long)f->came);
		__atomic_store_n(&f->came, f->came + n, __ATOMIC_RELAXED);
	}
	free(buf);
	return NULL;
}

static int listener(void)
{
	struct sockaddr_in here = {
		.sin_family = AF_INET, .sin_port = htons(PORT),
	};
	int sk = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (sk < 0 || bind(sk, (void *)&here, sizeof(here)) ||
	    listen(sk, MAX_FLOWS))
		die("listening: %s", strerror(errno));
	return sk;
}

/* The caller ends in the near namespace; the packets move already. */
void flow_begin(const int *spaces, unsigned int n)
{
	struct sockaddr_in peer = {
		.sin_family = AF_INET, .sin_port = htons(PORT),
		.sin_addr.s_addr = inet_addr(NET_PEER),
	};
	unsigned int i;
	int sk;

	for (i = 0; i < sizeof(pattern); i++)
		pattern[i] = i % CHUNK * 2654435761u >> 24;
	space_enter(spaces[FAR]);
	sk = listener();
	space_enter(spaces[NEAR]);
	n_flows = n;
	for (i = 0; i < n; i++) {
		struct flow *f = &flows[i];

		f->near = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (f->near < 0 ||
		    connect(f->near, (void *)&peer, sizeof(peer)))
			die("connecting: %s", strerror(errno));
		f->far = accept(sk, NULL, NULL);
		if (f->far < 0 ||
		    pthread_create(&f->receiver, NULL, receive_all, f) ||
		    pthread_create(&f->sender, NULL, send_all, f))
			die("a flow: %s", strerror(errno));
	}
	close(sk);
}

/* Bytes that each flow has received so far. */
void flow_bytes(uint64_t *bytes)
{
	unsigned int i;

	for (i = 0; i < n_flows; i++)
		bytes[i] = __atomic_load_n(&flows[i].came, __ATOMIC_RELAXED);
}

void flow_end(void)
{
	unsigned int i;

	for (i = 0; i < n_flows; i++) {
		shutdown(flows[i].near, SHUT_RDWR);
		shutdown(flows[i].far, SHUT_RDWR);
		pthread_join(flows[i].sender, NULL);
		pthread_join(flows[i].receiver, NULL);
		close(flows[i].near);
		close(flows[i].far);
	}
}
