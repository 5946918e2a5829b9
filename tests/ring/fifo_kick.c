// SPDX-License-Identifier: GPL-2.0
/*
 * Each of several events delivers the packets that wait for a full receive ring,
 * and few kicks are needed. Also: the tx time stamp comes before the delivery.
 */
#include <linux/net_tstamp.h>

#include "env.h"
#include "harness.h"

#define RX	16

FIXTURE(kick) {
	struct env e;
	struct tring r;
};

FIXTURE_VARIANT(kick) {
	uint64_t features;
};

FIXTURE_VARIANT_ADD(kick, flags) { F_META };
FIXTURE_VARIANT_ADD(kick, event) { F_META | F_EVENT };
FIXTURE_VARIANT_ADD(kick, flow) { F_META | F_EVENT | F_FLOW };

FIXTURE_SETUP(kick)
{
	struct tconf c = { variant->features, RX, 16, 2048, 0 };

	ASSERT_EQ(0, env_open(&self->e, "kick0", TUN_PLAIN));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	ASSERT_LE(0, tring_rx_fill(&self->r));
}

FIXTURE_TEARDOWN(kick)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

/* Makes n buffers available whose packets were taken, without a kick. */
static void give(struct tring *r, unsigned int n)
{
	while (n--)
		tring_rx_give(r, tvq_used_at(&r->rx, r->rx.taken - n - 1).id);
	tvq_publish(&r->rx);
}

static void take_and_give(struct tring *r, unsigned int n)
{
	tvq_take(&r->rx, n);
	give(r, n);
}

/* The timer asks for a kick at the next buffer, and looks no more. */
static int wait_timer_ends(struct tring *r)
{
	long end = now_ms() + WAIT_MS;

	if (!(r->s.features & F_EVENT))
		return 0;
	while (tvq_avail_event(&r->rx) != r->rx.avail_idx) {
		if (now_ms() > end)
			return -ETIMEDOUT;
		usleep(1000);
	}
	return 0;
}

/* Without the kick that the kernel asks for, other events deliver packets. */
TEST_F(kick, events_deliver)
{
	struct tring *r = &self->r;
	unsigned int i;

	if (variant->features & F_FLOW)
		return;		/* packets wait elsewhere */
	ASSERT_EQ(0, env_inject_n(&self->e, 0, RX + 12, 100));
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, tvq_wait(&r->rx, RX));
		ASSERT_EQ(0, wait_timer_ends(r));
		take_and_give(r, 2);
		ASSERT_EQ(RX - 2, tvq_pending(&r->rx));
		ASSERT_TRUE(tvq_quiet(&r->rx, RX - 2, 10));
		switch (i) {
		case 0:
			ASSERT_EQ(0, env_inject(&self->e, RX + 12, 100));
			break;
		case 1:
			fd_wait(self->e.fd, POLLIN, 0);
			break;
		case 2:
			ASSERT_LE(0, tring_enter(self->e.fd,
						 TUN_RING_ENTER_TX, 0));
			break;
		case 3:
			ASSERT_LE(0, tring_enter(self->e.fd,
						 TUN_RING_ENTER_WAIT, 0));
			break;
		case 4:
			ASSERT_EQ(0, write(self->e.fd, "", 0));
			break;
		}
		EXPECT_EQ(0, tvq_wait(&r->rx, RX)) {
			TH_LOG("event %u", i);
		}
	}
	EXPECT_EQ(0, env_expect(&self->e, r, 10, RX + 3));
}

/* Buffers come one by one. No packet is left behind, and kicks are few. */
TEST_F(kick, few_kicks)
{
	const unsigned int n = 400;
	unsigned int i, kicks = 0;
	struct tring *r = &self->r;

	ASSERT_EQ(0, env_inject_n(&self->e, 0, n, 100));
	for (i = 0; i < n; i++) {
		ASSERT_EQ(0, tvq_wait(&r->rx, 1));
		take_and_give(r, 1);
		if (!tvq_wants_kick(r, &r->rx))
			continue;
		kicks++;
		ASSERT_LE(0, tring_enter(self->e.fd, TUN_RING_ENTER_RX, 0));
	}
	if (variant->features & F_EVENT)
		EXPECT_GT(n / 2, kicks);
	TH_LOG("%u kicks for %u packets", kicks, n);
}

static int64_t tx_stamp(int sk)
{
	char control[512], data[256];
	struct iovec iov = { data, sizeof(data) };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c;

	if (recvmsg(sk, &m, MSG_ERRQUEUE) < 0)
		return -errno;
	for (c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		if (c->cmsg_level == SOL_SOCKET &&
		    c->cmsg_type == SCM_TIMESTAMPING) {
			struct timespec t;

			memcpy(&t, CMSG_DATA(c), sizeof(t));
			return t.tv_sec * 1000000000LL + t.tv_nsec;
		}
	}
	return -ENODATA;
}

/* The tx time stamp is taken before the user can have the packet. */
TEST_F(kick, time_stamp_first)
{
	int on = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE |
		 SOF_TIMESTAMPING_OPT_TSONLY;
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(9) };
	struct tconf c = { variant->features | F_TSTAMP, RX, 16, 2048, 0 };
	int sk = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), i;
	struct tun_ring_meta m;
	uint8_t buf[2048];
	int64_t stamp;

	ASSERT_LE(0, sk);
	inet_pton(AF_INET, "10.9.0.2", &a.sin_addr);
	ASSERT_EQ(0, if_addr4("kick0", "10.9.0.1"));
	ASSERT_EQ(0, connect(sk, (void *)&a, sizeof(a)));
	ASSERT_EQ(0, setsockopt(sk, SOL_SOCKET, SO_TIMESTAMPING, &on,
				sizeof(on)));
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	tring_unmap(&self->r);
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	ASSERT_LE(0, tring_rx_fill(&self->r));
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(8, send(sk, "datagram", 8, 0));
		ASSERT_LT(0, tring_recv(&self->r, buf, sizeof(buf), &m));
		stamp = tx_stamp(sk);
		ASSERT_LT(0, stamp);
		EXPECT_LE(stamp, (int64_t)m.tstamp);
	}
	close(sk);
}

TEST_HARNESS_MAIN
