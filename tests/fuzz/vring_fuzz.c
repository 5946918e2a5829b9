// SPDX-License-Identifier: GPL-2.0
/*
 * A hostile driver attacks the engine. Each input is a sequence of steps that write any
 * bytes to the ring and the pool, between the engine's calls and during them. The engine
 * must stay within its memory and return only valid results. The address sanitizer
 * detects other accesses.
 */
#include <sanitizer/asan_interface.h>
#include <stdlib.h>

#include "fuzz.h"
#include "hostile.h"
#include "places.h"

#define MAX_NUM_LOG2	7

static void must(bool condition)
{
	if (!condition)
		abort();
}

static void result(struct fuzz *f, int n)
{
	struct tun_vring *vr = &f->rig->dev.vr;

	must(n >= 0 || (n == -EPROTO && vr->broken));
	must(n <= (int)vr->num * 2);
}

static void check_chain(struct fuzz *f)
{
	const struct tun_vring_chain *c = &f->c;
	struct rig *rig = f->rig;
	bool end = false;
	u64 len = 0;
	u32 i;

	must(c->head < rig->drv.num);
	must(c->nsegs && c->nsegs <= TUN_VRING_MAX_CHAIN);
	for (i = 0; i < c->nsegs; len += c->seg[i++].len) {
		u8 *base = c->seg[i].base;

		must(base >= rig->pool && base <= rig->pool + rig->pool_len);
		must(c->seg[i].len <= rig->pool + rig->pool_len - base);
		must(!c->seg[i].len ||
		     !__asan_region_is_poisoned(base, c->seg[i].len));
		if (f->write && c->seg[i].len)
			base[c->seg[i].len - 1] = 0x11;
		end |= base + c->seg[i].len == rig->pool + rig->pool_len;
	}
	must(len == c->len && len <= INT_MAX);
	place(c->nsegs == 1 ? POPPED_ONE : POPPED_CHAIN);
	if (c->nsegs == TUN_VRING_MAX_CHAIN)
		place(POPPED_LONGEST);
	if (!c->len)
		place(POPPED_EMPTY);
	if (end)
		place(POPPED_END);
}

static void note_table(struct fuzz *f)
{
	const struct vring_desc *d = &f->rig->dev.vr.desc[f->c.head];

	if (!(d->flags & VIRTQ_INDIRECT))
		return;
	place(POPPED_TABLE);
	if (d->addr % VIRTQ_DESC)
		place(POPPED_UNALIGNED);
}

static void do_pop(struct fuzz *f)
{
	struct tun_vring *vr = &f->rig->dev.vr;
	u16 before = vr->last_avail;
	int n = device_pop(&f->rig->dev, f->write, &f->c);

	result(f, n);
	must((u16)(vr->last_avail - before) == (n == 1));
	if (n != 1) {
		place(POPPED_NONE);
		return;
	}
	if (vr->last_avail < before)
		place(WRAPPED);
	check_chain(f);
	note_table(f);
	f->hand[f->nhand++ % HAND] = f->c.head;
}

/* The kernel pushes only heads that it has popped. */
static void do_push(struct fuzz *f)
{
	if (f->nhand)
		must(!device_push(&f->rig->dev, f->hand[--f->nhand % HAND],
				  input_16(&f->in)));
}

static void do_publish(struct fuzz *f)
{
	bool event_idx = f->rig->dev.vr.event_idx;
	bool news = f->rig->dev.vr.signalled != f->rig->dev.vr.used_idx;

	must(!device_publish(&f->rig->dev));
	if (device_should_notify(&f->rig->dev)) {
		must(news);
		place(event_idx ? NOTIFIED_INDEX : NOTIFIED_FLAGS);
	} else if (news) {
		place(event_idx ? DECLINED_INDEX : DECLINED_FLAGS);
	}
	device_untaken(&f->rig->dev);
}

/* The kernel undoes a packet of several chains. */
static void do_undo(struct fuzz *f)
{
	struct tun_vring *vr = &f->rig->dev.vr;
	u16 last_avail = vr->last_avail, used_idx = vr->used_idx;
	u32 nhand = f->nhand, n = 1 + input_8(&f->in) % 4;

	while (n--) {
		do_pop(f);
		if (n)
			do_push(f);
	}
	device_rewind(&f->rig->dev, vr->last_avail - last_avail,
		      vr->used_idx - used_idx);
	must(vr->last_avail == last_avail && vr->used_idx == used_idx);
	f->nhand = nhand;
	place(REWOUND);
}

static void do_kick_on(struct fuzz *f)
{
	int n = device_enable_kick(&f->rig->dev);

	result(f, n);
	if (n > 0)
		place(LAST_LOOK);
}

static void do_kick_off(struct fuzz *f)
{
	must(!device_disable_kick(&f->rig->dev));
}

static void (*const steps[16])(struct fuzz *f) = {
	do_desc, do_desc, do_table, do_table, do_write, do_plan, do_offer,
	do_offer, do_avail_idx, do_pop, do_pop, do_push, do_publish, do_undo,
	do_kick_on, do_kick_off,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz f = { .in = { data, data + size } };
	u8 shape = input_8(&f.in), more = input_8(&f.in);
	struct tun_vring *vr;

	f.write = shape & 0x80;
	f.rig = rig_new(1U << (shape & 15) % (MAX_NUM_LOG2 + 1), shape & 0x10,
			shape & 0x20, 16 + 64 * (more & 31));
	vr = &f.rig->dev.vr;
	hostile_reset(f.rig->drv.used, virtq_used_size(f.rig->drv.num),
		      &f.rig->dev, sizeof(f.rig->dev));
	if (shape & 0x40)
		rig_start_at(f.rig, 65536 - (more >> 5));
	while (input_left(&f.in)) {
		u8 step = input_8(&f.in), times = 1 + (step >> 6) * (step >> 6);

		while (times--)
			steps[step & 15](&f);
	}
	if (vr->broken) {
		place_broken(vr->broken);
		vr->avail_idx = vr->last_avail;
		must(device_pop(&f.rig->dev, f.write, &f.c) == -EPROTO);
	}
	rig_free(f.rig);
	return 0;
}
