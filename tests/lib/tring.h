/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The user's side of mapped rings, written against the ABI alone. No code of
 * the library or of the kernel's ring engine is used.
 *
 * Calls return a negative errno on failure. No call waits longer than WAIT_MS.
 * The functions that wait for used entries read the used index from memory, so
 * that a test of one notification does not depend on another one.
 *
 * Rings and records are little-endian on every machine. Arguments and results of all
 * functions have the byte order of the machine.
 */
#ifndef TUN_TESTS_TRING_H
#define TUN_TESTS_TRING_H

#include "lib.h"

#include <linux/if_tun_ring.h>
#include <linux/virtio_ring.h>
#include <endian.h>

#define F_META		(1ULL << TUN_RING_F_META)
#define F_TSTAMP	(1ULL << TUN_RING_F_RX_TSTAMP)
#define F_MARK		(1ULL << TUN_RING_F_TX_MARK)
#define F_DROP		(1ULL << TUN_RING_F_RX_DROP)
#define F_FLOW		(1ULL << TUN_RING_F_RX_FLOW)
#define F_INDIRECT	(1ULL << TUN_RING_F_INDIRECT_DESC)
#define F_EVENT		(1ULL << TUN_RING_F_EVENT_IDX)
#define F_V1		(1ULL << TUN_RING_F_VERSION_1)
#define F_ALL		(F_META | F_TSTAMP | F_MARK | F_DROP | F_FLOW | \
			 F_INDIRECT | F_EVENT | F_V1)

#define NS_PER_MS	1000000LL

/*
 * One ring. avail_idx, taken and kicked are free-running, like the ring's
 * indices.
 */
struct tvq {
	unsigned int entries;
	struct vring_desc *desc;
	struct vring_avail *avail;
	const struct vring_used *used;
	struct tun_ring_meta *meta;
	uint16_t avail_idx;	/* index of the next available entry */
	uint16_t taken;		/* used entries that the test has consumed */
	uint16_t kicked;	/* avail_idx at the last check for a kick */
};

struct tring {
	int fd;
	struct tun_ring_setup s;
	uint8_t *driver, *device, *pool;
	struct tvq rx, tx;
	int mrg;		/* offset of num_buffers in the packet, or -1 */
	int le;			/* TUNSETVNETLE: num_buffers is little-endian */
	uint16_t *free;		/* transmit descriptors that are not in flight */
	unsigned int nfree;
};

struct tconf {
	uint64_t features;
	unsigned int rx, tx, buf_size, bufs;	/* bufs 0: one a descriptor */
};

/* ---- tring.c: set-up, mapping, other ioctls ---- */
struct tun_ring_setup tring_params(const struct tconf *c);
int tring_setup_raw(int fd, struct tun_ring_setup *s);
int tring_begin(struct tring *r, int fd);
int tring_map(struct tring *r, int fd);
int tring_setup(struct tring *r, int fd, const struct tconf *c);
void tring_unmap(struct tring *r);
int tring_teardown(int fd);
int tring_query(int fd, struct tun_ring_query *q);
int tring_stats(int fd, struct tun_ring_stats *st);
int tring_wait_broken(int fd, struct tun_ring_stats *st);
int tring_wait_count(int fd, const __u64 *count, struct tun_ring_stats *st,
		     uint64_t want);
int tring_enter(int fd, unsigned int flags, int64_t timeout_ns);

/* ---- tvq.c: descriptors, available and used entries ---- */
struct vring_desc tvq_descriptor(uint64_t addr, uint32_t len, uint16_t flags,
				 uint16_t next);
void tvq_desc(struct tvq *vq, unsigned int i, uint64_t addr, uint32_t len,
	      uint16_t flags, uint16_t next);
void tvq_put(struct tvq *vq, uint16_t head);
void tvq_put_at(struct tvq *vq, uint16_t pos, uint16_t head);
void tvq_publish(struct tvq *vq);
void tvq_flags(struct tvq *vq, uint16_t flags);
uint16_t tvq_used_idx(const struct tvq *vq);
uint16_t tvq_used_flags(const struct tvq *vq);
uint16_t tvq_avail_event(const struct tvq *vq);
uint16_t tvq_used_event(const struct tvq *vq);
void tvq_set_used_event(struct tvq *vq, uint16_t pos);
struct vring_used_elem tvq_used_at(const struct tvq *vq, uint16_t pos);
uint16_t tvq_pending(const struct tvq *vq);
void tvq_take(struct tvq *vq, unsigned int n);
int tvq_wait(const struct tvq *vq, unsigned int n);
bool tvq_quiet(const struct tvq *vq, unsigned int n, int ms);
int tvq_wait_asks(const struct tring *r, const struct tvq *vq);
bool tvq_wants_kick(const struct tring *r, struct tvq *vq);

/* ---- tpkt.c: whole packets ---- */
struct tun_ring_meta tring_meta(struct tun_ring_meta m);
uint8_t *tring_buf(const struct tring *r, unsigned int i);
uint8_t *tring_tx_buf(const struct tring *r, unsigned int head);
void tring_rx_give(struct tring *r, unsigned int i);
int tring_rx_kick(struct tring *r);
int tring_rx_fill(struct tring *r);
int tring_start(struct tring *r, int fd, const struct tconf *c);
ssize_t tring_rx_take(struct tring *r, void *buf, size_t size,
		      struct tun_ring_meta *m);
ssize_t tring_recv(struct tring *r, void *buf, size_t size,
		   struct tun_ring_meta *m);
int tring_tx_put(struct tring *r, const void *p, size_t len,
		 const struct tun_ring_meta *m);
int tring_tx_kick(struct tring *r);
void tring_tx_reap(struct tring *r);
int tring_tx_drain(struct tring *r);
int tring_send(struct tring *r, const void *p, size_t len,
	       const struct tun_ring_meta *m);

#endif
