// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Open the device that the user named. */
#include "cli.h"

#include <errno.h>
#include <inttypes.h>
#include <net/if.h>
#include <linux/if_tun.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int set_up(const struct tunring *h)
{
	struct tunring_info info;
	struct ifreq ifr;
	int ret = 0, s;

	tunring_get_info(h, &info);
	s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (s < 0)
		return -errno;
	memset(&ifr, 0, sizeof(ifr));
	memcpy(ifr.ifr_name, info.name, sizeof(ifr.ifr_name));
	if (ioctl(s, SIOCGIFFLAGS, &ifr) < 0)
		ret = -errno;
	ifr.ifr_flags |= IFF_UP;
	if (!ret && ioctl(s, SIOCSIFFLAGS, &ifr) < 0)
		ret = -errno;
	close(s);
	return ret;
}

/*
 * A device that exists has a kind already, which TUNSETIFF has to be told
 * (EINVAL for any other).
 */
static int open_name(struct tunring **h, const char *name,
		     const struct cli_opts *o)
{
	static const unsigned int kinds[] = {
		IFF_TUN, IFF_TAP,
		IFF_TUN | IFF_MULTI_QUEUE, IFF_TAP | IFF_MULTI_QUEUE,
	};
	unsigned int extra = o->offload ? IFF_VNET_HDR : 0;
	int ret = -EINVAL;
	size_t i;

	if (!if_nametoindex(name))
		return tunring_open_pool(h, name,
					 (o->iff ? o->iff : IFF_TUN) | extra,
					 &o->ring, o->in);
	for (i = 0; i < 4 && ret == -EINVAL; i++)
		if (!o->iff || (kinds[i] & o->iff))
			ret = tunring_open_pool(h, name, kinds[i] | extra,
						&o->ring, o->in);
	return ret;
}

/* Names that the kernel would refuse, or that are options misplaced. */
int cli_name_check(const char *command, const char *name)
{
	const char *why = NULL;

	if (!name[0])
		why = "is empty";
	else if (name[0] == '-')
		why = "begins with a dash";
	else if (strlen(name) >= IFNAMSIZ)
		why = "is longer than 15 characters";
	else if (strpbrk(name, "/: \t\n\v\f\r"))
		why = "has a slash, a colon or white space in it";
	else if (!strcmp(name, ".") || !strcmp(name, ".."))
		why = "is none that a device can have";
	if (!why)
		return CLI_OK;
	cli_error("%s: the device name '%s' %s", command, name, why);
	return CLI_USAGE;
}

int cli_open(struct tunring **h, const char *name, struct cli_opts *o)
{
	int ret = cli_pool_new(o);

	if (ret)
		return cli_fail(ret, "--pool");
	if (o->fd >= 0)
		ret = tunring_adopt_pool(h, o->fd, 0, &o->ring, o->in);
	else
		ret = open_name(h, name, o);
	if (ret)
		return cli_explain_open(o, name, ret);
	if (o->offload && ioctl(tunring_fd(*h), TUNSETOFFLOAD,
				TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6) < 0)
		ret = cli_fail(-errno, "--offload");
	if (!ret && o->up) {
		ret = set_up(*h);
		if (ret)
			ret = cli_fail(ret, "--up");
	}
	if (ret)
		cli_close(*h, o);
	else
		cli_run_report(*h);
	return ret;
}

bool cli_is_up(const struct tunring *h)
{
	struct tunring_info info;
	struct ifreq ifr;
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool up = true;

	tunring_get_info(h, &info);
	memset(&ifr, 0, sizeof(ifr));
	memcpy(ifr.ifr_name, info.name, sizeof(ifr.ifr_name));
	/* one that moved to another network namespace is not seen: no complaint */
	if (s >= 0 && !ioctl(s, SIOCGIFFLAGS, &ifr))
		up = ifr.ifr_flags & IFF_UP;
	if (s >= 0)
		close(s);
	return up;
}

bool cli_is_tap(const struct tunring *h)
{
	struct tunring_info info;

	tunring_get_info(h, &info);
	return info.iff & IFF_TAP;
}

static const char *mode_name(const struct tunring_info *i)
{
	if (i->mode != TUNRING_MODE_RING)
		return "read and write";
	if (!(i->flags & TUNRING_O_ATTACH))
		return "rings";
	return i->flags & TUNRING_O_PIN ? "rings (pinned)" : "rings (attached)";
}

void cli_say_mode(const struct cli_opts *o, const struct tunring *h)
{
	struct tunring_info i;

	if (o->quiet)
		return;
	tunring_get_info(h, &i);
	fprintf(stderr, "%s: %s, %s, %u rx and %u tx buffers of %u bytes",
		i.name, i.iff & IFF_TAP ? "tap" : "tun",
		mode_name(&i), i.rx_entries, i.tx_entries, i.buf_size);
	cli_say_pool(o);
	fputc('\n', stderr);
	if (!cli_is_up(h))
		fprintf(stderr, "%s is down: no packets before it is up (--up)\n",
			i.name);
}

void cli_say_stats(struct tunring *h)
{
	struct tunring_info i;
	struct tunring_stats s;

	if (tunring_get_stats(h, &s))
		return;
	tunring_get_info(h, &i);
	fprintf(stderr, "%s: rx %" PRIu64 " packets, tx %" PRIu64
		" packets, dropped %" PRIu64 ", errors %" PRIu64
		", %" PRIu64 " system calls\n",
		i.name, s.rx.packets, s.tx.packets,
		s.rx.dropped + s.rx.too_big + s.tx.dropped, s.tx.errors,
		s.syscalls);
}
