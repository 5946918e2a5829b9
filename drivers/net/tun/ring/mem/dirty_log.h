/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Dirty logging: a VMM that migrates a guest sees which pages the driver wrote.
 */
#ifndef _TUN_RING_LOG_H
#define _TUN_RING_LOG_H

#include <linux/compiler.h>
#include <linux/types.h>

struct eventfd_ctx;
struct tun_vq;
struct tun_vring_chain;

/**
 * struct tun_log - dirty log of one ring and its buffers
 * @bitmap: one bit for 4096 bytes of the guest's memory; lies in the owner's
 *	memory
 * @used: first address of the used ring in the owner's memory; NULL if writes
 *	to the used ring are not logged
 * @used_addr: address of the used ring in the guest's memory
 * @buffers: writes to buffers are logged
 * @call: eventfd to signal after bits were set, one reference; or NULL
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
