// SPDX-License-Identifier: GPL-2.0
/* IFF_NAPI_FRAGS: the rules for the pieces of a packet. */
#include <sys/mman.h>
#include <sys/uio.h>

#include "lib.h"
#include "harness.h"

FIXTURE(frags) {
	struct flow f;
	struct virtio_net_hdr vh;
	int fd, sk;
	char *pkt, *buf;
	struct iovec iov[32];
	struct rtnl_link_stats64 st;
};

FIXTURE_SETUP(frags)
{
	self->f = (struct flow) { .sport = 5, .dport = 6, .proto = IPPROTO_TCP };
	self->pkt = malloc(BIG);
	self->buf = malloc(BIG);
	ASSERT_EQ(0, ns_enter());
	self->fd = tunfd_create_up("t0", IFF_TAP | IFF_NO_PI | IFF_NAPI |
						 IFF_NAPI_FRAGS);
	ASSERT_LE(0, self->fd);
	self->sk = psock_open("t0", true);
	ASSERT_LE(0, self->sk);
}

FIXTURE_TEARDOWN(frags)
{
	close(self->sk);
	close(self->fd);
}

/* Cuts the packet into pieces: one of the given length, then equal ones. */
static int cut(struct iovec *iov, char *p, size_t n, size_t first, size_t piece)
{
	int i = 0;

	iov[i].iov_base = p;
	iov[i++].iov_len = first;
	for (p += first, n -= first; n; p += piece, n -= piece) {
		piece = piece < n ? piece : n;
		iov[i].iov_base = p;
		iov[i++].iov_len = piece;
	}
	return i;
}

TEST_F(frags, pieces)
{
	static const size_t first[] = { 14, 20, 54, 60, 66, 128, 500 };
	size_t i, n = pkt_frame(self->pkt, &self->f, 4000);
	int pieces;

	for (i = 0; i < ARRAY_LEN(first); i++) {
		pieces = cut(self->iov, self->pkt, n, first[i], 700);
		ASSERT_EQ(n, writev(self->fd, self->iov, pieces))
			TH_LOG("first %zu", first[i]);
		ASSERT_EQ(n, psock_recv(self->sk, &self->vh, self->buf, BIG));
		ASSERT_EQ(0, memcmp(self->buf, self->pkt, n));
	}
}

TEST_F(frags, too_many)
{
	size_t n = pkt_frame(self->pkt, &self->f, 1000);
	int pieces = cut(self->iov, self->pkt, n, n - 17, 1);

	ASSERT_EQ(18, pieces);
	EXPECT_EQ(n, writev(self->fd, self->iov, pieces));
	pieces = cut(self->iov, self->pkt, n, n - 18, 1);
	EXPECT_EQ(-1, writev(self->fd, self->iov, pieces));
	EXPECT_EQ(EMSGSIZE, errno);
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(1, self->st.rx_packets);
	EXPECT_EQ(1, self->st.rx_dropped);
}

TEST_F(frags, piece_sizes)
{
	size_t n = pkt_frame(self->pkt, &self->f, 6000);
	int pieces;

	pieces = cut(self->iov, self->pkt, n, 100, 4096);
	EXPECT_EQ(n, writev(self->fd, self->iov, pieces));
	pieces = cut(self->iov, self->pkt, n, 100, 4097);
	EXPECT_EQ(-1, writev(self->fd, self->iov, pieces));
	EXPECT_EQ(EINVAL, errno);
	/* an empty piece in the middle */
	pieces = cut(self->iov, self->pkt, n, 100, 4096);
	self->iov[3] = self->iov[2];
	self->iov[2].iov_len = 0;
	EXPECT_EQ(-1, writev(self->fd, self->iov, 4));
	EXPECT_EQ(EINVAL, errno);
	/* a refused packet does not affect the next one */
	pieces = cut(self->iov, self->pkt, n, 100, 4096);
	EXPECT_EQ(n, writev(self->fd, self->iov, pieces));
}

/* NET_SKB_PAD and NET_IP_ALIGN of the kernel. */
#ifdef __s390x__
#define HEADROOM	(32 + 2)
#else
#define HEADROOM	64
#endif

TEST_F(frags, largest)
{
	size_t max = 65535 - HEADROOM, n = pkt_frame(self->pkt, &self->f, max - 54);
	int pieces;

	ASSERT_EQ(max, n);
	pieces = cut(self->iov, self->pkt, n, 14 + 40, 4096);
	EXPECT_EQ(n, writev(self->fd, self->iov, pieces));
	pieces = cut(self->iov, self->pkt, n + 1, 14 + 40, 4096);
	EXPECT_EQ(-1, writev(self->fd, self->iov, pieces));
	EXPECT_EQ(EMSGSIZE, errno);
}

TEST_F(frags, fault)
{
	size_t n = pkt_frame(self->pkt, &self->f, 1000);
	char *bad = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1, 0);

	self->iov[0] = (struct iovec) { self->pkt, 100 };
	self->iov[1] = (struct iovec) { bad, 500 };
	EXPECT_EQ(-1, writev(self->fd, self->iov, 2));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(n, fd_write(self->fd, self->pkt, n));
	ASSERT_EQ(n, psock_recv(self->sk, &self->vh, self->buf, BIG));
	EXPECT_EQ(0, memcmp(self->buf, self->pkt, n));
}

/* A first piece without the whole Ethernet header is linearised. */
TEST_F(frags, short_first_piece)
{
	size_t n = pkt_frame(self->pkt, &self->f, 1000);
	int pieces = cut(self->iov, self->pkt, n, 4, 500);

	EXPECT_EQ(n, writev(self->fd, self->iov, pieces));
	ASSERT_EQ(n, psock_recv(self->sk, &self->vh, self->buf, BIG));
	EXPECT_EQ(0, memcmp(self->buf, self->pkt, n));
}

TEST_HARNESS_MAIN
