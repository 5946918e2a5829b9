// SPDX-License-Identifier: GPL-2.0
/* read() and its relatives: lengths, buffers, headers. */
#include <net/if.h>
#include <sys/syscall.h>

#include "probe.h"

ssize_t __read_chk(int fd, void *buf, size_t len, size_t room);

static void reads_blocking(struct probe *p)
{
	int i;

	for (i = 0; i < 5; i++) {
		probe_send(p, 3, 10 + 300 * i);
		probe_read(p, 2000);
		probe_read(p, 2000);
		probe_read(p, 2000);
	}
	probe_write(p, 3);
}

static void reads_vnet(struct probe *p)
{
	int i;

	probe_send(p, 3, 100);
	for (i = 0; i < 3; i++)
		probe_read(p, 2000);
}

/* The reader sleeps in read() when the packet comes. */
static void reads_sleeping(struct probe *p)
{
	pid_t pid;
	int i;

	for (i = 0; i < 3; i++) {
		pid = fork();
		if (!pid) {
			probe_read(p, 2000);
			_exit(0);
		}
		probe_wait_asleep(pid);
		probe_send(p, 1, 100);
		if (waitpid(pid, NULL, 0) != pid)
			probe_die("waitpid");
	}
}

static void reads_vector(struct probe *p)
{
	struct iovec many[1025] = { { NULL, 0 } }, wrong = { NULL, -1 };
	char a[7], b[300], c[2000];
	struct iovec iov[4] = { { a, 7 }, { NULL, 0 }, { b, 300 }, { c, 2000 } };
	int i;

	for (i = 0; i < 4; i++) {
		memset(a, 0, sizeof(a));
		memset(b, 0, sizeof(b));
		memset(c, 0, sizeof(c));
		probe_send(p, 1, 1 + 400 * i);
		probe_say("readv", readv(p->fd, iov, 4), NULL);
		probe_say("first", sizeof(a), a);
		probe_say("second", sizeof(b), b);
		probe_say("third", sizeof(c), c);
	}
	probe_say("too many", readv(p->fd, many, ARRAY_LEN(many)), NULL);
	probe_say("wrong", readv(p->fd, &wrong, 1), NULL);
}

static void reads_checked(struct probe *p)
{
	char buf[2000];

	probe_send(p, 2, 700);
	probe_say("__read_chk", __read_chk(p->fd, buf, 1500, sizeof(buf)), buf);
	probe_say("SYS_read", syscall(SYS_read, p->fd, buf, 1500), buf);
}

static void reads_short(struct probe *p)
{
	const size_t rooms[] = { 0, 1, 3, 4, 5, 13, 14, 20, 64, 105, 2000 };
	size_t i;

	fd_nonblock(p->fd);
	probe_send(p, 1, 77);
	probe_read(p, 2000);
	probe_send(p, ARRAY_LEN(rooms), 77);
	for (i = 0; i < ARRAY_LEN(rooms); i++)
		probe_read(p, rooms[i]);
	probe_read(p, 2000);
	probe_read(p, 2000);
	probe_read(p, 0);
}

/* Packets that no single buffer holds. */
static void reads_big(struct probe *p)
{
	const int sizes[] = { 1, 1400, 2000, 2048, 4500, 8900 };
	size_t i;

	fd_nonblock(p->fd);
	if (if_mtu(NAME, 9000))
		probe_die("MTU");
	for (i = 0; i < 40 * ARRAY_LEN(sizes); i++) {
		probe_send(p, 2, sizes[i % ARRAY_LEN(sizes)]);
		probe_read(p, i % 7 ? 10000 : 3000);
		probe_read(p, 10000);
	}
	probe_read(p, 10000);
}

/* A VLAN tag that the stack keeps beside the packet. */
static void reads_vlan(struct probe *p)
{
	int sk, i;

	if (cmd_run("ip link add link " NAME " name v7 type vlan id 7") ||
	    if_up("v7"))
		probe_die("vlan");
	sk = p->sk;
	p->sk = psock_open("v7", false);
	fd_nonblock(p->fd);
	probe_send(p, 6, 200);
	for (i = 0; i < 3; i++)
		probe_read(p, 2000);
	probe_read(p, 10);
	probe_read(p, 14);
	probe_read(p, 20);
	probe_read(p, 2000);
	close(p->sk);
	p->sk = sk;
}

/* More packets than buffers: the rest waits. */
static void reads_many(struct probe *p)
{
	int i;

	fd_nonblock(p->fd);
	probe_send(p, 1, 100);
	probe_read(p, 2000);
	for (i = 0; i < 3; i++) {
		probe_send(p, 480, 100);
		while (fd_wait(p->fd, POLLIN, 0) == POLLIN)
			probe_read(p, 2000);
		probe_read(p, 2000);
	}
}

const struct probe_case probe_reads[] = {
	{ "blocking", reads_blocking, TUN },
	{ "blocking-tap", reads_blocking, TAP },
	{ "sleeping", reads_sleeping, TUN },
	{ "readv", reads_vector, TUN },
	{ "read_chk", reads_checked, TUN },
	{ "short", reads_short, TUN },
	{ "short-pi", reads_short, IFF_TUN },
	{ "pi", reads_blocking, IFF_TUN },
	{ "big", reads_big, TUN },
	{ "big-pi", reads_big, IFF_TAP },
	{ "vlan", reads_vlan, TAP },
	{ "vlan-pi", reads_vlan, IFF_TAP },
	{ "many", reads_many, TUN },
	{ "vnet-aside", reads_vnet, TUN | IFF_VNET_HDR },
	{ NULL, NULL, 0 },
};
