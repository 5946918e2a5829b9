// SPDX-License-Identifier: GPL-2.0
/* One device, its queue and a packet socket on the device. */
#include "env.h"

int env_open(struct env *e, const char *name, int flags)
{
	int ret;

	memset(e, 0, sizeof(*e));
	e->fd = -1;
	e->sk = -1;
	snprintf(e->name, sizeof(e->name), "%s", name);
	e->tap = flags & IFF_TAP;
	ret = ns_enter();
	if (ret)
		return ret;
	e->fd = tunfd_create_up(name, flags);
	if (e->fd < 0)
		return e->fd;
	if (flags & IFF_MULTI_QUEUE)
		ret = qdisc_plain_mq(name, 1, 1000);
	else
		ret = qdisc_plain(name, 1000);
	if (ret)
		return ret;
	e->sk = psock_open(name, false);
	return e->sk < 0 ? e->sk : 0;
}

void env_close(struct env *e)
{
	if (e->sk >= 0)
		close(e->sk);
	if (e->fd >= 0)
		close(e->fd);
	e->sk = -1;
	e->fd = -1;
}

/*
 * Clears the error that the packet socket reports once after the device went
 * down. A NAPI poll that began while the device was up ends before this function
 * returns.
 */
int env_down(struct env *e)
{
	socklen_t len = sizeof(int);
	int ret = if_down(e->name), err;

	getsockopt(e->sk, SOL_SOCKET, SO_ERROR, &err, &len);
	return ret ?: thread_wait_softirqs();
}

int env_up(struct env *e)
{
	return if_up(e->name);
}

/* Sends one numbered packet from the stack through the device. */
int env_inject(const struct env *e, uint32_t seq, size_t len)
{
	uint8_t buf[2048];

	if (len > sizeof(buf))
		return -EMSGSIZE;
	return psock_send(e->sk, NULL, buf, seq_pkt(buf, e->tap, seq, len));
}

int env_inject_n(const struct env *e, uint32_t from, unsigned int n,
		 size_t len)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < n && !ret; i++)
		ret = env_inject(e, from + i, len);
	return ret;
}

/* Makes n numbered packets available in the tx ring, without a kick. */
int env_put(const struct env *e, struct tring *r, uint32_t from, unsigned int n,
	    size_t len)
{
	uint8_t pkt[2048];
	unsigned int i;
	int ret = 0;

	if (len > sizeof(pkt))
		return -EMSGSIZE;
	for (i = 0; i < n && ret >= 0; i++)
		ret = tring_tx_put(r, pkt, seq_pkt(pkt, e->tap, from + i, len),
				   NULL);
	tvq_publish(&r->tx);
	return ret < 0 ? ret : 0;
}

/* Reads all packets that have arrived at the queue and at the packet socket. */
void env_drain(struct env *e)
{
	uint8_t buf[4096];

	fd_drain(e->fd);
	while (psock_recv_now(e->sk, NULL, buf, sizeof(buf)) >= 0)
		;
}

/* Receives one packet. Returns its length or a negative errno. */
typedef ssize_t (*env_take)(struct env *e, struct tring *r, void *buf,
			    size_t size);

static ssize_t take_ring(struct env *e, struct tring *r, void *buf, size_t size)
{
	return tring_recv(r, buf, size, NULL);
}

static ssize_t take_plain(struct env *e, struct tring *r, void *buf,
			  size_t size)
{
	return fd_read_wait(e->fd, buf, size);
}

static ssize_t take_stack(struct env *e, struct tring *r, void *buf,
			  size_t size)
{
	return psock_recv(e->sk, NULL, buf, size);
}

/* Receives n packets with consecutive numbers. */
static int expect(struct env *e, struct tring *r, uint32_t from,
		  unsigned int n, env_take take, const char *where)
{
	uint8_t buf[4096];
	unsigned int i;
	ssize_t len;
	int64_t seq;

	for (i = 0; i < n; i++) {
		len = take(e, r, buf, sizeof(buf));
		if (len < 0)
			return len;
		seq = seq_of(buf, len, e->tap);
		if (seq != from + i) {
			fprintf(stderr, "# %s: received packet %lld, expected %u\n",
				where, (long long)seq, from + i);
			return -EBADMSG;
		}
	}
	return 0;
}

/* Receives n packets with consecutive numbers from the ring. */
int env_expect(struct env *e, struct tring *r, uint32_t from, unsigned int n)
{
	return expect(e, r, from, n, take_ring, "ring");
}

/*
 * Takes all used entries, without a kick: packets with consecutive numbers.
 * Returns the number of packets.
 */
int env_expect_used(struct env *e, struct tring *r, uint32_t from)
{
	uint8_t buf[4096];
	ssize_t len;
	int n;

	for (n = 0; tvq_pending(&r->rx); n++) {
		len = tring_rx_take(r, buf, sizeof(buf), NULL);
		if (len < 0)
			return len;
		if (seq_of(buf, len, e->tap) != from + n)
			return -EBADMSG;
	}
	return n;
}

/* Receives n packets with consecutive numbers by read(). */
int env_expect_plain(struct env *e, uint32_t from, unsigned int n)
{
	return expect(e, NULL, from, n, take_plain, "read");
}

/* Receives n packets with consecutive numbers that the device gave the stack. */
int env_seen(struct env *e, uint32_t from, unsigned int n)
{
	return expect(e, NULL, from, n, take_stack, "stack");
}

/*
 * Under the traffic of a flood: receives packets from the ring, tears the rings
 * down, and receives the packets that are left in the ring and then packets by
 * read(). *next is the number of the first packet, and of the packet after the
 * last.
 */
int env_through_teardown(struct env *e, struct tring *r, struct flood *f,
			 uint32_t *next)
{
	int n = env_expect(e, r, *next, 100);

	if (n)
		return n;
	*next += 100;
	flood_done(f, *next);
	n = tring_teardown(e->fd) ?: env_expect_used(e, r, *next);
	if (n < 0)
		return n;
	*next += n;
	flood_done(f, *next);
	n = env_expect_plain(e, *next, 50);
	*next += 50;
	flood_done(f, *next);
	return n;
}

/* Do all counters say that the user received n packets, and that none is lost? */
int env_none_lost(const struct env *e, uint32_t n)
{
	struct rtnl_link_stats64 dev;
	struct tun_ring_stats st;
	int ret = tring_stats(e->fd, &st) ?: rtnl_stats(e->name, &dev);

	if (ret)
		return ret;
	if (st.rx.packets != n || dev.tx_packets != n)
		return -EBADMSG;
	return st.rx.dropped + st.rx.too_big + dev.tx_dropped + dev.tx_errors ?
	       -EBADE : 0;
}

/*
 * Sets up rings on a device with the headers of *m. Afterwards *m describes the
 * headers in front of a packet in the ring.
 */
int env_rings(struct env *e, struct tring *r, struct mode *m,
	      const struct tconf *c)
{
	int ret = 0;

	if (m->hdr)
		ret = tunfd_int(e->fd, TUNSETVNETHDRSZ, m->hdr);
	if (!ret && m->le)
		ret = tunfd_int(e->fd, TUNSETVNETLE, 1);
	if (!ret)
		ret = tring_setup(r, e->fd, c);
	if (!ret && r->mrg >= 0 && !(m->flags & IFF_NO_PI))
		r->mrg += sizeof(struct tun_pi);
	if (c->features & F_META)
		*m = (struct mode) { TUN_PLAIN, 0, 0 };
	return ret;
}
