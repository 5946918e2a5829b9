/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Dirty logging: which pages of a guest we have written, for its migration.
 */
#ifndef _TUN_RING_LOG_H
#define _TUN_RING_LOG_H

#include <linux/compiler.h>
#include <linux/types.h>

struct eventfd_ctx;
struct tun_vq;
struct tun_vring_chain;

/**
 * struct tun_log - where writes to one ring and its buffers are noted
 * @bitmap: one bit for 4096 bytes of the guest's memory, in the owner's
 * @used: the used ring is logged: its first address
 * @used_addr: as the guest knows it
 * @buffers: buffers are logged
 * @call: signalled when bits were set, one reference; or NULL
 */
struct tun_log {
	unsigned long __user *bitmap;
	const void *used;
	u64 used_addr;
	bool buffers;
	struct eventfd_ctx *call;
};

int tun_log_used(const struct tun_vq *vq, const void *at, u32 len);
int tun_log_bytes(const struct tun_vq *vq, const void *at, u32 len);
int tun_log_chain(const struct tun_vq *vq, const struct tun_vring_chain *c,
		  u32 len);

#endif /* _TUN_RING_LOG_H */
