/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The layout of every struct of the UAPI header. The layout never changes.
 */
#ifndef _TUN_RING_IOCTL_ABI_H
#define _TUN_RING_IOCTL_ABI_H

#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/if_tun_ring.h>

#include "../engine/vring.h"

/* Check the offset and the size in bytes of a field. */
#define ABI_FIELD(tag, field, offset, size)				\
	static_assert(offsetof(struct tag, field) == (offset) &&	\
		      sizeof_field(struct tag, field) == (size))
#define ABI_SIZE(tag, size)	static_assert(sizeof(struct tag) == (size))

ABI_SIZE(tun_ring_meta, 64);
ABI_FIELD(tun_ring_meta, vnet_flags, 0, 1);
ABI_FIELD(tun_ring_meta, gso_type, 1, 1);
ABI_FIELD(tun_ring_meta, hdr_len, 2, 2);
ABI_FIELD(tun_ring_meta, gso_size, 4, 2);
ABI_FIELD(tun_ring_meta, csum_start, 6, 2);
ABI_FIELD(tun_ring_meta, csum_offset, 8, 2);
ABI_FIELD(tun_ring_meta, num_buffers, 10, 2);
ABI_FIELD(tun_ring_meta, flags, 12, 2);
ABI_FIELD(tun_ring_meta, protocol, 14, 2);
ABI_FIELD(tun_ring_meta, vlan_proto, 16, 2);
ABI_FIELD(tun_ring_meta, vlan_tci, 18, 2);
ABI_FIELD(tun_ring_meta, hash, 20, 4);
ABI_FIELD(tun_ring_meta, mark, 24, 4);
ABI_FIELD(tun_ring_meta, priority, 28, 4);
ABI_FIELD(tun_ring_meta, tstamp, 32, 8);
ABI_FIELD(tun_ring_meta, reserved, 40, 24);

ABI_SIZE(tun_ring_query, 64);
ABI_FIELD(tun_ring_query, features, 0, 8);
ABI_FIELD(tun_ring_query, max_entries, 8, 4);
ABI_FIELD(tun_ring_query, max_chain, 12, 4);
ABI_FIELD(tun_ring_query, max_pool, 16, 8);
ABI_FIELD(tun_ring_query, meta_size, 24, 4);
ABI_FIELD(tun_ring_query, mode, 28, 4);
ABI_FIELD(tun_ring_query, reserved, 32, 32);

ABI_SIZE(tun_ring_vq, 32);
ABI_FIELD(tun_ring_vq, entries, 0, 4);
ABI_FIELD(tun_ring_vq, desc, 4, 4);
ABI_FIELD(tun_ring_vq, avail, 8, 4);
ABI_FIELD(tun_ring_vq, used, 12, 4);
ABI_FIELD(tun_ring_vq, meta, 16, 4);
ABI_FIELD(tun_ring_vq, reserved, 20, 12);

ABI_SIZE(tun_ring_setup, 168);
ABI_FIELD(tun_ring_setup, features, 0, 8);
ABI_FIELD(tun_ring_setup, flags, 8, 4);
ABI_FIELD(tun_ring_setup, buf_size, 12, 4);
ABI_FIELD(tun_ring_setup, buf_count, 16, 4);
ABI_FIELD(tun_ring_setup, tx_poll_us, 20, 4);
ABI_FIELD(tun_ring_setup, rx, 24, 32);
ABI_FIELD(tun_ring_setup, tx, 56, 32);
ABI_FIELD(tun_ring_setup, driver_offset, 88, 8);
ABI_FIELD(tun_ring_setup, driver_len, 96, 8);
ABI_FIELD(tun_ring_setup, device_offset, 104, 8);
ABI_FIELD(tun_ring_setup, device_len, 112, 8);
ABI_FIELD(tun_ring_setup, pool_offset, 120, 8);
ABI_FIELD(tun_ring_setup, pool_len, 128, 8);
ABI_FIELD(tun_ring_setup, reserved, 136, 32);

ABI_SIZE(tun_ring_region, 32);
ABI_FIELD(tun_ring_region, addr, 0, 8);
ABI_FIELD(tun_ring_region, len, 8, 8);
ABI_FIELD(tun_ring_region, user, 16, 8);
ABI_FIELD(tun_ring_region, reserved, 24, 8);

ABI_SIZE(tun_ring_regions, 40);
ABI_FIELD(tun_ring_regions, n, 0, 4);
ABI_FIELD(tun_ring_regions, flags, 4, 4);
ABI_FIELD(tun_ring_regions, fd, 8, 4);
ABI_FIELD(tun_ring_regions, reserved0, 12, 4);
ABI_FIELD(tun_ring_regions, regions, 16, 8);
ABI_FIELD(tun_ring_regions, reserved, 24, 16);

ABI_SIZE(tun_ring_attach_vq, 64);
ABI_FIELD(tun_ring_attach_vq, entries, 0, 4);
ABI_FIELD(tun_ring_attach_vq, kick, 4, 4);
ABI_FIELD(tun_ring_attach_vq, call, 8, 4);
ABI_FIELD(tun_ring_attach_vq, reserved0, 12, 4);
ABI_FIELD(tun_ring_attach_vq, desc, 16, 8);
ABI_FIELD(tun_ring_attach_vq, avail, 24, 8);
ABI_FIELD(tun_ring_attach_vq, used, 32, 8);
ABI_FIELD(tun_ring_attach_vq, meta, 40, 8);
ABI_FIELD(tun_ring_attach_vq, reserved, 48, 16);

ABI_SIZE(tun_ring_attach, 176);
ABI_FIELD(tun_ring_attach, features, 0, 8);
ABI_FIELD(tun_ring_attach, flags, 8, 4);
ABI_FIELD(tun_ring_attach, tx_poll_us, 12, 4);
ABI_FIELD(tun_ring_attach, rx, 16, 64);
ABI_FIELD(tun_ring_attach, tx, 80, 64);
ABI_FIELD(tun_ring_attach, reserved, 144, 32);

ABI_SIZE(tun_ring_guest, 16);
ABI_FIELD(tun_ring_guest, flags, 0, 4);
ABI_FIELD(tun_ring_guest, reserved, 4, 12);

ABI_SIZE(tun_ring_enter, 40);
ABI_FIELD(tun_ring_enter, flags, 0, 4);
ABI_FIELD(tun_ring_enter, sigsetsize, 4, 4);
ABI_FIELD(tun_ring_enter, timeout_ns, 8, 8);
ABI_FIELD(tun_ring_enter, sigmask, 16, 8);
ABI_FIELD(tun_ring_enter, reserved, 24, 16);

ABI_SIZE(tun_ring_counters, 96);
ABI_FIELD(tun_ring_counters, packets, 0, 8);
ABI_FIELD(tun_ring_counters, bytes, 8, 8);
ABI_FIELD(tun_ring_counters, kicks, 16, 8);
ABI_FIELD(tun_ring_counters, wakeups, 24, 8);
ABI_FIELD(tun_ring_counters, full, 32, 8);
ABI_FIELD(tun_ring_counters, dropped, 40, 8);
ABI_FIELD(tun_ring_counters, too_big, 48, 8);
ABI_FIELD(tun_ring_counters, errors, 56, 8);
ABI_FIELD(tun_ring_counters, reserved, 64, 32);

ABI_SIZE(tun_ring_stats, 208);
ABI_FIELD(tun_ring_stats, rx, 0, 96);
ABI_FIELD(tun_ring_stats, tx, 96, 96);
ABI_FIELD(tun_ring_stats, features, 192, 8);
ABI_FIELD(tun_ring_stats, broken, 200, 4);
ABI_FIELD(tun_ring_stats, mode, 204, 4);

static_assert(TUN_RING_MAX_ENTRIES == TUN_VRING_MAX_ENTRIES);
static_assert(TUN_RING_MAX_CHAIN == TUN_VRING_MAX_CHAIN);

#undef ABI_FIELD
#undef ABI_SIZE

#endif /* _TUN_RING_IOCTL_ABI_H */
