// SPDX-License-Identifier: GPL-2.0
/*
 * Packets over the rings in the plainest way: descriptor i of rx has buffer i
 * of the pool, descriptor i of tx the one behind these.
 */
#include "tring.h"

uint8_t *tr_buf(const struct tring *r, unsigned int i)
{
	return r->pool + (size_t)i * r->s.buf_size;
}

uint8_t *tr_tx_buf(const struct tring *r, unsigned int head)
{
	return tr_buf(r, r->rx.entries + head);
}

/* Makes one buffer available, unpublished. */
void tr_rx_give(struct tring *r, unsigned int i)
{
	vq_desc(&r->rx, i, (uint64_t)i * r->s.buf_size, r->s.buf_size,
		VRING_DESC_F_WRITE, 0);
	vq_put(&r->rx, i);
}

int tr_rx_kick(struct tring *r)
{
	vq_publish(&r->rx);
	if (!vq_wants_kick(r, &r->rx))
		return 0;
	return tr_enter(r->fd, TUN_RING_ENTER_RX, 0);
}

int tr_rx_fill(struct tring *r)
{
	unsigned int i;

	for (i = 0; i < r->rx.entries; i++)
		tr_rx_give(r, i);
	return tr_rx_kick(r);
}

static unsigned int buffers_of(const struct tring *r, unsigned int head)
{
	uint16_t n;

	if (r->s.features & F_META)
		return r->rx.meta[head].num_buffers;
	if (r->mrg < 0)
		return 1;
	memcpy(&n, tr_buf(r, head) + r->mrg, sizeof(n));
	return n;
}

/*
 * Takes the next packet, which must be there, and makes its buffers available
 * again, unpublished. Returns its length with whatever precedes it.
 */
ssize_t tr_rx_take(struct tring *r, void *buf, size_t size,
		   struct tun_ring_meta *m)
{
	struct vring_used_elem u = vq_used_at(&r->rx, r->rx.taken);
	unsigned int n, i;
	size_t len = 0;

	if (u.id >= r->rx.entries)
		return -EBADMSG;
	n = buffers_of(r, u.id);
	if (m && r->rx.meta)
		*m = r->rx.meta[u.id];
	if (n < 1 || n > vq_pending(&r->rx))
		return -EBADMSG;
	for (i = 0; i < n; i++) {
		u = vq_used_at(&r->rx, r->rx.taken + i);
		if (u.id >= r->rx.entries || u.len > r->s.buf_size ||
		    len + u.len > size)
			return -EBADMSG;
		memcpy((uint8_t *)buf + len, tr_buf(r, u.id), u.len);
		len += u.len;
		tr_rx_give(r, u.id);
	}
	vq_take(&r->rx, n);
	return len;
}

/* Waits for a packet, takes it and gives its buffers back. */
ssize_t tr_recv(struct tring *r, void *buf, size_t size,
		struct tun_ring_meta *m)
{
	int ret = vq_wait(&r->rx, 1);
	ssize_t len;

	if (ret)
		return ret;
	len = tr_rx_take(r, buf, size, m);
	if (len < 0)
		return len;
	ret = tr_rx_kick(r);
	return ret < 0 ? ret : len;
}

/* Puts the descriptors of used entries back among the free ones. */
void tr_tx_reap(struct tring *r)
{
	unsigned int n = vq_pending(&r->tx), i;

	for (i = 0; i < n; i++)
		r->free[r->nfree++] = vq_used_at(&r->tx, r->tx.taken + i).id;
	if (n)
		vq_take(&r->tx, n);
}

/* Makes a packet available in one buffer, unpublished. Returns its head. */
int tr_tx_put(struct tring *r, const void *p, size_t len,
	      const struct tun_ring_meta *m)
{
	unsigned int head;

	tr_tx_reap(r);
	if (!r->nfree)
		return -EAGAIN;
	if (len > r->s.buf_size)
		return -EMSGSIZE;
	head = r->free[--r->nfree];
	memcpy(tr_tx_buf(r, head), p, len);
	if (r->tx.meta)
		r->tx.meta[head] = m ? *m : (struct tun_ring_meta) { };
	vq_desc(&r->tx, head, tr_tx_buf(r, head) - r->pool, len, 0, 0);
	vq_put(&r->tx, head);
	return head;
}

int tr_tx_kick(struct tring *r)
{
	vq_publish(&r->tx);
	if (!vq_wants_kick(r, &r->tx))
		return 0;
	return tr_enter(r->fd, TUN_RING_ENTER_TX, 0);
}

/* Waits until nothing is in flight. */
int tr_tx_drain(struct tring *r)
{
	uint16_t n = r->tx.avail_idx - r->tx.taken;
	int ret = vq_wait(&r->tx, n);

	if (!ret)
		tr_tx_reap(r);
	return ret;
}

int tr_send(struct tring *r, const void *p, size_t len,
	    const struct tun_ring_meta *m)
{
	int ret = tr_tx_put(r, p, len, m);

	if (ret < 0)
		return ret;
	ret = tr_tx_kick(r);
	return ret < 0 ? ret : tr_tx_drain(r);
}
