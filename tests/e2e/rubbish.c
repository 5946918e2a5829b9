// SPDX-License-Identifier: GPL-2.0
/*
 * Sends datagrams of random bytes and sizes to a port. Half of them begin with a
 * byte that OpenVPN takes for the opcode of a packet.
 *
 *   rubbish ADDRESS PORT SECONDS
 *
 * Every thousandth datagram comes from another port. Prints how many were sent.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_SIZE	2000
#define PER_SOCKET	1000
#define OPCODE_SHIFT	3
#define OPCODES		12

static unsigned char bytes[MAX_SIZE];

static int udp_connect(const struct sockaddr_in *sin)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)sin, sizeof(*sin))) {
		perror("socket");
		exit(1);
	}
	return fd;
}

static size_t fill(void)
{
	size_t len = random() % MAX_SIZE, i;

	for (i = 0; i < len; i++)
		bytes[i] = random();
	if (random() % 2)
		bytes[0] = random() % OPCODES << OPCODE_SHIFT;
	return len;
}

int main(int argc, char **argv)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	unsigned long sent = 0;
	time_t end;
	int fd;

	if (argc != 4 || inet_pton(AF_INET, argv[1], &sin.sin_addr) != 1) {
		fprintf(stderr, "usage: rubbish ADDRESS PORT SECONDS\n");
		return 2;
	}
	sin.sin_port = htons(atoi(argv[2]));
	srandom(1);
	for (end = time(NULL) + atoi(argv[3]); time(NULL) < end;) {
		int i;

		fd = udp_connect(&sin);
		for (i = 0; i < PER_SOCKET; i++)
			sent += send(fd, bytes, fill(), MSG_DONTWAIT) >= 0;
		close(fd);
	}
	printf("%lu\n", sent);
	return sent ? 0 : 1;
}
