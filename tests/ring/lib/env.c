// SPDX-License-Identifier: GPL-2.0
/* One device, its queue and a packet socket that talks to it. */
#include "env.h"

int env_open(struct env *e, const char *name, int flags)
{
	int ret;

	memset(e, 0, sizeof(*e));
	e->fd = -1;
	e->sk = -1;
	snprintf(e->name, sizeof(e->name), "%s", name);
	e->tap = flags & IFF_TAP;
	ret = ns_fresh();
	if (ret)
		return ret;
	e->fd = tun_create_up(name, flags);
	if (e->fd < 0)
		return e->fd;
	if (!(flags & IFF_MULTI_QUEUE))
		ret = qdisc_plain(name, 1000);
	if (ret)
		return ret;
	e->sk = packet_open(name, false);
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

/* The packet socket reports once that the device went down; not to the test. */
int env_down(struct env *e)
{
	socklen_t len = sizeof(int);
	int ret = if_down(e->name), err;

	getsockopt(e->sk, SOL_SOCKET, SO_ERROR, &err, &len);
	return ret;
}

int env_up(struct env *e)
{
	return if_up(e->name);
}

/* Has the stack send one numbered packet through the device. */
int env_inject(const struct env *e, uint32_t seq, size_t len)
{
	uint8_t buf[2048];

	if (len > sizeof(buf))
		return -EMSGSIZE;
	return packet_send(e->sk, NULL, buf, seq_pkt(buf, e->tap, seq, len));
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

static int check_seq(int64_t got, uint32_t want, const char *where)
{
	if (got == want)
		return 0;
	fprintf(stderr, "# %s: packet %lld where %u was due\n", where,
		(long long)got, want);
	return -EBADMSG;
}

/* Takes n packets from the ring, numbered one after the other. */
int env_expect(struct env *e, struct tring *r, uint32_t from, unsigned int n)
{
	uint8_t buf[4096];
	unsigned int i;
	ssize_t len;
	int ret;

	for (i = 0; i < n; i++) {
		len = tr_recv(r, buf, sizeof(buf), NULL);
		if (len < 0)
			return len;
		ret = check_seq(seq_of(buf, len, e->tap), from + i, "ring");
		if (ret)
			return ret;
	}
	return 0;
}

/* The same by read(2). */
int env_expect_plain(struct env *e, uint32_t from, unsigned int n)
{
	uint8_t buf[4096];
	unsigned int i;
	ssize_t len;
	int ret;

	for (i = 0; i < n; i++) {
		len = fd_read_wait(e->fd, buf, sizeof(buf));
		if (len < 0)
			return len;
		ret = check_seq(seq_of(buf, len, e->tap), from + i, "read");
		if (ret)
			return ret;
	}
	return 0;
}

/* The device received n packets, numbered one after the other. */
int env_seen(struct env *e, uint32_t from, unsigned int n)
{
	uint8_t buf[4096];
	unsigned int i;
	ssize_t len;
	int ret;

	for (i = 0; i < n; i++) {
		len = packet_recv(e->sk, NULL, buf, sizeof(buf));
		if (len < 0)
			return len;
		ret = check_seq(seq_of(buf, len, e->tap), from + i, "stack");
		if (ret)
			return ret;
	}
	return 0;
}
