// SPDX-License-Identifier: GPL-2.0
/*
 * The loop of README.md, as it stands there: it ends when the device is deleted
 * or a ring is stopped, and sleeps while there is nothing that it could do.
 */
#include "dev.h"

#define STOCK_ONLY_VARIANT	"attached plain no_event_idx"
#include "harness.h"

#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#define HEADER		4
#define ENTRIES		8
#define SECOND		1000000
/* CPU time in a second of sleep: a loop that spins takes all of it. */
#define IDLE_US		100000

static const char header[HEADER] = "head";

static void encrypt(uint8_t *data, uint32_t len)
{
	while (len--)
		data[len] ^= 0xff;
}

#define decrypt encrypt
#include "readme_loop.h"

FIXTURE(loop) {
	struct dev d;
	int peer, sock;
	int ret;
	pthread_t thread;
};

typedef FIXTURE_DATA(loop) loop_data;

FIXTURE_VARIANT(loop) {
	uint32_t flags;
};

FIXTURE_VARIANT_ADD(loop, native) {};
FIXTURE_VARIANT_ADD(loop, no_event_idx) { .flags = TUNRING_O_NO_EVENT_IDX };
FIXTURE_VARIANT_ADD(loop, attached) { .flags = TUNRING_O_ATTACH };
FIXTURE_VARIANT_ADD(loop, pinned) { .flags = TUNRING_O_ATTACH |
					     TUNRING_O_PIN };
FIXTURE_VARIANT_ADD(loop, plain) { .flags = TUNRING_O_NO_RING };

static void *run(void *arg)
{
	loop_data *self = arg;

	self->ret = readme_loop(self->d.h, self->sock);
	return NULL;
}

FIXTURE_SETUP(loop)
{
	struct timeval patience = { .tv_sec = PATIENCE };
	struct tunring_options opt;
	int s[2], room = 8 << 20;

	ASSERT_EQ(netns_new(), 0);
	tunring_options_init(&opt);
	opt.flags = variant->flags;
	opt.rx_entries = ENTRIES;
	opt.tx_entries = ENTRIES;
	ASSERT_EQ(dev_open(&self->d, false, &opt), 0);
	/* for all packets of a case */
	ASSERT_EQ(setsockopt(self->d.sock, SOL_SOCKET, SO_RCVBUFFORCE, &room,
			     sizeof(room)), 0);
	ASSERT_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, s), 0);
	self->sock = s[0];
	self->peer = s[1];
	setsockopt(self->peer, SOL_SOCKET, SO_SNDTIMEO, &patience,
		   sizeof(patience));
	ASSERT_EQ(pthread_create(&self->thread, NULL, run, self), 0);
}

/* The result of the loop; 1: the loop goes on. */
static int ended(loop_data *self)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_sec += PATIENCE;
	return pthread_timedjoin_np(self->thread, NULL, &ts) ? 1 : self->ret;
}

static void delete_link(const struct dev *d)
{
	char cmd[64];

	snprintf(cmd, sizeof(cmd), "ip link del %s", d->name);
	if (system(cmd))
		abort();
}

FIXTURE_TEARDOWN(loop)
{
	if (self->ret == 0) {
		delete_link(&self->d);
		ended(self);
	}
	dev_close(&self->d);
	close(self->sock);
	close(self->peer);
}

static long cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * SECOND +
	       u.ru_utime.tv_usec + u.ru_stime.tv_usec;
}

/*
 * Does the loop sleep for most of a second? A slow machine may first need some
 * seconds for the packets that wait in the socket; a loop that spins never sleeps.
 */
static bool comes_to_rest(void)
{
	int tries = PATIENCE;
	long before;

	do {
		before = cpu_us();
		usleep(SECOND);
	} while (cpu_us() - before >= IDLE_US && --tries);
	return tries;
}

/* A datagram for our socket from the peer, through the loop. */
static bool peer_sends(loop_data *self, uint8_t value, int flags)
{
	uint8_t buf[HEADER + 256];
	size_t len = make_udp(&self->d, buf + HEADER, &value, 1);

	memcpy(buf, header, HEADER);
	encrypt(buf + HEADER, (uint32_t)len);
	return send(self->peer, buf, HEADER + len, flags) > 0;
}

/*
 * The device is down. The loop goes on to take packets from the socket, more than
 * ring and socket hold, and the kernel drops them.
 */
static bool down(loop_data *self)
{
	int i;

	if (dev_flags(self->d.name, 0, IFF_UP))
		return false;
	for (i = 0; i < 1000; i++)
		if (!peer_sends(self, 1, 0))
			return false;
	return true;
}

/* Both ways. Returns 0, or the step that failed. */
static int moves(loop_data *self)
{
	struct pollfd p = { .fd = self->peer, .events = POLLIN };
	uint8_t buf[256], value = 7;
	int tries = PATIENCE * 10;

	/* sleeps until the loop has made room in the socket */
	if (!peer_sends(self, value, 0))
		return 1;
	do {
		if (dev_recv(&self->d, buf, sizeof(buf)) != 1)
			return 2;
	} while (buf[0] != value);
	/* a link that has just come up may drop the first ones */
	while (dev_send(&self->d, "out", 3) == 3 && poll(&p, 1, 100) == 0)
		if (!--tries)
			return 3;
	if (p.revents != POLLIN)
		return 4;
	if (recv(self->peer, buf, sizeof(buf), 0) != HEADER + HDRS + 3)
		return 5;
	return 0;
}

TEST_F(loop, deleted)
{
	ASSERT_EQ(moves(self), 0);
	ASSERT_TRUE(comes_to_rest());
	delete_link(&self->d);
	ASSERT_EQ(ended(self), -EBADFD);
}

TEST_F(loop, down_and_up)
{
	ASSERT_EQ(moves(self), 0);
	ASSERT_TRUE(down(self));
	ASSERT_TRUE(comes_to_rest());
	ASSERT_EQ(dev_flags(self->d.name, IFF_UP, 0), 0);
	ASSERT_EQ(moves(self), 0);
	ASSERT_TRUE(comes_to_rest());
	ASSERT_EQ(self->ret, 0);
}

TEST_F(loop, deleted_while_down)
{
	ASSERT_TRUE(down(self));
	delete_link(&self->d);
	ASSERT_EQ(ended(self), -EBADFD);
}

/* A UDP socket on the loopback device; with port 0 the kernel chooses one. */
static int udp_bound(struct sockaddr_in *at)
{
	socklen_t len = sizeof(*at);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	at->sin_family = AF_INET;
	at->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)at, sizeof(*at)) ||
	    getsockname(fd, (struct sockaddr *)at, &len))
		abort();
	return fd;
}

/*
 * Nobody has the peer's port: each packet brings an ICMP error, which the socket
 * reports. The loop sleeps nevertheless, and goes on when the peer is back.
 */
TEST_F(loop, peer_gone)
{
	struct sockaddr_in at = { .sin_port = 0 };
	struct pollfd p = { .events = POLLIN };
	int peer, sock, i, tries = PATIENCE * 10;

	ASSERT_EQ(dev_flags("lo", IFF_UP, 0), 0);
	peer = udp_bound(&at);
	close(peer);
	sock = socket(AF_INET, SOCK_DGRAM, 0);
	ASSERT_EQ(connect(sock, (struct sockaddr *)&at, sizeof(at)), 0);
	ASSERT_EQ(dup2(sock, self->sock), self->sock);
	close(sock);
	for (i = 0; i < 20; i++)
		ASSERT_EQ(dev_send(&self->d, "out", 3), 3);
	ASSERT_TRUE(comes_to_rest());
	ASSERT_EQ(self->ret, 0);
	peer = udp_bound(&at);
	p.fd = peer;
	while (dev_send(&self->d, "out", 3) == 3 && poll(&p, 1, 100) == 0)
		ASSERT_NE(--tries, 0);
	EXPECT_EQ(p.revents, POLLIN);
	close(peer);
}

/* The available index is beyond the size of the receive ring. */
TEST_F(loop, broken)
{
	int fd = tunring_memory_fd(self->d.h);
	struct tunring_info info;
	uint16_t *avail;

	tunring_get_info(self->d.h, &info);
	if (fd < 0) {
		ASSERT_EQ(info.flags & TUNRING_O_ATTACH, 0);
		return;
	}
	avail = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ASSERT_NE(avail, MAP_FAILED);
	/* behind the descriptors; an index is behind the flags */
	avail += ENTRIES * 16 / 2;
	ASSERT_EQ(avail[1], ENTRIES);
	__atomic_store_n(&avail[1], 1000, __ATOMIC_SEQ_CST);
	while (tunring_check(self->d.h) != -EPROTO)
		ASSERT_GT(dev_send(&self->d, "x", 1), 0);
	ASSERT_EQ(ended(self), -EPROTO);
}

TEST_HARNESS_MAIN
