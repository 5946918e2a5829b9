// SPDX-License-Identifier: GPL-2.0
/* Mapped rings: their set-up, and the driver's side of transmit. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "bench.h"
#include "ring.h"

static void *area(const struct ring *r, uint64_t offset, uint64_t len, int prot)
{
	void *p = mmap(NULL, len, prot, MAP_SHARED | MAP_POPULATE, r->fd,
		       offset);

	if (p == MAP_FAILED)
		die("mmap of a ring: %s", strerror(errno));
	return p;
}

static void vq_init(struct ring_vq *vq, const struct ring *r,
		    const struct tun_ring_vq *l, uint8_t *meta)
{
	vq->mask = l->entries - 1;
	vq->desc = (void *)(r->driver + l->desc);
	vq->avail = (void *)(r->driver + l->avail);
	vq->used = (void *)(r->device + l->used);
	vq->meta = (void *)(meta + l->meta);
}

const char *ring_open(struct ring *r, int fd, unsigned int entries,
		      unsigned int buf_size)
{
	r->fd = fd;
	r->s.features |= 1 << TUN_RING_F_EVENT_IDX;
	r->s.buf_size = buf_size;
	r->s.buf_count = 2 * entries;
	r->s.rx.entries = entries;
	r->s.tx.entries = entries;
	if (ioctl(fd, TUNRINGSETUP, &r->s)) {
		if (errno == EINVAL || errno == ENOTTY)
			return "this tun has no rings";
		die("TUNRINGSETUP: %s", strerror(errno));
	}
	r->driver = area(r, r->s.driver_offset, r->s.driver_len,
			 PROT_READ | PROT_WRITE);
	r->device = area(r, r->s.device_offset, r->s.device_len, PROT_READ);
	r->pool = area(r, r->s.pool_offset, r->s.pool_len,
		       PROT_READ | PROT_WRITE);
	vq_init(&r->rx, r, &r->s.rx, r->device);
	vq_init(&r->tx, r, &r->s.tx, r->driver);
	return NULL;
}

void ring_close(struct ring *r)
{
	munmap(r->driver, r->s.driver_len);
	munmap(r->device, r->s.device_len);
	munmap(r->pool, r->s.pool_len);
}

/* Each packet gets descriptor and record, if any, written, as if it were new. */
void ring_tx_put(struct ring *r, unsigned int size)
{
	const uint16_t head = r->tx.avail_idx & r->tx.mask;

	r->tx.desc[head] = (struct vring_desc) {
		.addr = ring_tx_buf(r, head) - r->pool, .len = size,
	};
	if (ring_has_records(r))
		memset(&r->tx.meta[head], 0, sizeof(*r->tx.meta));
	if (size == SIZE_GSO)
		packet_header((void *)&r->tx.meta[head], size);
	vq_give(&r->tx, head);
}

void ring_tx_reap(struct ring *r)
{
	uint16_t n = vq_used(&r->tx) - r->tx.taken;

	while (n--)
		if (vq_next(&r->tx)->id > r->tx.mask)
			die("ring: a used entry that is none");
	vq_taken(&r->tx);
}
