// SPDX-License-Identifier: GPL-2.0
/* The ioctls of mapped and attached rings, and their memory. */
#include <linux/virtio_ring.h>
#include <sys/mman.h>

#include "hammer.h"

static uint64_t features(void)
{
	uint64_t f = 1ULL << TUN_RING_F_VERSION_1;
	unsigned int i;

	for (i = TUN_RING_F_META; i <= TUN_RING_F_RX_DROP; i++)
		if (h_one_in(2))
			f |= 1ULL << i;
	if (!(f & 1ULL << TUN_RING_F_META))
		f &= ~(1ULL << TUN_RING_F_RX_TSTAMP | 1ULL << TUN_RING_F_TX_MARK);
	/* not together with RX_DROP, and not for rings that a thread serves */
	if (h_one_in(f & 1ULL << TUN_RING_F_RX_DROP ? 16 : 4))
		f |= 1ULL << TUN_RING_F_RX_FLOW;
	if (h_one_in(2))
		f |= 1ULL << TUN_RING_F_INDIRECT_DESC;
	if (h_one_in(2))
		f |= 1ULL << TUN_RING_F_EVENT_IDX;
	return f;
}

static void query(void)
{
	struct tun_ring_query q;

	h_call(h_tun(), TUNRINGQUERY, &q, sizeof(q));
}

static void stats(void)
{
	struct tun_ring_stats st;

	h_call(h_tun(), TUNRINGSTATS, &st, sizeof(st));
}

static void teardown(void)
{
	h_ioctl(h_tun(), TUNRINGTEARDOWN, 0);
}

static void setup(void)
{
	unsigned int i = h_below(H_TUNS);
	struct tun_ring_setup s = {
		.features = features(), .buf_size = 2048, .buf_count = 64,
		.rx.entries = 8u << h_below(4), .tx.entries = 8u << h_below(4),
		.tx_poll_us = h_one_in(4) ? 100 : 0,
	};

	if (h_one_in(4)) {
		s.flags = TUN_RING_SETUP_REGIONS;
		s.buf_size = 0;
		s.buf_count = 0;
	}
	if (!h_call(H_TUN + i, TUNRINGSETUP, &s, sizeof(s)))
		h_shared->setup[i] = s;
}

static void enter(void)
{
	uint64_t mask = h_random();
	struct tun_ring_enter e = {
		.flags = h_below(8), .timeout_ns = h_below(3000000),
	};

	if (h_one_in(4)) {
		e.sigmask = (uintptr_t)&mask;
		e.sigsetsize = sizeof(mask);
	}
	h_call(h_tun(), TUNRINGENTER, &e, sizeof(e));
}

/* Regions of the pool, in pieces, or another file's. */
static void regions_of(int fd, uint32_t flags)
{
	struct tun_ring_region v[4] = { };
	struct tun_ring_regions r = {
		.n = 1u << h_below(3), .flags = flags, .regions = (uintptr_t)v,
	};
	unsigned int i;

	for (i = 0; i < r.n; i++) {
		v[i].len = H_POOL / r.n;
		v[i].addr = i * v[i].len;
		v[i].user = (uintptr_t)h_pool() + v[i].addr;
	}
	if (h_one_in(16))
		h_spoil(v, sizeof(v));
	if (h_one_in(16))
		r.n = 0;
	if (h_one_in(12)) {
		r.flags |= TUN_RING_REGIONS_SHARE | TUN_RING_REGIONS_PIN;
		r.n = 0;
		r.regions = 0;
		r.fd = h_tun();
	}
	h_call(fd, TUNRINGREGIONS, &r, sizeof(r));
}

static void regions(void)
{
	regions_of(h_tun(), h_below(2));
}

static struct tun_ring_attach_vq attach_vq(unsigned int set, unsigned int dir)
{
	struct h_vq vq = h_vq_at(set, dir);

	return (struct tun_ring_attach_vq) {
		.entries = vq.entries,
		.kick = h_one_in(3) ? -1 : h_event(),
		.call = h_one_in(3) ? -1 : h_event(),
		.desc = (uintptr_t)vq.desc, .avail = (uintptr_t)vq.avail,
		.used = (uintptr_t)vq.used,
		.meta = (uintptr_t)vq.used + 4096,
	};
}

static void attach(void)
{
	unsigned int i = h_below(H_TUNS), pin = h_below(2);
	struct tun_ring_attach a = {
		.features = features(), .flags = pin,
		.rx = attach_vq(i, 0), .tx = attach_vq(i, 1),
	};

	if (!(a.features & 1ULL << TUN_RING_F_META))
		a.rx.meta = a.tx.meta = 0;
	if (h_one_in(2))
		regions_of(H_TUN + i, pin);
	if (!h_one_in(8)) {
		h_vq_reset(i, 0);
		h_vq_reset(i, 1);
	}
	h_call(H_TUN + i, TUNRINGATTACH, &a, sizeof(a));
}

/* The driver area of a mapped ring. */
struct area {
	uint8_t *p;
	size_t len;
	struct tun_ring_setup s;
};

static bool inside(const struct area *a, const struct tun_ring_vq *v)
{
	return v->entries && v->entries <= 64 && v->desc + 16 * 64 <= a->len &&
	       v->avail + 6 + 2 * 64 <= a->len;
}

static void feed_mapped(const struct area *a, const struct tun_ring_vq *v,
			bool rx, uint8_t *device, size_t device_len)
{
	struct h_vq vq = {
		(void *)(a->p + v->desc), (void *)(a->p + v->avail),
		(void *)(device + v->used), v->entries,
	};

	if (inside(a, v) && v->used + 4 + 8 * 64 <= device_len)
		h_feed(&vq, rx, 1 + h_below(32));
}

/* Maps the areas of the file's last set-up, feeds the rings and kicks. */
static void mapped(void)
{
	unsigned int i = h_below(H_TUNS);
	struct area a = { .s = h_shared->setup[i] };
	uint8_t *device;

	a.len = a.s.driver_len;
	a.p = mmap(NULL, a.len, PROT_READ | PROT_WRITE, MAP_SHARED, H_TUN + i,
		   a.s.driver_offset);
	h_note("mmap", a.p == MAP_FAILED ? -1 : 0);
	if (a.p == MAP_FAILED)
		return;
	device = mmap(NULL, a.s.device_len, PROT_READ, MAP_SHARED, H_TUN + i,
		      a.s.device_offset);
	if (device != MAP_FAILED) {
		feed_mapped(&a, &a.s.rx, true, device, a.s.device_len);
		feed_mapped(&a, &a.s.tx, false, device, a.s.device_len);
		h_note("kick", write(H_TUN + i, "", 0));
		munmap(device, a.s.device_len);
	}
	h_note("munmap", munmap(a.p, h_one_in(8) ? h_odd() % a.len : a.len));
}

/* Feeds the memory of attached rings. */
static void attached(void)
{
	unsigned int i = h_below(H_TUNS);
	struct h_vq rx = h_vq_at(i, 0), tx = h_vq_at(i, 1);

	h_feed(&rx, true, 1 + h_below(32));
	h_feed(&tx, false, 1 + h_below(32));
	h_note("kick", write(h_one_in(2) ? H_TUN + i : h_event(), "\1\0\0\0\0\0\0", 8));
	write(H_TUN + i, "", 0);
}

const struct h_op h_ops_ring[] = {
	{ query, 8 }, { stats, 12 }, { teardown, 6 }, { setup, 16 },
	{ enter, 30 }, { regions, 8 }, { attach, 16 }, { mapped, 40 },
	{ attached, 50 }, { },
};
