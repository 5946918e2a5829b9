// SPDX-License-Identifier: GPL-2.0
/* Counts calls that succeeded and calls that failed, by name. */
#include <linux/vhost.h>

#include "hammer.h"

#define C(cmd)	{ #cmd, cmd }

/* NEVER_...: the call need not succeed, or need not fail. */
enum never { BOTH, NEVER_OK, NEVER_FAILS };

static const struct {
	const char *name;
	unsigned long cmd;
	enum never never;
} calls[] = {
	C(TUNSETIFF), C(TUNGETIFF), C(TUNSETQUEUE), C(TUNSETPERSIST),
	C(TUNSETOFFLOAD), C(TUNSETSNDBUF), C(TUNGETSNDBUF), C(TUNSETVNETHDRSZ),
	C(TUNGETVNETHDRSZ), C(TUNSETVNETLE), { "TUNSETVNETBE", TUNSETVNETBE, NEVER_OK },
	C(TUNATTACHFILTER), C(TUNDETACHFILTER), C(TUNGETFILTER),
	C(TUNSETSTEERINGEBPF), C(TUNSETFILTEREBPF), C(TUNSETTXFILTER),
	C(TUNSETLINK), C(TUNSETCARRIER), C(TUNGETFEATURES), C(TUNGETDEVNETNS),
	C(SIOCGIFHWADDR), C(SIOCSIFHWADDR), C(TUNSETOWNER), C(TUNSETGROUP),
	C(TUNSETIFINDEX),
	C(TUNRINGQUERY), C(TUNRINGSETUP), C(TUNRINGTEARDOWN), C(TUNRINGENTER),
	C(TUNRINGSTATS), C(TUNRINGREGIONS), C(TUNRINGATTACH), C(TUNRINGGUEST),
	C(TUNSETRECVVRING), C(TUNSETXMITVRING),
	C(VRINGSETBASE), C(VRINGSETLIMIT), C(VRINGFDCREATE),
	C(VHOST_SET_OWNER), C(VHOST_RESET_OWNER), C(VHOST_GET_FEATURES),
	C(VHOST_SET_FEATURES), C(VHOST_GET_BACKEND_FEATURES),
	C(VHOST_SET_BACKEND_FEATURES), C(VHOST_SET_MEM_TABLE),
	C(VHOST_SET_LOG_BASE), C(VHOST_SET_LOG_FD), C(VHOST_SET_VRING_NUM),
	C(VHOST_SET_VRING_BASE), C(VHOST_GET_VRING_BASE),
	C(VHOST_SET_VRING_ADDR), C(VHOST_SET_VRING_KICK),
	C(VHOST_SET_VRING_CALL), C(VHOST_SET_VRING_ERR),
	C(VHOST_SET_VRING_ENDIAN), C(VHOST_GET_VRING_ENDIAN),
	C(VHOST_SET_VRING_BUSYLOOP_TIMEOUT),
	C(VHOST_GET_VRING_BUSYLOOP_TIMEOUT), C(VHOST_NET_SET_BACKEND),
	{ "any ioctl", 0, NEVER_OK },
	{ "open" }, { "close" }, { "dup" }, { "mmap" }, { "munmap" }, { "read" },
	{ "readv" }, { "write" }, { "writev" }, { "poll" }, { "fcntl" },
	{ "kick" }, { "vringfd write" }, { "vringfd poll" }, { "packet" },
	/* seldom: these need not fail in each run */
	{ "fdinfo", 0, NEVER_FAILS }, { "threaded", 0, NEVER_FAILS },
	{ "device up", 0, NEVER_FAILS }, { "device down", 0, NEVER_FAILS },
	{ "device deleted", 0, NEVER_FAILS }, { "device moved", 0, NEVER_FAILS },
	{ "queue length", 0, NEVER_FAILS }, { "xdp", 0, NEVER_FAILS },
	{ "namespace ended", 0, NEVER_FAILS },
};

_Static_assert(ARRAY_LEN(calls) <= H_ROWS, "rows");

static int count(unsigned int row, long ret)
{
	struct h_row *r = &h_shared->rows[row];

	__atomic_add_fetch(ret < 0 ? &r->failed : &r->ok, 1, __ATOMIC_RELAXED);
	return ret;
}

int h_note(const char *name, long ret)
{
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(calls); i++)
		if (!strcmp(calls[i].name, name))
			return count(i, ret);
	fprintf(stderr, "# no row is named %s\n", name);
	abort();
}

int h_ioctl(int fd, unsigned long cmd, unsigned long arg)
{
	int ret = tunfd_ioctl(fd, cmd, arg);
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(calls); i++)
		if (calls[i].cmd == cmd)
			return count(i, ret);
	return h_note("any ioctl", ret);
}

/* An ioctl whose argument is sometimes spoilt, and sometimes no address. */
int h_call(int fd, unsigned long cmd, void *arg, size_t len)
{
	if (h_one_in(16))
		return h_ioctl(fd, cmd, h_odd());
	if (h_one_in(8))
		h_spoil(arg, len);
	return h_ioctl(fd, cmd, (unsigned long)arg);
}

static int lacks(unsigned int row, const char *what, uint32_t have,
		 enum never never, bool print)
{
	if (have || calls[row].never == never)
		return 0;
	if (print)
		printf("# %s never %s\n", calls[row].name, what);
	return 1;
}

/* Returns how many calls never succeeded, and how many never failed. */
int h_missing(bool print)
{
	unsigned int i;
	int missing = 0;

	for (i = 0; i < ARRAY_LEN(calls); i++) {
		const struct h_row *r = &h_shared->rows[i];

		missing += lacks(i, "succeeded", r->ok, NEVER_OK, print) +
			   lacks(i, "failed", r->failed, NEVER_FAILS, print);
	}
	return missing;
}

void h_table(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(calls); i++)
		printf("# %-34s %8u succeeded %8u failed\n", calls[i].name,
		       h_shared->rows[i].ok, h_shared->rows[i].failed);
}
