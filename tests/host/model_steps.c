// SPDX-License-Identifier: GPL-2.0
#include "model.h"

#define AGREE(condition) do {						\
	if (!(condition))						\
		return #condition;					\
} while (0)

static u32 num(const struct model *m)
{
	return m->rig->drv.num;
}

static bool event_idx(const struct model *m)
{
	return m->rig->drv.event_idx;
}

/* Return: one of the counts @from to @to - 1 is equal to @event modulo 65536. */
static bool passes(u64 event, u64 from, u64 to)
{
	for (; from < to; from++)
		if ((u16)from == (u16)event)
			return true;
	return false;
}

static void random_buf(struct model *m, struct virtq_buf *buf)
{
	u32 pool = m->rig->pool_len;

	buf->device_writes = m->device_writes;
	buf->addr = prng_below(&m->rnd, pool + 1);
	buf->len = prng_below(&m->rnd, pool - buf->addr + 1);
	if (prng_one_in(&m->rnd, 8))
		buf->len = pool - buf->addr;
	if (prng_one_in(&m->rnd, 8))
		buf->len = 0;
}

static const char *add(struct model *m)
{
	struct model_chain *c = &m->queue[m->added % num(m)];
	struct virtq *q = &m->rig->drv;
	struct virtq_table t, *table = NULL;
	u32 i;

	if (!q->nfree || m->added - m->taken >= num(m))
		return NULL;
	c->n = 1 + prng_below(&m->rnd, prng_one_in(&m->rnd, 4) ?
			      MODEL_MAX_BUFS : 3);
	c->cookie = prng_next(&m->rnd);
	for (i = 0; i < c->n; i++)
		random_buf(m, &c->buf[i]);
	if (m->rig->dev.vr.indirect && prng_one_in(&m->rnd, 2)) {
		t.addr = MODEL_TABLE * virtq_next_head(q) +
			 prng_below(&m->rnd, VIRTQ_DESC);
		t.mem = m->rig->pool + t.addr;
		t.from = prng_one_in(&m->rnd, 2) ? 0 :
			 prng_below(&m->rnd, c->n);
		table = &t;
	}
	c->head = virtq_add(q, c->buf, c->n, table, c->cookie);
	m->added += c->head >= 0;
	return NULL;
}

static const char *offer(struct model *m)
{
	virtq_offer(&m->rig->drv);
	m->offered = m->added;
	return NULL;
}

static const char *kick(struct model *m)
{
	bool want = event_idx(m) ? passes(m->want_avail, m->kicked, m->offered)
				 : !m->no_notify;

	AGREE(virtq_kick_needed(&m->rig->drv) == want);
	m->kicked = m->offered;
	return NULL;
}

static const char *pop(struct model *m)
{
	const struct model_chain *want = &m->queue[m->popped % num(m)];
	struct tun_vring_chain c;
	u32 i, len = 0;
	int n = device_pop(&m->rig->dev, m->device_writes, &c);

	if (m->popped == m->seen)
		m->seen = m->offered;
	AGREE(n == (m->popped < m->seen));
	if (!n)
		return NULL;
	AGREE(c.head == want->head);
	AGREE(c.nsegs == want->n);
	for (i = 0; i < want->n; len += want->buf[i++].len) {
		AGREE(c.seg[i].base == m->rig->pool + want->buf[i].addr);
		AGREE(c.seg[i].len == want->buf[i].len);
	}
	AGREE(c.len == len);
	m->hand[m->nhand++] = *want;
	m->popped++;
	return NULL;
}

static const char *push_at(struct model *m, u32 at)
{
	struct model_chain *c = &m->used[m->pushed % num(m)];

	*c = m->hand[at];
	m->hand[at] = m->hand[--m->nhand];
	c->used_len = prng_next(&m->rnd);
	AGREE(!device_push(&m->rig->dev, c->head, c->used_len));
	m->pushed++;
	return NULL;
}

/* The device may use chains in another order than the driver offered them. */
static const char *push(struct model *m)
{
	return m->nhand ? push_at(m, prng_below(&m->rnd, m->nhand)) : NULL;
}

/* The device undoes a packet of up to three chains before it has pushed the last one. */
static const char *undo(struct model *m)
{
	u64 popped = m->popped, pushed = m->pushed;
	u32 want = 1 + prng_below(&m->rnd, 3);
	u32 hand = m->nhand;
	const char *err;

	while (want--) {
		err = pop(m);
		if (err)
			return err;
		if (m->nhand > hand && want)
			push_at(m, m->nhand - 1);
	}
	device_rewind(&m->rig->dev, m->popped - popped, m->pushed - pushed);
	m->popped = popped;
	m->pushed = pushed;
	m->nhand = hand;
	AGREE(device_known(&m->rig->dev) == m->seen - m->popped);
	return NULL;
}

static const char *publish(struct model *m)
{
	bool want;

	AGREE(!device_publish(&m->rig->dev));
	m->published = m->pushed;
	AGREE(device_untaken(&m->rig->dev) ==
	      (u16)(m->published - m->want_used));
	if (prng_one_in(&m->rnd, 4))
		return NULL;
	want = m->signalled != m->pushed &&
	       (event_idx(m) ? passes(m->want_used, m->signalled, m->pushed)
			     : !m->no_interrupt);
	AGREE(device_should_notify(&m->rig->dev) == want);
	m->signalled = m->pushed;
	return NULL;
}

static const char *get(struct model *m)
{
	const struct model_chain *want = &m->used[m->taken % num(m)];
	u32 cookie, len;
	bool got = virtq_get(&m->rig->drv, &cookie, &len);

	AGREE(got == (m->taken < m->published));
	if (!got)
		return NULL;
	AGREE(cookie == want->cookie);
	AGREE(len == want->used_len);
	m->taken++;
	return NULL;
}

static const char *want_interrupt(struct model *m)
{
	AGREE(virtq_want_interrupt(&m->rig->drv) == (m->taken < m->published));
	if (event_idx(m))
		m->want_used = m->taken;
	m->no_interrupt = false;
	return NULL;
}

static const char *no_interrupt(struct model *m)
{
	virtq_no_interrupt(&m->rig->drv);
	m->no_interrupt = true;
	return NULL;
}

static const char *enable_kick(struct model *m)
{
	u64 before = m->seen;

	AGREE(device_enable_kick(&m->rig->dev) == (int)(m->offered - m->popped));
	m->want_avail = before;
	m->seen = m->offered;
	m->no_notify = false;
	return NULL;
}

static const char *disable_kick(struct model *m)
{
	AGREE(!device_disable_kick(&m->rig->dev));
	m->no_notify = true;
	return NULL;
}

static const char *refresh(struct model *m)
{
	AGREE(device_refresh(&m->rig->dev) == (int)(m->offered - m->popped));
	m->seen = m->offered;
	return NULL;
}

static const struct {
	const char *name;
	const char *(*step)(struct model *m);
	u32 weight;
} steps[] = {
	{ "add", add, 8 },
	{ "offer", offer, 3 },
	{ "kick", kick, 2 },
	{ "pop", pop, 8 },
	{ "push", push, 8 },
	{ "undo", undo, 1 },
	{ "publish", publish, 3 },
	{ "get", get, 8 },
	{ "want_interrupt", want_interrupt, 1 },
	{ "no_interrupt", no_interrupt, 1 },
	{ "enable_kick", enable_kick, 1 },
	{ "disable_kick", disable_kick, 1 },
	{ "refresh", refresh, 1 },
};

const char *model_step(struct model *m)
{
	u32 total = 0, pick, i;

	for (i = 0; i < ARRAY_SIZE(steps); i++)
		total += steps[i].weight;
	pick = prng_below(&m->rnd, total);
	for (i = 0; pick >= steps[i].weight; i++)
		pick -= steps[i].weight;
	m->what = steps[i].name;
	return steps[i].step(m);
}
