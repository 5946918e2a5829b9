// SPDX-License-Identifier: GPL-2.0
#include "cost.h"

static int no_open(struct cost_queue *q)
{
	return fd_nonblock(q->t.fd);
}

static void no_close(struct cost_queue *q)
{
}

static void wait_tun(struct cost_queue *q)
{
	fd_wait(q->t.fd, POLLIN, WAIT_MS);
}

static unsigned int plain_take(struct cost_queue *q)
{
	uint8_t buf[2048];
	unsigned int n = 0;

	while (read(q->t.fd, buf, sizeof(buf)) > 0)
		n++;
	return n;
}

static int plain_put(struct cost_queue *q, unsigned int n)
{
	uint8_t buf[2048];
	size_t len = seq_pkt(buf, false, 0, COST_LEN);

	while (n--)
		if (write(q->t.fd, buf, len) < 0)
			return -errno;
	return 0;
}

static int mapped_open(struct cost_queue *q)
{
	struct tconf c = { F_EVENT, 128, 128, 2048, 0 };
	int ret = tring_setup(&q->r, q->t.fd, &c);

	return ret ? ret : tring_rx_fill(&q->r) < 0;
}

static int attached_open(struct cost_queue *q)
{
	struct aconf c = { { F_EVENT, 128, 128, 2048, 0 } };
	int ret = attach_rings(&q->r, q->t.fd, &c);

	return ret ? ret : tring_rx_fill(&q->r) < 0;
}

static int pinned_open(struct cost_queue *q)
{
	struct aconf c = { { F_EVENT, 128, 128, 2048, 0 }, true };
	int ret = attach_rings(&q->r, q->t.fd, &c);

	return ret ? ret : tring_rx_fill(&q->r) < 0;
}

static void ring_close(struct cost_queue *q)
{
	tring_teardown(q->t.fd);
	tring_unmap(&q->r);
}

static unsigned int ring_take(struct cost_queue *q)
{
	uint8_t buf[2048];
	unsigned int n = 0;

	while (tvq_pending(&q->r.rx) &&
	       tring_rx_take(&q->r, buf, sizeof(buf), NULL) > 0)
		n++;
	if (n)
		tring_rx_kick(&q->r);
	return n;
}

static int ring_put(struct cost_queue *q, unsigned int n)
{
	uint8_t buf[2048];
	size_t len = seq_pkt(buf, false, 0, COST_LEN);
	int ret = 0;

	tring_tx_reap(&q->r);
	/* A result above 0 is no error. */
	while (n-- && ret >= 0)
		ret = tring_tx_put(&q->r, buf, len, NULL);
	if (ret >= 0)
		ret = tring_tx_kick(&q->r);
	return ret < 0 ? ret : 0;
}

#define VR_NUM	128

static int vringfd_open(struct cost_queue *q)
{
	struct tv *t = &q->t;
	unsigned int i;
	int ret = vr_open(&t->rx, VR_NUM, 2048);

	if (!ret)
		ret = vr_open(&t->tx, VR_NUM, 2048);
	if (!ret)
		ret = tv_set(t->fd, true, t->rx.fd);
	if (!ret)
		ret = tv_set(t->fd, false, t->tx.fd);
	for (i = 0; i < VR_NUM && !ret; i++)
		vr_give(&t->rx, i, 2048, W);
	return ret;
}

static void vringfd_close(struct cost_queue *q)
{
	vr_close(&q->t.rx);
	vr_close(&q->t.tx);
}

static unsigned int vringfd_take(struct cost_queue *q)
{
	struct vring_used_elem e;
	uint8_t buf[2048];
	unsigned int n;

	for (n = 0; vr_pending(&q->t.rx); n++) {
		e = vr_take(&q->t.rx);
		memcpy(buf, vr_buf(&q->t.rx, e.id), e.len);
		vr_give(&q->t.rx, e.id, 2048, W);
	}
	if (n)
		vr_kick_if(&q->t.rx);
	return n;
}

static void vringfd_wait(struct cost_queue *q)
{
	vr_poll(q->t.rx.fd, WAIT_MS);
}

static int vringfd_put(struct cost_queue *q, unsigned int n)
{
	struct vr *tx = &q->t.tx;
	uint8_t *buf;

	while (vr_pending(tx))
		vr_take(tx);
	while (n--) {
		buf = vr_buf(tx, tx->avail % VR_NUM);
		memset(buf, 0, q->t.hdr);
		vr_give(tx, tx->avail % VR_NUM, q->t.hdr +
			seq_pkt(buf + q->t.hdr, false, 0, COST_LEN), 0);
	}
	return vr_kick_if(tx);
}

const struct cost_mode cost_modes[] = {
	{ "read and write", no_open, no_close, plain_take, wait_tun, plain_put },
	{ "mapped rings", mapped_open, ring_close, ring_take, wait_tun, ring_put },
	{ "attached rings, pinned", pinned_open, ring_close, ring_take, wait_tun,
	  ring_put },
	{ "attached rings", attached_open, ring_close, ring_take, wait_tun,
	  ring_put },
	{ "vringfd", vringfd_open, vringfd_close, vringfd_take, vringfd_wait,
	  vringfd_put },
};

const unsigned int cost_nmodes = ARRAY_LEN(cost_modes);
