// SPDX-License-Identifier: GPL-2.0
/*
 * A steady flow of UDP packets, never more under way than a window, so that
 * nothing is lost for want of queues and the path is always busy.
 *
 *   flow sink ADDRESS PORT [ready]
 *   flow send ADDRESS PORT ACK-ADDRESS SIZE PACKETS WINDOW [wait]
 *
 * SIZE is that of the IP packet. Acknowledgements go to ACK-ADDRESS, which may
 * be reached by another way than ADDRESS. The sender prints
 *
 *   sent N received N ns N
 *
 * With "ready" the sink prints that when it listens. With "wait" the sender does,
 * too, begins at the end of its standard input, so that several may begin at
 * once, and prints " from N" at its end: when that was.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define BATCH		32
#define MAX_SIZE	1500
#define IP_UDP_HEADERS	28
#define ACK_EVERY	16
#define IDLE_US		100000
#define LOST		30	/* times IDLE_US: missing packets were lost */
#define GIVE_UP		300	/* times IDLE_US: nothing comes through */

struct head {
	uint32_t	run;		/* tells this flow from one before */
	uint32_t	packets;	/* of the whole run */
	struct in_addr	ack_addr;
	in_port_t	ack_port;
	uint16_t	unused;
};

struct ack {
	uint32_t	run;
	uint32_t	received;
};

static char buffers[BATCH][MAX_SIZE];
static struct iovec vectors[BATCH];
static struct mmsghdr messages[BATCH];

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int udp_socket(const char *addr, int port, struct sockaddr_in *sin)
{
	struct timeval idle = { .tv_usec = IDLE_US };
	int size = 4 << 20;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	memset(sin, 0, sizeof(*sin));
	sin->sin_family = AF_INET;
	sin->sin_port = htons(port);
	if (fd < 0 || inet_pton(AF_INET, addr, &sin->sin_addr) != 1)
		die(addr);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &idle, sizeof(idle)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		die("setsockopt");
	return fd;
}

static void batch_init(size_t len)
{
	int i;

	for (i = 0; i < BATCH; i++) {
		vectors[i].iov_base = buffers[i];
		vectors[i].iov_len = len;
		messages[i].msg_hdr.msg_iov = &vectors[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
}

static void ack_send(int fd, const struct head *head, uint32_t received)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = head->ack_port,
		.sin_addr = head->ack_addr,
	};
	struct ack ack = { .run = head->run, .received = received };

	sendto(fd, &ack, sizeof(ack), 0, (struct sockaddr *)&to, sizeof(to));
}

static void sink(const char *addr, int port, int tell)
{
	struct head now = { 0 };
	struct sockaddr_in sin;
	uint32_t received = 0, acked = 0;
	int fd = udp_socket(addr, port, &sin);
	int i, n;

	if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)))
		die("bind");
	if (tell) {
		puts("ready");
		fflush(stdout);
	}
	batch_init(MAX_SIZE);
	for (;;) {
		n = recvmmsg(fd, messages, BATCH, MSG_WAITFORONE, NULL);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			die("recvmmsg");
		for (i = 0; i < n; i++) {
			struct head *head = (struct head *)buffers[i];

			if (messages[i].msg_len < sizeof(*head))
				continue;
			if (head->run != now.run) {
				now = *head;
				received = 0;
				acked = 0;
			}
			received++;
		}
		if (now.run && received != acked &&
		    (n < 0 || received - acked >= ACK_EVERY ||
		     received == now.packets)) {
			ack_send(fd, &now, received);
			acked = received;
		}
	}
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* tests/bench/plugin counts from mark_begin() to mark_end(). */
static void mark_begin(void)
{
	__asm__ volatile("nopl 0x6e757431(%%rax)" ::: "memory");
}

static void mark_end(void)
{
	__asm__ volatile("nopl 0x6e757430(%%rax)" ::: "memory");
}

static void wait_for_end_of_input(void)
{
	char c;

	puts("ready");
	fflush(stdout);
	while (read(0, &c, 1) > 0)
		;
}

static unsigned int flow_send(int fd, unsigned int n)
{
	unsigned int done = 0;

	while (done < n) {
		unsigned int part = n - done < BATCH ? n - done : BATCH;
		int rc = sendmmsg(fd, messages, part, 0);

		if (rc < 0 && errno != EAGAIN && errno != ENOBUFS)
			die("sendmmsg");
		if (rc > 0)
			done += rc;
	}
	return done;
}

/* Returns the number of packets that are no longer under way. */
static uint32_t ack_wait(int fd, uint32_t run, uint32_t sent, uint32_t *received,
			 uint32_t *lost)
{
	static int idle;
	struct ack ack;

	if (recv(fd, &ack, sizeof(ack), 0) == sizeof(ack)) {
		if (ack.run == run && ack.received > *received) {
			*received = ack.received;
			idle = 0;
		}
	} else if (++idle > LOST) {
		*lost = sent - *received;
		if (idle > GIVE_UP) {
			fprintf(stderr, "nothing comes through\n");
			exit(1);
		}
	}
	return *received + *lost;
}

static int flow(char **arg)
{
	unsigned int size = atoi(arg[3]), packets = atoi(arg[4]);
	unsigned int window = atoi(arg[5]);
	struct sockaddr_in to, here;
	socklen_t len = sizeof(here);
	uint32_t sent = 0, done = 0, received = 0, lost = 0;
	int fd = udp_socket(arg[0], atoi(arg[1]), &to);
	int ack_fd = udp_socket(arg[2], 0, &here);
	struct head head;
	uint64_t start;
	int i;

	if (size < IP_UDP_HEADERS + sizeof(head) || size > MAX_SIZE)
		die("size");
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) ||
	    bind(ack_fd, (struct sockaddr *)&here, sizeof(here)) ||
	    getsockname(ack_fd, (struct sockaddr *)&here, &len))
		die("sockets");
	if (arg[6])
		wait_for_end_of_input();
	start = now_ns();
	head.run = (uint32_t)start | 1;
	head.packets = packets;
	head.ack_addr = here.sin_addr;
	head.ack_port = here.sin_port;
	head.unused = 0;
	batch_init(size - IP_UDP_HEADERS);
	for (i = 0; i < BATCH; i++)
		memcpy(buffers[i], &head, sizeof(head));
	mark_begin();

	while (done < packets) {
		unsigned int room = window - (sent - done);

		if (room > packets - sent)
			room = packets - sent;
		sent += flow_send(fd, room);
		done = ack_wait(ack_fd, head.run, sent, &received, &lost);
	}
	mark_end();
	printf("sent %u received %u ns %llu", sent, received,
	       (unsigned long long)(now_ns() - start));
	if (arg[6])
		printf(" from %llu", (unsigned long long)start);
	putchar('\n');
	return received == sent ? 0 : 3;
}

int main(int argc, char **argv)
{
	if ((argc == 4 || argc == 5) && !strcmp(argv[1], "sink"))
		sink(argv[2], atoi(argv[3]), argc == 5);
	if ((argc == 8 || argc == 9) && !strcmp(argv[1], "send"))
		return flow(argv + 2);
	fprintf(stderr, "usage: flow sink ADDRESS PORT [ready]\n"
		"       flow send ADDRESS PORT ACK-ADDRESS SIZE PACKETS WINDOW [wait]\n");
	return 2;
}
