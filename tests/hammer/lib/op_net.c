// SPDX-License-Identifier: GPL-2.0
/* The devices: up and down, moved, deleted, and their traffic. */
#include <linux/bpf.h>
#include <sched.h>

#include "hammer.h"

static void up(void)
{
	h_note("device up", if_up(h_some_dev()));
}

static void down(void)
{
	h_note("device down", if_down(h_some_dev()));
}

static void del(void)
{
	h_note("device deleted", rtnl_del(h_some_dev()));
}

/* The kernel's core warns if memory for the name is missing while a device moves. */
static int moved(const char *name, int space)
{
	bool faults = h_faults_here(false);
	int ret = rtnl_netns(name, space);

	h_faults_here(faults);
	return ret;
}

static void move(void)
{
	h_note("device moved", moved(h_some_dev(), H_SPACE + h_below(H_SPACES)));
}

/* A device moves into a namespace that ends. */
static void end_space(void)
{
	const char *name = h_some_dev();
	int here = ns_open(), there, ret = -1;

	if (here < 0)
		return;
	if (!unshare(CLONE_NEWNET)) {
		there = ns_open();
		if (setns(here, CLONE_NEWNET))
			exit(0);
		ret = there < 0 ? there : moved(name, there);
		close(there);
	}
	h_note("namespace ended", ret);
	close(here);
}

static void queue_length(void)
{
	h_note("queue length", if_txqlen(h_some_dev(), h_one_in(8) ? -1 : h_below(600)));
}

static void threaded(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/class/net/%s/threaded", h_some_dev());
	h_note("threaded", file_put(path, h_one_in(2) ? "1" : "0"));
}

static void xdp(void)
{
	int prog = h_one_in(3) ? -1 : xdp_const(h_below(5));

	h_note("xdp", rtnl_xdp(h_some_dev(), prog, 0));
	if (prog >= 0)
		close(prog);
}

static void rename_back(void)
{
	const char *name = h_some_dev();

	if_down(name);
	rtnl_rename(name, "hmx");
	rtnl_rename("hmx", name);
}

/* The thread's packet socket; it receives nothing. */
static int sender(bool again)
{
	static __thread int sk = -1;
	int on = 1;

	if (again && sk >= 0) {
		close(sk);
		sk = -1;
	}
	if (sk < 0) {
		sk = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		setsockopt(sk, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on));
	}
	return sk;
}

/* This thread goes on in one of the namespaces. */
static void visit(void)
{
	setns(H_SPACE + h_below(H_SPACES), CLONE_NEWNET);
	sender(true);
}

static int send_one(const struct sockaddr_ll *to, bool tap, struct flow *f)
{
	static __thread struct {
		struct virtio_net_hdr vh;
		uint8_t packet[66000];
	} p;
	size_t l2 = tap ? ETH_HLEN : 0, len;
	bool gso = f->proto == IPPROTO_TCP;
	ssize_t n;

	f->seq++;
	memset(&p.vh, 0, sizeof(p.vh));
	len = pkt_any(p.packet, tap, f, h_below(gso && h_one_in(8) ? 60000 : 1400));
	if (gso) {
		pkt_partial(p.packet + l2);
		p.vh = vh_gso(p.packet + l2, l2, 500 + h_below(900));
	}
	/* a long packet in segments of a byte would take seconds */
	if (h_one_in(32) && len < 2000)
		h_spoil(&p, 64);
	n = sendto(sender(false), &p, sizeof(p.vh) + len, 0,
		   (const struct sockaddr *)to, sizeof(*to));
	return n < 0 ? -errno : 0;
}

/* Packets from the stack, some with a checksum and segments to complete. */
static void traffic(void)
{
	unsigned int i = h_below(H_DEVS), n = 1 + h_below(4);
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = if_nametoindex(h_dev(i)),
	};
	struct flow f = { .sport = h_random(), .dport = 9,
			  .proto = h_one_in(8) ? IPPROTO_TCP : IPPROTO_UDP };

	while (n--)
		h_note("packet", send_one(&to, i == 1 || i == 2, &f));
}

const struct h_op h_ops_net[] = {
	{ traffic, 40 }, { up, 6 }, { queue_length, 3 }, { threaded, 4 },
	{ xdp, 2 }, { down, 2 }, { rename_back, 1 }, { move, 2 }, { del, 1 },
	{ visit, 2 }, { end_space, 1 }, { },
};
