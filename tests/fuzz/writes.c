// SPDX-License-Identifier: GPL-2.0
/* The hostile driver writes to its memory. */
#include "fuzz.h"

#include "hostile.h"

/* Return: the address of any two bytes that a driver can write. */
static u8 *anywhere(struct fuzz *f)
{
	struct virtq *q = &f->rig->drv;
	u16 at = input_16(&f->in);

	switch (at & 3) {
	case 0:
		return q->desc + (at >> 2) % (virtq_desc_size(q->num) - 1);
	case 1:
		return q->avail + (at >> 2) % (virtq_avail_size(q->num) - 1);
	default:
		return f->rig->pool + (at >> 2) % (f->rig->pool_len - 1);
	}
}

static void write_desc(struct fuzz *f, u8 *to)
{
	u8 flags = input_8(&f->in);
	u64 addr = input_number(&f->in);
	u32 len = input_number(&f->in);
	u16 next = input_8(&f->in);

	if (flags & 8)
		next |= next << 8;
	/* Most descriptors shall have the right direction. */
	if (f->write != !!(flags & 0x80))
		flags |= VIRTQ_WRITE;
	else
		flags &= ~VIRTQ_WRITE;
	if (flags & 16)
		flags ^= VIRTQ_WRITE;
	virtq_write_desc(to, addr, len, flags & 7, next);
}

void do_desc(struct fuzz *f)
{
	write_desc(f, rig_desc(f->rig, input_8(&f->in) % f->rig->drv.num));
}

void do_table(struct fuzz *f)
{
	u32 room = f->rig->pool_len - VIRTQ_DESC + 1;

	write_desc(f, f->rig->pool + input_16(&f->in) % room);
}

void do_write(struct fuzz *f)
{
	u8 *to = anywhere(f);
	u16 value = input_16(&f->in);

	memcpy(to, &value, 2);
}

void do_plan(struct fuzz *f)
{
	u8 after = input_8(&f->in);
	u8 *to = anywhere(f);

	hostile_plan(1 + after % 32, to, input_16(&f->in));
}

void do_offer(struct fuzz *f)
{
	struct virtq *q = &f->rig->drv;

	virtq_set_avail_entry(q, q->avail_idx++, input_8(&f->in) % q->num);
	virtq_offer(q);
}

void do_avail_idx(struct fuzz *f)
{
	f->rig->drv.avail_idx = f->rig->dev.vr.last_avail +
				input_number(&f->in);
	virtq_offer(&f->rig->drv);
}
