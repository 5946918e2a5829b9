// SPDX-License-Identifier: GPL-2.0
/* TUNSETFILTEREBPF: a program drops, trims or passes each packet. */
#include <linux/bpf.h>

#include "lib.h"
#include "harness.h"

FIXTURE(ebpf) {
	int fd, sk;
};

FIXTURE_VARIANT(ebpf) {
	int flags;
	int len;	/* length of the packet that send() builds */
};

FIXTURE_VARIANT_ADD(ebpf, tun) { .flags = IFF_TUN, .len = 38 };
FIXTURE_VARIANT_ADD(ebpf, tap) { .flags = IFF_TAP, .len = 52 };

FIXTURE_SETUP(ebpf)
{
	ASSERT_EQ(0, ns_enter());
	self->fd = tunfd_create_up("t0", variant->flags | IFF_NO_PI);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, fd_nonblock(self->fd));
	self->sk = psock_open("t0", false);
	ASSERT_LE(0, self->sk);
}

FIXTURE_TEARDOWN(ebpf)
{
	close(self->sk);
	close(self->fd);
}

static ssize_t through(int fd, int sk, int flags)
{
	struct flow f = { .sport = 1, .dport = 2 };
	char buf[100];

	psock_send_flow(sk, flags & IFF_TAP, &f, 10);
	return fd_read(fd, buf, sizeof(buf));
}

static int filter_with(int fd, int verdict)
{
	int prog = bpf_const(BPF_PROG_TYPE_SOCKET_FILTER, verdict), ret;

	if (prog < 0)
		return prog;
	ret = tunfd_int(fd, TUNSETFILTEREBPF, prog);
	close(prog);
	return ret;
}

TEST_F(ebpf, filter_drop_trim_pass)
{
	struct rtnl_link_stats64 st;

	EXPECT_EQ(variant->len, through(self->fd, self->sk, variant->flags));
	EXPECT_EQ(0, filter_with(self->fd, 0));
	EXPECT_EQ(-EAGAIN, through(self->fd, self->sk, variant->flags));
	ASSERT_EQ(0, rtnl_stats("t0", &st));
	EXPECT_EQ(1, st.tx_dropped);
	EXPECT_EQ(0, filter_with(self->fd, 21));
	EXPECT_EQ(21, through(self->fd, self->sk, variant->flags));
	EXPECT_EQ(0, filter_with(self->fd, 5000));
	EXPECT_EQ(variant->len, through(self->fd, self->sk, variant->flags));
	EXPECT_EQ(0, filter_with(self->fd, -1));
	EXPECT_EQ(variant->len, through(self->fd, self->sk, variant->flags));
	EXPECT_EQ(0, filter_with(self->fd, 0));
	EXPECT_EQ(0, tunfd_int(self->fd, TUNSETFILTEREBPF, -1));
	EXPECT_EQ(variant->len, through(self->fd, self->sk, variant->flags));
}

TEST_F(ebpf, wrong_programs)
{
	static const unsigned long cmds[] = {
		TUNSETFILTEREBPF, TUNSETSTEERINGEBPF
	};
	int xdp = xdp_const(XDP_PASS);
	size_t i;

	ASSERT_LE(0, xdp);
	for (i = 0; i < ARRAY_LEN(cmds); i++) {
		EXPECT_EQ(-EINVAL, tunfd_int(self->fd, cmds[i], xdp));
		EXPECT_EQ(-EINVAL, tunfd_int(self->fd, cmds[i], self->fd));
		EXPECT_EQ(-EBADF, tunfd_int(self->fd, cmds[i], 9999));
		EXPECT_EQ(-EBADF, tunfd_int(self->fd, cmds[i], -2));
		EXPECT_EQ(0, tunfd_int(self->fd, cmds[i], -1));
	}
	EXPECT_EQ(variant->len, through(self->fd, self->sk, variant->flags));
}

TEST_HARNESS_MAIN
