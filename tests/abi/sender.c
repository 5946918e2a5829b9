// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that wait for a reader hold neither the local sender's send buffer
 * nor its pages, and the sender gets its time stamp at once.
 */
#include <time.h>
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <netinet/udp.h>

#include "lib.h"

#define STOCK_ONLY_VARIANT	"tun_mq"
#include "harness.h"

FIXTURE(sender) {
	int fd, udp;
	char buf[4096];
};

FIXTURE_VARIANT(sender) {
	int flags;
};

FIXTURE_VARIANT_ADD(sender, tun) { .flags = IFF_TUN };
FIXTURE_VARIANT_ADD(sender, tun_mq) { .flags = IFF_TUN | IFF_MULTI_QUEUE };

FIXTURE_SETUP(sender)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(9),
		.sin_addr.s_addr = inet_addr("10.9.0.2"),
	};

	ASSERT_EQ(0, ns_enter());
	self->fd = tunfd_create_up("t0", variant->flags | IFF_NO_PI);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, fd_nonblock(self->fd));
	ASSERT_EQ(0, if_addr4("t0", "10.9.0.1"));
	self->udp = udp_open(NULL, 5000);
	ASSERT_LE(0, self->udp);
	ASSERT_EQ(0, connect(self->udp, (void *)&to, sizeof(to)));
	memset(self->buf, 'x', sizeof(self->buf));
}

FIXTURE_TEARDOWN(sender)
{
	close(self->udp);
	close(self->fd);
}

TEST_F(sender, buffer_is_given_back)
{
	int small = 1, i;

	ASSERT_EQ(0, setsockopt(self->udp, SOL_SOCKET, SO_SNDBUF, &small,
				sizeof(small)));
	for (i = 0; i < 400; i++)
		ASSERT_EQ(1000, send(self->udp, self->buf, 1000, MSG_DONTWAIT));
	EXPECT_EQ(400, fd_drain(self->fd));
}

/* Reads one message of the error queue, within a time-out. */
static int error_queue(int sk, struct sock_extended_err *ee,
		       struct scm_timestamping *ts)
{
	char ctl[512], byte[4096];
	struct iovec iov = { byte, sizeof(byte) };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
			    .msg_control = ctl, .msg_controllen = sizeof(ctl) };
	struct cmsghdr *c;

	if (!(fd_wait(sk, 0, WAIT_MS) & POLLERR))
		return -ETIMEDOUT;
	if (recvmsg(sk, &m, MSG_ERRQUEUE) < 0)
		return -errno;
	for (c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		if (c->cmsg_level == SOL_IP && c->cmsg_type == IP_RECVERR)
			memcpy(ee, CMSG_DATA(c), sizeof(*ee));
		if (c->cmsg_level == SOL_SOCKET &&
		    c->cmsg_type == SCM_TIMESTAMPING)
			memcpy(ts, CMSG_DATA(c), sizeof(*ts));
	}
	return 0;
}

/*
 * The pages of MSG_ZEROCOPY are released while the packet waits, because it was
 * copied.
 */
TEST_F(sender, zerocopy_pages_are_given_back)
{
	struct sock_extended_err ee = { };
	struct scm_timestamping ts;
	int on = 1;

	ASSERT_EQ(0, setsockopt(self->udp, SOL_SOCKET, SO_ZEROCOPY, &on,
				sizeof(on)));
	ASSERT_EQ(1400, send(self->udp, self->buf, 1400, MSG_ZEROCOPY));
	ASSERT_EQ(0, error_queue(self->udp, &ee, &ts));
	EXPECT_EQ(SO_EE_ORIGIN_ZEROCOPY, ee.ee_origin);
	EXPECT_EQ(SO_EE_CODE_ZEROCOPY_COPIED, ee.ee_code);
	memset(self->buf, 'y', sizeof(self->buf));
	ASSERT_EQ(1428, fd_read(self->fd, self->buf, sizeof(self->buf)));
	EXPECT_EQ('x', self->buf[28]);
	EXPECT_EQ('x', self->buf[1427]);
}

TEST_F(sender, time_stamp)
{
	int flags = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
	struct sock_extended_err ee = { };
	struct scm_timestamping ts = { };

	ASSERT_EQ(0, setsockopt(self->udp, SOL_SOCKET, SO_TIMESTAMPING, &flags,
				sizeof(flags)));
	ASSERT_EQ(100, send(self->udp, self->buf, 100, 0));
	ASSERT_EQ(0, error_queue(self->udp, &ee, &ts));
	EXPECT_EQ(SO_EE_ORIGIN_TIMESTAMPING, ee.ee_origin);
	EXPECT_EQ(SCM_TSTAMP_SND, ee.ee_info);
	EXPECT_LT(0, ts.ts[0].tv_sec);
	EXPECT_EQ(1, fd_drain(self->fd));
}

/* The stack segments UDP before the driver: no super-packet is read. */
TEST_F(sender, udp_segments)
{
	int size = 500, i;

	ASSERT_EQ(0, setsockopt(self->udp, SOL_UDP, UDP_SEGMENT, &size,
				sizeof(size)));
	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETOFFLOAD,
				 TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 |
					 TUN_F_UFO));
	ASSERT_EQ(1900, send(self->udp, self->buf, 1900, 0));
	for (i = 0; i < 4; i++)
		EXPECT_EQ(i < 3 ? 528 : 428,
			  fd_read(self->fd, self->buf, sizeof(self->buf)));
	EXPECT_EQ(-EAGAIN, fd_read(self->fd, self->buf, sizeof(self->buf)));
}

/* The first packet of a TCP connection has a correct checksum. */
TEST_F(sender, tcp_syn)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(80),
		.sin_addr.s_addr = inet_addr("10.9.0.2"),
	};
	int tcp = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	ssize_t n;

	ASSERT_EQ(-1, connect(tcp, (void *)&to, sizeof(to)));
	EXPECT_EQ(EINPROGRESS, errno);
	n = fd_read_wait(self->fd, self->buf, sizeof(self->buf));
	ASSERT_LT(40, n);
	EXPECT_TRUE(pkt_ip_ok(self->buf, n));
	EXPECT_TRUE(pkt_l4_ok(self->buf, n));
	EXPECT_EQ(2, self->buf[33]);
}

TEST_HARNESS_MAIN
