/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest and its monitor: two virtqueues in memory of their own, set up by the
 * vhost ioctls. Calls return a negative errno on failure.
 *
 * The guest's addresses begin at zero. Each part of a ring has its own pages,
 * apart from the buffers, so that a test can unmap one part alone.
 */
#ifndef TUN_TESTS_GUEST_H
#define TUN_TESTS_GUEST_H

#include <linux/vhost.h>
#include <linux/virtio_config.h>

#include "env.h"

#define G_RX		0
#define G_TX		1
#define G_ENTRIES	16
#define G_BUF		4096
#define G_POOL		(2 * G_ENTRIES * G_BUF)
#define G_PART		4096	/* bytes of one part of a ring */
#define G_RINGS		(2 * 3 * G_PART)

#define G_BIT(n)	(1ULL << (n))
#define G_V1		G_BIT(VIRTIO_F_VERSION_1)
#define G_EMPTY		G_BIT(VIRTIO_F_NOTIFY_ON_EMPTY)
#define G_EVENT		G_BIT(VIRTIO_RING_F_EVENT_IDX)
#define G_INDIRECT	G_BIT(VIRTIO_RING_F_INDIRECT_DESC)
#define G_MRG		G_BIT(VIRTIO_NET_F_MRG_RXBUF)
#define G_LOG		G_BIT(VHOST_F_LOG_ALL)
#define G_HDR		G_BIT(VHOST_NET_F_VIRTIO_NET_HDR)
#define G_ALL		0x13d008000ULL

struct guest {
	int ctl;		/* the file that takes the ioctls */
	uint64_t features;
	uint8_t *pool;		/* the guest's memory: G_POOL bytes */
	uint8_t *rings;		/* G_RINGS bytes */
	struct tvq vq[2];
	int kick[2], call[2], err[2];
	size_t hdr;		/* bytes of the virtio_net_hdr */
};

/*
 * Two variants of a fixture whose FIXTURE_VARIANT has a bool pin. A worker
 * serves the guest in the first variant, NAPI in the second.
 */
#define GUEST_VARIANTS(fixture, name, ...)				\
	FIXTURE_VARIANT_ADD(fixture, name) { __VA_ARGS__ };		\
	FIXTURE_VARIANT_ADD(fixture, name##_pinned) {			\
		__VA_ARGS__, .pin = true				\
	}

/* ---- guest.c: the monitor's side ---- */
int guest_ioctl(const struct guest *g, unsigned long cmd, void *arg);
int guest_vring(const struct guest *g, unsigned long cmd, unsigned int i,
		unsigned int num);
int guest_file(const struct guest *g, unsigned long cmd, unsigned int i,
	       int fd);
int guest_features(struct guest *g, uint64_t features);
int guest_table(const struct guest *g, const struct vhost_memory_region *r,
		unsigned int n);
int guest_table_default(const struct guest *g);
int guest_addr(const struct guest *g, unsigned int i, unsigned int flags,
	       uint64_t log);
int guest_describe(const struct guest *g, unsigned int i);
int guest_flags(int ctl, uint32_t flags);
const char *guest_server(int tun);
int guest_open(struct guest *g, int ctl, uint64_t features, size_t hdr);
int guest_open_pinned(struct guest *g, int ctl, uint64_t features, size_t hdr);
int guest_open_in(struct guest *g, int ctl, bool pin, uint64_t features,
		  size_t hdr);
int guest_start(const struct guest *g, int tun);
int guest_stop(const struct guest *g);
int guest_base(const struct guest *g, unsigned int i);
void guest_fresh_rings(struct guest *g);
void guest_close(struct guest *g);

/* ---- guest_io.c: the guest's side ---- */
uint8_t *guest_buf(const struct guest *g, unsigned int i, unsigned int head);
void guest_kick(const struct guest *g, unsigned int i);
void guest_give(struct guest *g, unsigned int head, size_t len);
void guest_fill(struct guest *g);
ssize_t guest_take(struct guest *g, void *buf, size_t size);
ssize_t guest_recv(struct guest *g, void *buf, size_t size);
int guest_prepare(struct guest *g, const void *vh, const void *pkt, size_t len);
int guest_put(struct guest *g, const void *vh, const void *pkt, size_t len);
int guest_send(struct guest *g, const void *vh, const void *pkt, size_t len);
int guest_expect(struct guest *g, bool tap, uint32_t from, unsigned int n);
int guest_transmit(struct guest *g, const struct env *e, uint32_t from,
		   unsigned int n);
int guest_signalled(int fd, int ms);
int guest_works(struct guest *g, struct env *e, uint32_t seq);
int guest_settle(const struct guest *g, struct env *e);

#endif
