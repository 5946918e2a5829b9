// SPDX-License-Identifier: GPL-2.0
/* A device of random flags, with rings or without, and a packet socket on it. */
#include "case.h"

static void rig_close(struct rig *r)
{
	if (!r->fd)
		return;
	close(r->sk);
	if (r->rings)
		tring_unmap(&r->ring);
	close(r->fd);
	r->fd = 0;
}

static struct mode mode(void)
{
	static const int sizes[] = { 0, 10, 12, 20 };
	struct mode m = {
		.flags = random_below(2) ? IFF_TAP : IFF_TUN,
		.hdr = sizes[random_below(ARRAY_LEN(sizes))], .le = random_below(2),
	};

	if (random_below(2))
		m.flags |= IFF_NO_PI;
	return m;
}

/* Offloads that user space can handle; without a header it can handle none. */
static int offload(struct rig *r)
{
	static const unsigned int sets[] = {
		0, TUN_F_CSUM, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6,
		TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN,
	};
	unsigned int set = sets[random_below(ARRAY_LEN(sets))];

	return tunfd_ioctl(r->fd, TUNSETOFFLOAD, r->m.hdr ? set : 0);
}

/* GRO would reorder packets: with write() it does not run. */
static int no_gro(void)
{
	return cmd_run("ethtool -K cmp0 gro off >/dev/null");
}

/* One buffer holds the largest packet: read() takes each packet whole. */
static int rings(struct rig *r)
{
	struct tconf c = { 0, 256, 16, TUN_RING_MAX_BUF, 0 };
	int ret = tring_setup(&r->ring, r->fd, &c);

	/* a buffer is never shared, so the number of buffers does not matter */
	r->ring.mrg = -1;
	return ret ?: tring_rx_fill(&r->ring);
}

/* Replaces the device by another one. */
int rig_open(struct rig *r)
{
	int ret;

	rig_close(r);
	r->m = mode();
	r->tap = r->m.flags & IFF_TAP;
	r->fd = mode_create(&r->m, "cmp0");
	if (r->fd < 0)
		return r->fd;
	ret = offload(r) ?: no_gro();
	if (!ret && r->rings)
		ret = rings(r);
	if (ret)
		return ret;
	r->sk = psock_open("cmp0", true);
	return r->sk < 0 ? r->sk : 0;
}
