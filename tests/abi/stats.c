// SPDX-License-Identifier: GPL-2.0
/* The counters count each packet and each byte. */
#include "lib.h"
#include "harness.h"

FIXTURE(stats) {
	struct mode_dev d;
	struct rtnl_link_stats64 st;
};

FIXTURE_VARIANT(stats) {
	struct mode m;
};

FIXTURE_VARIANT_ADD(stats, tun) { .m = { IFF_TUN | IFF_NO_PI, 0, 0 } };
FIXTURE_VARIANT_ADD(stats, tap_pi_vnet) { .m = { IFF_TAP, 12, 0 } };
FIXTURE_VARIANT_ADD(stats, tap_mq) {
	.m = { IFF_TAP | IFF_NO_PI | IFF_MULTI_QUEUE, 0, 0 }
};

FIXTURE_SETUP(stats)
{
	ASSERT_EQ(0, mode_dev_open(&self->d, &variant->m, false));
}

FIXTURE_TEARDOWN(stats)
{
	mode_dev_close(&self->d);
}

TEST_F(stats, start_at_zero)
{
	static const struct rtnl_link_stats64 zero;

	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(0, memcmp(&zero, &self->st, sizeof(zero)));
}

/* Byte counters exclude tun_pi and virtio_net_hdr. */
TEST_F(stats, rx)
{
	size_t n, bytes = 0;
	int i;

	for (i = 0; i < 50; i++) {
		n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, i * 10);
		bytes += n;
		ASSERT_LT(0, mode_write(&self->d.m, self->d.fd, ETH_P_IP, NULL,
					self->d.pkt, n));
	}
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(50, self->st.rx_packets);
	EXPECT_EQ(bytes, self->st.rx_bytes);
	EXPECT_EQ(0, self->st.rx_dropped);
	EXPECT_EQ(0, self->st.tx_packets);
}

/* tx_packets counts a packet when it is read, not when it is queued. */
TEST_F(stats, tx_counts_at_read)
{
	size_t n, bytes = 0;
	int i;

	for (i = 0; i < 50; i++) {
		n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, i * 10);
		bytes += n;
		ASSERT_EQ(0, psock_send(self->d.sk, NULL, self->d.pkt, n));
	}
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(0, self->st.tx_packets);
	EXPECT_EQ(50, fd_drain(self->d.fd));
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(50, self->st.tx_packets);
	EXPECT_EQ(bytes, self->st.tx_bytes);
	EXPECT_EQ(0, self->st.tx_dropped);
	EXPECT_EQ(0, self->st.rx_packets);
}

TEST_F(stats, tx_cut_counts_whole)
{
	size_t n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, 100);

	ASSERT_EQ(0, psock_send(self->d.sk, NULL, self->d.pkt, n));
	ASSERT_EQ(30, fd_read(self->d.fd, self->d.buf, 30));
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(1, self->st.tx_packets);
	EXPECT_EQ(n, self->st.tx_bytes);
}

TEST_F(stats, full_queue)
{
	size_t n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, 20);
	int i;

	ASSERT_EQ(0, if_txqlen("t0", 4));
	for (i = 0; i < 10; i++)
		psock_send(self->d.sk, NULL, self->d.pkt, n);
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(6, self->st.tx_dropped);
	EXPECT_EQ(4, fd_drain(self->d.fd));
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(4, self->st.tx_packets);
	EXPECT_EQ(4 * n, self->st.tx_bytes);
	EXPECT_EQ(6, self->st.tx_dropped);
	/* the queue has room again */
	ASSERT_EQ(0, psock_send(self->d.sk, NULL, self->d.pkt, n));
	EXPECT_EQ(1, fd_drain(self->d.fd));
}

/* The queue of stock holds txqueuelen packets. */
TEST_F(stats, default_queue_length)
{
	size_t n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, 0);
	int qlen = self->d.tap ? 1000 : 500, i;

	for (i = 0; i < qlen + 7; i++)
		psock_send(self->d.sk, NULL, self->d.pkt, n);
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(7, self->st.tx_dropped);
	EXPECT_EQ(qlen, fd_drain(self->d.fd));
}

TEST_F(stats, refused_writes)
{
	bool has_pi = !(self->d.m.flags & IFF_NO_PI);

	/* a write too short for the headers is not counted */
	if (has_pi) {
		EXPECT_EQ(-EINVAL, fd_write(self->d.fd, self->d.buf, 3));
		ASSERT_EQ(0, rtnl_stats("t0", &self->st));
		EXPECT_EQ(0, self->st.rx_dropped);
	}
	/* an invalid GSO type */
	if (self->d.m.hdr) {
		struct virtio_net_hdr vh = { .gso_type = 77 };
		size_t n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, 20);

		EXPECT_EQ(-EINVAL, mode_write(&self->d.m, self->d.fd, ETH_P_IP, &vh,
					      self->d.pkt, n));
		ASSERT_EQ(0, rtnl_stats("t0", &self->st));
		EXPECT_EQ(0, self->st.rx_packets);
		EXPECT_EQ(0, self->st.rx_dropped);
	}
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(0, self->st.rx_packets + self->st.rx_errors);
}

/* rx_frame_errors is reported on tun only: the statistics of tap leave it out. */
TEST_F(stats, frame_errors)
{
	struct virtio_net_hdr vh = { .gso_type = 77 };
	struct mode m = { IFF_NO_PI, 10, 0 };
	size_t n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, 20);
	int fd;

	m.flags |= self->d.tap ? IFF_TAP : IFF_TUN;
	fd = mode_create(&m, "t1");
	ASSERT_LE(0, fd);
	EXPECT_EQ(-EINVAL, mode_write(&m, fd, ETH_P_IP, &vh, self->d.pkt, n));
	ASSERT_EQ(0, rtnl_stats("t1", &self->st));
	EXPECT_EQ(self->d.tap ? 0 : 1, self->st.rx_frame_errors);
	EXPECT_EQ(0, self->st.rx_packets);
}

/* Without a queue, a packet is dropped and counted. */
TEST_F(stats, no_queue)
{
	size_t n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, 20);

	if (!(self->d.m.flags & IFF_MULTI_QUEUE))
		return;
	ASSERT_EQ(0, tunfd_queue(self->d.fd, IFF_DETACH_QUEUE));
	psock_send(self->d.sk, NULL, self->d.pkt, n);
	psock_send(self->d.sk, NULL, self->d.pkt, n);
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(2, self->st.tx_dropped);
	EXPECT_EQ(0, self->st.tx_packets);
}

TEST_F(stats, counters_agree_everywhere)
{
	size_t n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, 20);
	char text[64];

	ASSERT_EQ(0, ns_sysfs());
	ASSERT_EQ(0, psock_send(self->d.sk, NULL, self->d.pkt, n));
	EXPECT_EQ(1, fd_drain(self->d.fd));
	ASSERT_LT(0, mode_write(&self->d.m, self->d.fd, ETH_P_IP, NULL, self->d.pkt,
				n));
	ASSERT_LT(0, file_get("/sys/class/net/t0/statistics/tx_bytes", text,
			      sizeof(text)));
	EXPECT_EQ(n, atoi(text));
	ASSERT_LT(0, file_get("/sys/class/net/t0/statistics/rx_bytes", text,
			      sizeof(text)));
	EXPECT_EQ(n, atoi(text));
	EXPECT_EQ(0, cmd_run("grep -q 't0: *%zu *1 ' /proc/net/dev", n));
}

TEST_HARNESS_MAIN
