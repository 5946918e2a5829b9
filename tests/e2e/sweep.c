// SPDX-License-Identifier: GPL-2.0
/*
 * Pings an address with payloads of many sizes and looks at every byte of the
 * answers.
 *
 *   sweep ADDRESS FROM-TO-STEP ...
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_PAYLOAD	16000
#define ANSWER_MS	3000
#define TRIES		3

static uint8_t request[sizeof(struct icmphdr) + MAX_PAYLOAD];
static uint8_t answer[60 + sizeof(request)];

static uint16_t checksum(const uint8_t *data, size_t len)
{
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += data[i] << 8 | data[i + 1];
	if (len & 1)
		sum += data[len - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

static void fill(size_t payload, uint16_t seq)
{
	struct icmphdr *icmp = (struct icmphdr *)request;
	size_t i;

	memset(icmp, 0, sizeof(*icmp));
	icmp->type = ICMP_ECHO;
	icmp->un.echo.id = htons(getpid());
	icmp->un.echo.sequence = htons(seq);
	for (i = 0; i < payload; i++)
		request[sizeof(*icmp) + i] = i * 7 + i / 256 + seq;
	icmp->checksum = checksum(request, sizeof(*icmp) + payload);
}

/* Is this the answer? -1: it is, but not what was sent. */
static int compare(ssize_t n, size_t payload)
{
	size_t ihl = (answer[0] & 15) * 4;
	struct icmphdr *icmp = (struct icmphdr *)(answer + ihl);
	struct icmphdr *sent = (struct icmphdr *)request;

	if (n < (ssize_t)(ihl + sizeof(*icmp)) || icmp->type != ICMP_ECHOREPLY ||
	    icmp->un.echo.id != sent->un.echo.id ||
	    icmp->un.echo.sequence != sent->un.echo.sequence)
		return 0;
	if (n != (ssize_t)(ihl + sizeof(*icmp) + payload) ||
	    memcmp(icmp + 1, sent + 1, payload))
		return -1;
	return 1;
}

static int ping_once(int fd, size_t payload, uint16_t seq)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int rc;

	fill(payload, seq);
	if (send(fd, request, sizeof(struct icmphdr) + payload, 0) < 0) {
		perror("send");
		return 0;
	}
	while (poll(&pfd, 1, ANSWER_MS) == 1) {
		rc = compare(recv(fd, answer, sizeof(answer), 0), payload);
		if (rc)
			return rc;
	}
	return 0;
}

static int ping(int fd, size_t payload)
{
	static uint16_t seq;
	int try, rc;

	for (try = 0; try < TRIES; try++) {
		rc = ping_once(fd, payload, ++seq);
		if (rc > 0)
			return 0;
		if (rc < 0) {
			printf("%zu bytes: the answer differs\n", payload);
			return 1;
		}
	}
	printf("%zu bytes: no answer\n", payload);
	return 1;
}

int main(int argc, char **argv)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	unsigned int from, to, step, n = 0;
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	int i;

	if (argc < 3 || inet_pton(AF_INET, argv[1], &sin.sin_addr) != 1) {
		fprintf(stderr, "usage: sweep ADDRESS FROM-TO-STEP ...\n");
		return 2;
	}
	if (fd < 0 || connect(fd, (struct sockaddr *)&sin, sizeof(sin))) {
		perror(argv[1]);
		return 1;
	}
	for (i = 2; i < argc; i++) {
		if (sscanf(argv[i], "%u-%u-%u", &from, &to, &step) != 3 ||
		    !step || to > MAX_PAYLOAD)
			return 2;
		for (; from <= to; from += step, n++)
			if (ping(fd, from))
				return 1;
	}
	printf("%u sizes\n", n);
	return 0;
}
