// SPDX-License-Identifier: GPL-2.0
/* The guest's side: buffers, packets, kicks. */
#include "guest.h"

/* Returns a descriptor's buffer. The tx buffers lie behind the rx buffers. */
uint8_t *guest_buf(const struct guest *g, unsigned int i, unsigned int head)
{
	return g->pool + (size_t)(i * G_ENTRIES + head) * G_BUF;
}

void guest_kick(const struct guest *g, unsigned int i)
{
	uint64_t one = 1;

	if (write(g->kick[i], &one, sizeof(one)) != sizeof(one))
		abort();
}

/* Makes a receive buffer available. The caller kicks. */
void guest_give(struct guest *g, unsigned int head, size_t len)
{
	struct tvq *vq = &g->vq[G_RX];

	tvq_desc(vq, head, guest_buf(g, G_RX, head) - g->pool, len,
		 VRING_DESC_F_WRITE, 0);
	tvq_put(vq, head);
	tvq_publish(vq);
}

void guest_fill(struct guest *g)
{
	unsigned int i;

	for (i = 0; i < G_ENTRIES; i++)
		guest_give(g, i, G_BUF);
	guest_kick(g, G_RX);
}

/*
 * Copies the packet of the next used entry, without its header, and makes the
 * buffer available again. Returns -EAGAIN if there is no used entry.
 */
ssize_t guest_take(struct guest *g, void *buf, size_t size)
{
	struct tvq *vq = &g->vq[G_RX];
	struct vring_used_elem e;

	if (!tvq_pending(vq))
		return -EAGAIN;
	e = tvq_used_at(vq, vq->taken);
	if (e.id >= G_ENTRIES || e.len < g->hdr || e.len - g->hdr > size)
		return -EBADMSG;
	memcpy(buf, guest_buf(g, G_RX, e.id) + g->hdr, e.len - g->hdr);
	tvq_take(vq, 1);
	guest_give(g, e.id, G_BUF);
	guest_kick(g, G_RX);
	return e.len - g->hdr;
}

ssize_t guest_recv(struct guest *g, void *buf, size_t size)
{
	int ret = tvq_wait(&g->vq[G_RX], 1);

	return ret ?: guest_take(g, buf, size);
}

/* Fills in a descriptor; tvq_publish() makes it available. Returns the head. */
int guest_prepare(struct guest *g, const void *vh, const void *pkt, size_t len)
{
	struct tvq *vq = &g->vq[G_TX];
	unsigned int head = vq->avail_idx % G_ENTRIES;
	uint8_t *buf = guest_buf(g, G_TX, head);

	memset(buf, 0, g->hdr);
	if (vh)
		memcpy(buf, vh, sizeof(struct virtio_net_hdr));
	memcpy(buf + g->hdr, pkt, len);
	tvq_desc(vq, head, buf - g->pool, g->hdr + len, 0, 0);
	tvq_put(vq, head);
	return head;
}

/* Makes one packet available without a kick. Returns the head. */
int guest_put(struct guest *g, const void *vh, const void *pkt, size_t len)
{
	int head = guest_prepare(g, vh, pkt, len);

	tvq_publish(&g->vq[G_TX]);
	return head;
}

/* Transmits a packet and waits until the driver has used it. */
int guest_send(struct guest *g, const void *vh, const void *pkt, size_t len)
{
	int ret;

	guest_put(g, vh, pkt, len);
	guest_kick(g, G_TX);
	ret = tvq_wait(&g->vq[G_TX], 1);
	if (!ret)
		tvq_take(&g->vq[G_TX], 1);
	return ret;
}

/* Receives n packets with consecutive numbers in the guest. */
int guest_expect(struct guest *g, bool tap, uint32_t from, unsigned int n)
{
	uint8_t buf[G_BUF];
	unsigned int i;
	ssize_t len;
	int64_t seq;

	for (i = 0; i < n; i++) {
		len = guest_recv(g, buf, sizeof(buf));
		if (len < 0)
			return len;
		seq = seq_of(buf, len, tap);
		if (seq != from + i) {
			fprintf(stderr, "# guest: received packet %lld, expected %u\n",
				(long long)seq, from + i);
			return -EBADMSG;
		}
	}
	return 0;
}

/* Transmits n numbered packets from the guest. */
int guest_transmit(struct guest *g, const struct env *e, uint32_t from,
		   unsigned int n)
{
	uint8_t pkt[256];
	unsigned int i;
	int ret = 0;

	for (i = 0; i < n && !ret; i++)
		ret = guest_send(g, NULL, pkt,
				 seq_pkt(pkt, e->tap, from + i, 100));
	return ret;
}

/* Waits for an eventfd and returns its count, or 0 after the time-out. */
int guest_signalled(int fd, int ms)
{
	uint64_t n = 0;

	if (!(fd_wait(fd, POLLIN, ms) & POLLIN) ||
	    read(fd, &n, sizeof(n)) != sizeof(n))
		return 0;
	return n;
}

/* Passes one packet each way. The caller has filled the receive ring. */
int guest_works(struct guest *g, struct env *e, uint32_t seq)
{
	int ret = env_inject(e, seq, 100);

	if (!ret)
		ret = guest_expect(g, e->tap, seq, 1);
	if (!ret)
		ret = guest_transmit(g, e, seq, 1);
	return ret ?: env_seen(e, seq, 1);
}

/*
 * Drains all packets sent before. The device's queue delivers them before the
 * numbered packet that is sent last. That packet may find the queue full, so
 * several are sent.
 */
int guest_settle(const struct guest *g, struct env *e)
{
	long end = now_ms() + WAIT_MS;
	uint32_t mark = 1U << 31;
	uint8_t buf[4096];
	ssize_t len;

	while (now_ms() < end) {
		env_drain(e);
		env_inject(e, ++mark, 100);
		while (fd_wait(e->fd, POLLIN, 100) & POLLIN) {
			len = read(e->fd, buf, sizeof(buf)) - g->hdr;
			if (len > 0 && seq_of(buf + g->hdr, len, e->tap) == mark)
				return 0;
		}
	}
	return -ETIMEDOUT;
}
