// SPDX-License-Identifier: GPL-2.0
/* The ioctls of the stock driver. */
#include <linux/bpf.h>
#include <linux/filter.h>

#include "hammer.h"

static void attach(void)
{
	unsigned int i = h_below(H_DEVS);

	if (!h_setiff(h_tun(), i, h_dev(i)))
		if_up(h_dev(i));
}

/* Flags and names that do not go together. */
static void attach_odd(void)
{
	struct ifreq ifr = { .ifr_flags = h_random() };

	snprintf(ifr.ifr_name, IFNAMSIZ, "%s",
		 h_one_in(2) ? h_dev(h_below(H_DEVS)) : "odd%d");
	h_call(h_tun(), TUNSETIFF, &ifr, sizeof(ifr));
}

static void get_ifreq(void)
{
	static const unsigned long cmds[] = { TUNGETIFF, SIOCGIFHWADDR,
					      SIOCSIFHWADDR };
	struct ifreq ifr = { .ifr_hwaddr.sa_family = ARPHRD_ETHER };

	memcpy(ifr.ifr_hwaddr.sa_data, mac_a, ETH_ALEN);
	h_call(h_tun(), cmds[h_below(ARRAY_LEN(cmds))], &ifr, sizeof(ifr));
}

static void set_queue(void)
{
	struct ifreq ifr = {
		.ifr_flags = h_one_in(2) ? IFF_ATTACH_QUEUE : IFF_DETACH_QUEUE,
	};

	h_call(h_tun(), TUNSETQUEUE, &ifr, sizeof(ifr));
}

/* An int or an ifindex behind a pointer. */
static void pointer_to_int(void)
{
	static const struct {
		unsigned long cmd;
		int value[3];
	} calls[] = {
		{ TUNSETSNDBUF, { 4096, 1 << 20, INT32_MAX } },
		{ TUNGETSNDBUF }, { TUNSETVNETHDRSZ, { 10, 12, 20 } },
		{ TUNGETVNETHDRSZ }, { TUNSETVNETLE, { 0, 1, 1 } },
		{ TUNSETVNETBE, { 0, 0, 1 } }, { TUNGETFEATURES },
		{ TUNSETCARRIER, { 0, 1, 1 } }, { TUNSETIFINDEX, { 77, 78, 79 } },
	};
	unsigned int i = h_below(ARRAY_LEN(calls));
	int v = calls[i].value[h_below(3)];

	h_call(h_tun(), calls[i].cmd, &v, sizeof(v));
}

static void value(void)
{
	static const struct {
		unsigned long cmd, value[3];
	} calls[] = {
		{ TUNSETPERSIST, { 0, 0, 1 } }, { TUNSETLINK, { 1, 512, 65534 } },
		{ TUNSETOFFLOAD, { 0, TUN_F_CSUM, TUN_F_CSUM | TUN_F_TSO4 } },
		{ TUNSETOWNER, { 0, 0, 1 } }, { TUNSETGROUP, { 0, 0, 1 } },
	};
	unsigned int i = h_below(ARRAY_LEN(calls));
	unsigned long v = calls[i].value[h_below(3)];

	h_ioctl(h_tun(), calls[i].cmd, h_one_in(4) ? h_odd() : v);
}

static void classic_filter(void)
{
	struct sock_filter accept = { BPF_RET | BPF_K, 0, 0, h_random() };
	struct sock_fprog prog = { 1, &accept };

	switch (h_below(3)) {
	case 0:
		h_call(h_tun(), TUNATTACHFILTER, &prog, sizeof(prog));
		break;
	case 1:
		h_call(h_tun(), TUNDETACHFILTER, &prog, sizeof(prog));
		break;
	case 2:
		h_call(h_tun(), TUNGETFILTER, &prog, sizeof(prog));
		break;
	}
}

static void program(void)
{
	unsigned long cmd = h_one_in(2) ? TUNSETSTEERINGEBPF : TUNSETFILTEREBPF;
	int fd = -1, keep;

	if (!h_one_in(3))
		fd = bpf_const(BPF_PROG_TYPE_SOCKET_FILTER, h_below(70000));
	keep = fd;
	h_call(h_tun(), cmd, &fd, sizeof(fd));
	if (keep >= 0)
		close(keep);
}

static void tx_filter(void)
{
	struct {
		struct tun_filter f;
		uint8_t addr[4][ETH_ALEN];
	} f = { { h_below(2), h_below(5) } };

	memset(f.addr, 0xff, sizeof(f.addr[0]));
	h_call(h_tun(), TUNSETTXFILTER, &f, sizeof(f));
}

static void namespace_of(void)
{
	int fd = h_ioctl(h_tun(), TUNGETDEVNETNS, h_one_in(8) ? h_odd() : 0);

	if (fd >= 0)
		close(fd);
}

/* No such ioctl of the three types that the driver knows. */
static void unknown(void)
{
	static const uint8_t types[] = { 'T', 0xAF, 0x89, 0xAD };
	unsigned long cmd = _IOC(h_below(4), types[h_below(4)], 0xC0 + h_below(16),
				 h_below(64));

	h_ioctl(h_tun(), cmd, h_one_in(2) ? h_odd() : (unsigned long)h_pool());
}

const struct h_op h_ops_tun[] = {
	{ attach, 12 }, { attach_odd, 4 }, { get_ifreq, 16 }, { set_queue, 8 },
	{ pointer_to_int, 40 }, { value, 32 }, { classic_filter, 12 },
	{ program, 8 }, { tx_filter, 8 }, { namespace_of, 6 }, { unknown, 4 },
	{ },
};
