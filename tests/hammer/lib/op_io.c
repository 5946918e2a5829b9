// SPDX-License-Identifier: GPL-2.0
/* read, write, poll, open, close, dup. */
#include <sys/epoll.h>

#include "hammer.h"

#define PIECES	4

struct transfer {
	int fd;
	bool out;
	ssize_t ret;
};

/* A packet behind each header that the device may have, or something else. */
static size_t packet(uint8_t *p)
{
	static const size_t skip[] = { 0, 4, 10, 12, 14, 24 };
	size_t at = skip[h_below(ARRAY_LEN(skip))], len = 20 + h_below(1480);

	memset(p, 0, at + 20);
	if (at == 14 || at == 24)
		p[at - 2] = 8;
	p[at] = 0x45;
	if (h_one_in(8))
		h_spoil(p, at + 20);
	return at + len;
}

static void transfer(void *arg)
{
	static __thread uint8_t own[4096];
	struct transfer *t = arg;
	uint8_t *p = h_one_in(4) ? h_pool() + h_below(H_POOL - 4096) : own;
	size_t len = h_one_in(16) ? h_odd() % sizeof(own) : packet(p);

	if (h_one_in(32))
		p = (uint8_t *)h_odd();
	t->ret = t->out ? write(t->fd, p, len) : read(t->fd, p, sizeof(own));
}

static void transfer_pieces(void *arg)
{
	static __thread uint8_t own[PIECES][4096];
	struct transfer *t = arg;
	struct iovec v[PIECES];
	unsigned int i;

	for (i = 0; i < PIECES; i++) {
		v[i].iov_base = h_one_in(32) ? (void *)h_odd() : own[i];
		v[i].iov_len = i ? h_below(1500) : packet(own[i]);
	}
	t->ret = t->out ? writev(t->fd, v, h_below(PIECES + 1))
			: readv(t->fd, v, h_below(PIECES + 1));
}

static void run(const char *name, bool out, void (*fn)(void *))
{
	struct transfer t = { h_tun(), out };

	if (h_touch(fn, &t))
		h_note(name, t.ret);
}

static void read_one(void)
{
	run("read", false, transfer);
}

static void write_one(void)
{
	run("write", true, transfer);
}

static void read_pieces(void)
{
	run("readv", false, transfer_pieces);
}

static void write_pieces(void)
{
	run("writev", true, transfer_pieces);
}

/* Waits for one file by poll, or for all of them by epoll. */
static void wait_for(void)
{
	struct pollfd p = { h_one_in(8) ? H_NONE : h_tun(), POLLIN | POLLOUT };
	struct epoll_event e = { .events = EPOLLIN | EPOLLET };
	int ep, fd;

	if (!h_one_in(4)) {
		int n = poll(&p, 1, h_below(3));

		h_note("poll", n < 0 || p.revents & POLLNVAL ? -1 : 0);
		return;
	}
	ep = epoll_create1(EPOLL_CLOEXEC);
	for (fd = H_TUN; fd < H_TUN + H_TUNS; fd++)
		epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
	epoll_wait(ep, &e, 1, h_below(3));
	close(ep);
}

/* Puts a new file in the place of another one. */
static void reopen(void)
{
	unsigned int i = h_below(H_DEVS);
	int at = H_TUN + h_below(H_TUNS);
	int fd = h_note("open", open("/dev/net/tun", O_RDWR | O_CLOEXEC |
				     (h_one_in(8) ? 0 : O_NONBLOCK)));

	if (fd < 0)
		return;
	if (!h_one_in(4) && !h_setiff(fd, i, h_dev(i)))
		if_up(h_dev(i));
	h_note("dup", dup2(fd, at));
	close(fd);
}

static void end(void)
{
	if (h_one_in(2))
		h_note("close", close(h_one_in(4) ? H_NONE : H_TUN + h_below(H_TUNS)));
	else
		h_note("open", open("/dev/net/tun/x", O_RDWR));
}

/* A second number for a file; its number may be that of another file. */
static void duplicate(void)
{
	h_note("dup", dup2(h_one_in(4) ? H_NONE : H_TUN + h_below(H_TUNS),
			   H_TUN + h_below(H_TUNS)));
}

static void flags(void)
{
	int fd = h_one_in(8) ? H_NONE : h_tun(), fl = h_one_in(6) ? 0 : O_NONBLOCK;

	h_note("fcntl", fcntl(fd, F_SETFL, fl | (h_one_in(4) ? O_ASYNC : 0)));
}

static void fdinfo(void)
{
	char path[64], buf[1024];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", h_tun());
	h_note("fdinfo", file_get(path, buf, sizeof(buf)));
}

const struct h_op h_ops_io[] = {
	{ read_one, 30 }, { write_one, 30 }, { read_pieces, 12 },
	{ write_pieces, 12 }, { wait_for, 6 }, { reopen, 12 }, { end, 2 },
	{ duplicate, 3 }, { flags, 8 }, { fdinfo, 4 }, { },
};
