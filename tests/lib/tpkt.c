// SPDX-License-Identifier: GPL-2.0
/*
 * Packets over rings with a fixed layout: descriptor i of rx uses buffer i of
 * the pool. Descriptor i of tx uses buffer i behind the rx buffers.
 */
#include "tring.h"

uint8_t *tring_buf(const struct tring *r, unsigned int i)
{
	return r->pool + (size_t)i * r->s.buf_size;
}

uint8_t *tring_tx_buf(const struct tring *r, unsigned int head)
{
	return tring_buf(r, r->rx.entries + head);
}

/* Adds one buffer to the available ring, unpublished. */
void tring_rx_give(struct tring *r, unsigned int i)
{
	tvq_desc(&r->rx, i, (uint64_t)i * r->s.buf_size, r->s.buf_size,
		 VRING_DESC_F_WRITE, 0);
	tvq_put(&r->rx, i);
}

int tring_rx_kick(struct tring *r)
{
	tvq_publish(&r->rx);
	if (!tvq_wants_kick(r, &r->rx))
		return 0;
	return tring_enter(r->fd, TUN_RING_ENTER_RX, 0);
}

int tring_rx_fill(struct tring *r)
{
	unsigned int i;

	for (i = 0; i < r->rx.entries; i++)
		tring_rx_give(r, i);
	return tring_rx_kick(r);
}

/* Sets up mapped rings and makes all receive buffers available. */
int tring_start(struct tring *r, int fd, const struct tconf *c)
{
	int ret = tring_setup(r, fd, c);

	if (!ret)
		ret = tring_rx_fill(r);
	return ret < 0 ? ret : 0;
}

/*
 * Turns a record from the byte order of rings into that of the machine, or back. The
 * protocols are big-endian in both.
 */
struct tun_ring_meta tring_meta(struct tun_ring_meta m)
{
	m.hdr_len = le16toh(m.hdr_len);
	m.gso_size = le16toh(m.gso_size);
	m.csum_start = le16toh(m.csum_start);
	m.csum_offset = le16toh(m.csum_offset);
	m.num_buffers = le16toh(m.num_buffers);
	m.flags = le16toh(m.flags);
	m.vlan_tci = le16toh(m.vlan_tci);
	m.hash = le32toh(m.hash);
	m.mark = le32toh(m.mark);
	m.priority = le32toh(m.priority);
	m.tstamp = le64toh(m.tstamp);
	return m;
}

static unsigned int buffers_of(const struct tring *r, unsigned int head)
{
	uint16_t n;

	if (r->s.features & F_META)
		return le16toh(r->rx.meta[head].num_buffers);
	if (r->mrg < 0)
		return 1;
	memcpy(&n, tring_buf(r, head) + r->mrg, sizeof(n));
	return r->le ? le16toh(n) : n;
}

/*
 * Copies the next packet, which the caller knows to be there, and adds its
 * buffers to the available ring again, unpublished. Returns the length with
 * headers.
 */
ssize_t tring_rx_take(struct tring *r, void *buf, size_t size,
		      struct tun_ring_meta *m)
{
	struct vring_used_elem u = tvq_used_at(&r->rx, r->rx.taken);
	unsigned int n, i;
	size_t len = 0;

	if (u.id >= r->rx.entries)
		return -EBADMSG;
	n = buffers_of(r, u.id);
	if (m && r->rx.meta)
		*m = tring_meta(r->rx.meta[u.id]);
	if (n < 1 || n > tvq_pending(&r->rx))
		return -EBADMSG;
	for (i = 0; i < n; i++) {
		u = tvq_used_at(&r->rx, r->rx.taken + i);
		if (u.id >= r->rx.entries || u.len > r->s.buf_size ||
		    len + u.len > size)
			return -EBADMSG;
		memcpy((uint8_t *)buf + len, tring_buf(r, u.id), u.len);
		len += u.len;
		tring_rx_give(r, u.id);
	}
	tvq_take(&r->rx, n);
	return len;
}

/* Waits for a packet, copies it and makes its buffers available again. */
ssize_t tring_recv(struct tring *r, void *buf, size_t size,
		   struct tun_ring_meta *m)
{
	int ret = tvq_wait(&r->rx, 1);
	ssize_t len;

	if (ret)
		return ret;
	len = tring_rx_take(r, buf, size, m);
	if (len < 0)
		return len;
	ret = tring_rx_kick(r);
	return ret < 0 ? ret : len;
}

/* Returns the descriptors of used entries to the free list. */
void tring_tx_reap(struct tring *r)
{
	unsigned int n = tvq_pending(&r->tx), i;

	for (i = 0; i < n; i++)
		r->free[r->nfree++] = tvq_used_at(&r->tx, r->tx.taken + i).id;
	if (n)
		tvq_take(&r->tx, n);
}

/*
 * Adds a packet of one buffer to the available ring, unpublished. Returns the
 * head.
 */
int tring_tx_put(struct tring *r, const void *p, size_t len,
		 const struct tun_ring_meta *m)
{
	unsigned int head;

	tring_tx_reap(r);
	if (!r->nfree)
		return -EAGAIN;
	if (len > r->s.buf_size)
		return -EMSGSIZE;
	head = r->free[--r->nfree];
	memcpy(tring_tx_buf(r, head), p, len);
	if (r->tx.meta)
		r->tx.meta[head] = tring_meta(m ? *m : (struct tun_ring_meta) { });
	tvq_desc(&r->tx, head, tring_tx_buf(r, head) - r->pool, len, 0, 0);
	tvq_put(&r->tx, head);
	return head;
}

int tring_tx_kick(struct tring *r)
{
	tvq_publish(&r->tx);
	if (!tvq_wants_kick(r, &r->tx))
		return 0;
	return tring_enter(r->fd, TUN_RING_ENTER_TX, 0);
}

/* Waits until no descriptor is in flight. */
int tring_tx_drain(struct tring *r)
{
	uint16_t n = r->tx.avail_idx - r->tx.taken;
	int ret = tvq_wait(&r->tx, n);

	if (!ret)
		tring_tx_reap(r);
	return ret;
}

int tring_send(struct tring *r, const void *p, size_t len,
	       const struct tun_ring_meta *m)
{
	int ret = tring_tx_put(r, p, len, m);

	if (ret < 0)
		return ret;
	ret = tring_tx_kick(r);
	return ret < 0 ? ret : tring_tx_drain(r);
}
