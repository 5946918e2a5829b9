// SPDX-License-Identifier: GPL-2.0
/*
 * Exchanges files over one TCP connection, both ways at the same time.
 *
 *   stream listen  ADDRESS PORT IN OUT BYTES [BYTES-PER-SECOND]
 *   stream connect ADDRESS PORT IN OUT BYTES [BYTES-PER-SECOND]
 *
 * Sends the first BYTES of the file IN, no faster than it may, and stores as
 * many as OUT. SIGUSR1 lifts the limit. Fails if nothing moves for STUCK_MS.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHUNK		65536
#define CONNECT_MS	10000
#define STUCK_MS	60000

static char chunk[CHUNK];
static volatile sig_atomic_t hurry;

static void on_usr1(int sig)
{
	hurry = 1;
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int stream_listen(const struct sockaddr_in *sin)
{
	struct pollfd pfd = { .events = POLLIN };
	int one = 1;

	pfd.fd = socket(AF_INET, SOCK_STREAM, 0);
	if (setsockopt(pfd.fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    bind(pfd.fd, (const struct sockaddr *)sin, sizeof(*sin)) ||
	    listen(pfd.fd, 1))
		die("listen");
	if (poll(&pfd, 1, STUCK_MS) != 1)
		die("nobody connects");
	return accept(pfd.fd, NULL, NULL);
}

/* The other side may not be there yet. */
static int stream_connect(const struct sockaddr_in *sin)
{
	int fd, ms;

	for (ms = 0; ms < CONNECT_MS; ms += 50) {
		fd = socket(AF_INET, SOCK_STREAM, 0);
		if (!connect(fd, (const struct sockaddr *)sin, sizeof(*sin)))
			return fd;
		close(fd);
		usleep(50000);
	}
	die("connect");
	return -1;
}

/* Moves what can be moved. Returns the bytes, 0 if it has to wait. */
static size_t move_out(int fd, int in, off_t sent, size_t bytes)
{
	size_t len = bytes - sent < CHUNK ? bytes - sent : CHUNK;
	ssize_t n = pread(in, chunk, len, sent);

	if (n <= 0)
		die("reading the file");
	n = send(fd, chunk, n, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0 && errno != EAGAIN)
		die("send");
	return n < 0 ? 0 : n;
}

static size_t move_in(int fd, int out)
{
	ssize_t n = recv(fd, chunk, CHUNK, MSG_DONTWAIT);

	if (n == 0)
		errno = ECONNRESET;
	if (n == 0 || (n < 0 && errno != EAGAIN))
		die("recv");
	if (n > 0 && write(out, chunk, n) != n)
		die("writing the file");
	return n < 0 ? 0 : n;
}

/* Small buffers, or most of a file is on its way before the pace tells. */
static void pace(int fd, unsigned int rate)
{
	int size = rate / 16;

	if (setsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, sizeof(rate)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)))
		die("pace");
}

static void unpace(int fd)
{
	unsigned int rate = ~0U;
	int size = 1 << 20;

	if (setsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, sizeof(rate)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)))
		die("unpace");
}

/* Waits for the socket. After SIGUSR1 the wait begins again, without the limit. */
static int wait_for(int fd, struct pollfd *pfd)
{
	int n = poll(pfd, 1, STUCK_MS);

	if (!hurry)
		return n;
	hurry = 0;
	unpace(fd);
	return n < 0 && errno == EINTR ? poll(pfd, 1, STUCK_MS) : n;
}

static void exchange(int fd, int in, int out, size_t bytes)
{
	size_t sent = 0, received = 0;
	struct pollfd pfd = { .fd = fd };

	while (sent < bytes || received < bytes) {
		pfd.events = (sent < bytes ? POLLOUT : 0) |
			     (received < bytes ? POLLIN : 0);
		if (wait_for(fd, &pfd) != 1) {
			fprintf(stderr, "stuck: sent %zu, received %zu of %zu\n",
				sent, received, bytes);
			exit(1);
		}
		if (pfd.revents & POLLOUT)
			sent += move_out(fd, in, sent, bytes);
		if (pfd.revents & (POLLIN | POLLHUP | POLLERR) &&
		    received < bytes)
			received += move_in(fd, out);
	}
	/* Not before the other side has everything, too. */
	shutdown(fd, SHUT_WR);
	pfd.events = POLLIN;
	poll(&pfd, 1, STUCK_MS);
}

int main(int argc, char **argv)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int fd, in, out;

	if ((argc != 7 && argc != 8) || inet_pton(AF_INET, argv[2], &sin.sin_addr) != 1) {
		fprintf(stderr, "usage: stream listen|connect ADDRESS PORT IN OUT BYTES [RATE]\n");
		return 2;
	}
	signal(SIGUSR1, on_usr1);
	sin.sin_port = htons(atoi(argv[3]));
	in = open(argv[4], O_RDONLY);
	out = open(argv[5], O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (in < 0 || out < 0)
		die("open");
	fd = strcmp(argv[1], "listen") ? stream_connect(&sin) : stream_listen(&sin);
	if (fd < 0)
		die("accept");
	if (argc == 8)
		pace(fd, strtoul(argv[7], NULL, 0));
	exchange(fd, in, out, strtoul(argv[6], NULL, 0));
	return 0;
}
