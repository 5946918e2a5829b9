// SPDX-License-Identifier: GPL-2.0
/*
 * Large packets stay in the user's pages until the stack frees them. The stack copies a
 * packet that it keeps.
 */
#include "harness.h"
#include "tunvr.h"

#define PAYLOAD	8000
#define PORT	4711

FIXTURE(zerocopy) {
	struct tv t;
};

FIXTURE_SETUP(zerocopy)
{
	self->t.fd = -1;
}

FIXTURE_TEARDOWN(zerocopy)
{
	tv_close(&self->t);
}

/* Return: the ring is pinned, as it must be for packets in the user's pages. */
static bool pinned(const struct vr *r)
{
	char path[64], buf[512];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", r->fd);
	return file_get(path, buf, sizeof(buf)) > 0 &&
	       strstr(buf, "vring-pinned:\t1");
}

static size_t datagram(void *pkt, bool tap, uint32_t seq)
{
	struct flow f = { .sport = 10, .dport = PORT, .seq = seq };

	return pkt_any(pkt, tap, &f, PAYLOAD);
}

/* The stack copies a packet before it queues it to a socket, and the user may change the page. */
TEST_F(zerocopy, page_changed_in_a_sockets_queue)
{
	static uint8_t pkt[BIG], buf[BIG];
	struct tv *t = &self->t;
	unsigned int i;
	size_t n;
	int sk;

	ASSERT_EQ(0, tv_open(t, TUN_PLAIN, 0));
	ASSERT_TRUE(pinned(&t->tx));
	ASSERT_EQ(0, if_addr4("vr0", "10.9.0.1"));
	sk = udp_open("vr0", PORT);
	ASSERT_LE(0, sk);
	for (i = 0; i < 8; i++) {
		n = datagram(pkt, false, i);
		ASSERT_EQ(0, tv_send(t, i, NULL, pkt, n));
		ASSERT_EQ(0, vr_kick(&t->tx));
		ASSERT_EQ(i, tv_reap(t));
		memset(vr_buf(&t->tx, i), 0xee, BUF_SIZE);
	}
	for (i = 0; i < 8; i++) {
		n = datagram(pkt, false, i);
		ASSERT_EQ(PAYLOAD, fd_read_wait(sk, buf, sizeof(buf)));
		EXPECT_EQ(0, memcmp(buf, pkt + n - PAYLOAD, PAYLOAD));
	}
	close(sk);
}

/*
 * vr0 forwards its packets to du0. The qdisc of du0 sends the first one at once, and
 * holds the next one for a minute, or until road_free().
 */
static int road_block(void)
{
	if (cmd_run("ip link add du0 type dummy && ip link set du0 up mtu 9000") ||
	    cmd_run("tc qdisc add dev du0 root tbf rate 1kbit burst 9000 limit 200000") ||
	    cmd_run("tc qdisc add dev vr0 ingress") ||
	    cmd_run("tc filter add dev vr0 parent ffff: matchall action mirred egress redirect dev du0"))
		return -ENODEV;
	return 0;
}

/* The qdisc frees the packets that it holds, and du0 sends later ones at once. */
static int road_free(void)
{
	return cmd_run("tc qdisc del dev du0 root") ? -ENODEV : 0;
}

static int open_blocked(struct tv *t)
{
	int ret = tv_open(t, TAP_PLAIN, 0);

	/* A packet socket would make the stack copy the packet. */
	close(t->sk);
	t->sk = -1;
	return ret ? ret : road_block();
}

static int send_large(struct tv *t, unsigned int i)
{
	static uint8_t pkt[BIG];
	size_t n = datagram(pkt, true, i);
	int ret = tv_send(t, i, NULL, pkt, n);

	return ret ? ret : vr_kick(&t->tx);
}

TEST_F(zerocopy, used_when_freed)
{
	struct tv *t = &self->t;
	uint8_t buf[256];
	int status;
	pid_t pid;

	ASSERT_EQ(0, open_blocked(t));
	ASSERT_EQ(0, send_large(t, 0));
	ASSERT_EQ(0, tv_reap(t));
	ASSERT_EQ(0, send_large(t, 1));
	EXPECT_EQ(0, vr_pending(&t->tx));
	/* The driver copies a small packet. */
	ASSERT_EQ(0, tv_send(t, 2, NULL, buf, seq_pkt(buf, true, 1, 100)));
	ASSERT_EQ(0, vr_kick(&t->tx));
	EXPECT_EQ(2, tv_reap(t));
	EXPECT_EQ(0, vr_poll(t->tx.fd, 100));
	/* The kernel wakes the user when it frees the packet. */
	pid = fork();
	if (!pid)
		_exit(thread_wait_blocked(getppid()) || road_free());
	EXPECT_EQ(POLLIN, vr_poll(t->tx.fd, WAIT_MS));
	EXPECT_EQ(1, tv_reap(t));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
}

/* Another process attaches the ring, and cannot pin our memory. */
TEST_F(zerocopy, copied_if_not_pinned)
{
	struct tv *t = &self->t;
	int status;
	pid_t pid;

	ASSERT_EQ(0, tv_device(t, TAP_PLAIN, 0));
	ASSERT_EQ(0, road_block());
	ASSERT_EQ(0, vr_open(&t->tx, BUFS, BUF_SIZE));
	pid = fork();
	if (!pid)
		_exit(tv_set(t->fd, false, t->tx.fd) != 0);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_EQ(0, status);
	EXPECT_FALSE(pinned(&t->tx));
	ASSERT_EQ(0, send_large(t, 0));
	EXPECT_EQ(0, tv_reap(t));
	ASSERT_EQ(0, send_large(t, 1));
	EXPECT_EQ(1, vr_pending(&t->tx));
	EXPECT_EQ(1, tv_reap(t));
	/* The packet in the qdisc holds the namespace, and so the module. */
	EXPECT_EQ(0, road_free());
}

/* The user detaches the ring while a packet is in flight, and still gets the buffer back. */
TEST_F(zerocopy, detached_in_flight)
{
	struct tv *t = &self->t;

	ASSERT_EQ(0, open_blocked(t));
	ASSERT_EQ(0, send_large(t, 0));
	ASSERT_EQ(0, tv_reap(t));
	ASSERT_EQ(0, send_large(t, 1));
	ASSERT_EQ(0, tv_set(t->fd, false, -1));
	EXPECT_EQ(0, vr_pending(&t->tx));
	ASSERT_EQ(0, road_free());
	EXPECT_EQ(1, tv_reap(t));
	/* The kernel does not take the buffer a second time. */
	ASSERT_EQ(0, tv_set(t->fd, false, t->tx.fd));
	ASSERT_EQ(0, send_large(t, 2));
	EXPECT_EQ(2, tv_reap(t));
}

/*
 * The user closes both files, in either order. The packet in flight holds the modules
 * until the qdisc frees it.
 */
static int close_in_flight(struct tv *t, bool tun_first)
{
	int refs = module_refs("vringfd"), ret = open_blocked(t);
	long end = now_ms() + WAIT_MS;
	uint16_t idx;

	if (!ret)
		ret = send_large(t, 0);
	if (!ret)
		ret = send_large(t, 1);
	if (ret)
		return ret;
	if (tun_first) {
		close(t->fd);
		t->fd = -1;
	}
	close(t->tx.fd);
	close(t->rx.fd);
	t->tx.fd = -1;
	t->rx.fd = -1;
	idx = vr_used_idx(&t->tx);
	if (module_refs("vringfd") <= refs)
		return -ESTALE;
	ret = road_free();
	if (ret)
		return ret;
	while (module_refs("vringfd") > refs && now_ms() < end)
		usleep(1000);
	if (module_refs("vringfd") != refs)
		return -ETIMEDOUT;
	/* The kernel writes nothing to the memory of a closed ring. */
	return vr_used_idx(&t->tx) == idx ? 0 : -EBADE;
}

TEST_F(zerocopy, vringfd_closed_in_flight)
{
	EXPECT_EQ(0, close_in_flight(&self->t, false));
}

TEST_F(zerocopy, tun_closed_in_flight)
{
	EXPECT_EQ(0, close_in_flight(&self->t, true));
}

/* The send buffer is full: packets wait in the ring, and the kernel loses none. */
TEST_F(zerocopy, send_buffer)
{
	struct tv *t = &self->t;
	unsigned int i, seen = 0;
	int head;

	ASSERT_EQ(0, open_blocked(t));
	ASSERT_EQ(0, tunfd_int(t->fd, TUNSETSNDBUF, 10000));
	for (i = 0; i < 6; i++)
		ASSERT_EQ(0, send_large(t, i));
	EXPECT_GT(6, (uint16_t)(vr_used_idx(&t->tx) + 2));
	ASSERT_EQ(0, road_free());
	/* A qdisc that is deleted frees its packets in an order of its own. */
	for (i = 0; i < 6; i++) {
		head = tv_reap(t);
		ASSERT_LE(0, head);
		ASSERT_GT(6, head);
		EXPECT_FALSE(seen & 1U << head);
		seen |= 1U << head;
	}
}

TEST_HARNESS_MAIN
