// SPDX-License-Identifier: GPL-2.0
#include "rig.h"

#include <stdio.h>
#include <stdlib.h>

/* malloc() aligns to less than the cache line on which rings lie. */
static void *area(size_t size)
{
	void *p;

	if (posix_memalign(&p, 64, size)) {
		fprintf(stderr, "out of memory\n");
		abort();
	}
	return memset(p, 0, size);
}

struct rig *rig_new(u32 num, bool indirect, bool event_idx, u32 pool_len)
{
	struct rig *rig = area(sizeof(*rig));

	rig->pool = area(pool_len);
	rig->pool_len = pool_len;
	virtq_init(&rig->drv, num, event_idx, area(virtq_desc_size(num)),
		   area(virtq_avail_size(num)), area(virtq_used_size(num)));
	device_init(&rig->dev, num, indirect, event_idx);
	rig->dev.vr.desc = (void *)rig->drv.desc;
	rig->dev.vr.avail = (void *)rig->drv.avail;
	rig->dev.vr.used = (void *)rig->drv.used;
	rig->regions = area(sizeof(*rig->regions) +
			    sizeof(rig->regions->region[0]));
	rig->regions->n = 1;
	rig->regions->region[0].base = rig->pool;
	rig->regions->region[0].len = pool_len;
	rig->dev.regions = rig->regions;
	return rig;
}

void rig_free(struct rig *rig)
{
	virtq_exit(&rig->drv);
	free(rig->drv.desc);
	free(rig->drv.avail);
	free(rig->drv.used);
	free(rig->regions);
	free(rig->pool);
	free(rig);
}

void rig_start_at(struct rig *rig, u16 idx)
{
	struct tun_vring *vr = &rig->dev.vr;

	vr->last_avail = idx;
	vr->avail_idx = idx;
	vr->used_idx = idx;
	vr->signalled = idx;
	rig->drv.avail_idx = idx;
	rig->drv.kicked = idx;
	rig->drv.used_idx = idx;
	virtq_offer(&rig->drv);
	device_publish(&rig->dev);
	virtq_want_interrupt(&rig->drv);
	device_enable_kick(&rig->dev);
}

int rig_offer_one(struct rig *rig, bool device_writes, u64 addr, u32 len)
{
	struct virtq_buf buf = {
		.addr = addr, .len = len, .device_writes = device_writes,
	};
	int head = virtq_add(&rig->drv, &buf, 1, NULL, 0);

	if (head >= 0)
		virtq_offer(&rig->drv);
	return head;
}
