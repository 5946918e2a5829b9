// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Why a device could not be opened: one sentence that names it. */
#include "cli.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "report/queues.h"

struct holder {
	const char	*name;
	struct queue	q;	/* pid 0: nobody found */
};

/* Of a device: "tun", "tap", or NULL if it is neither. */
static const char *kind_of(const char *name)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	struct ifreq ifr = { .ifr_data = (void *)&info };
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), ret;

	if (s < 0)
		return NULL;
	memcpy(ifr.ifr_name, name, strlen(name));
	ret = ioctl(s, SIOCETHTOOL, &ifr);
	close(s);
	if (ret < 0 || strcmp(info.driver, "tun"))
		return NULL;
	return strcmp(info.bus_info, "tap") ? "tun" : "tap";
}

static void note_holder(const struct queue *q, void *arg)
{
	struct holder *h = arg;

	if (!h->q.pid && !strcmp(q->iff, h->name))
		h->q = *q;
}

static int busy(const char *name)
{
	struct holder h = { .name = name };

	queues_each(note_holder, &h);
	if (h.q.pid)
		cli_error("%s is in use by %s[%d]", name, h.q.comm, h.q.pid);
	else
		cli_error("%s is in use by another process", name);
	return CLI_FAILED;
}

/* A device that exists refused all that it was opened as. */
static int wrong_kind(const struct cli_opts *o, const char *name)
{
	const char *kind = kind_of(name);

	if (!kind)
		cli_error("%s is no tun or tap device", name);
	else if (o->iff && (o->iff == IFF_TAP) != !strcmp(kind, "tap"))
		cli_error("%s is a %s, not a %s", name, kind,
			  o->iff == IFF_TAP ? "tap" : "tun");
	else
		cli_error("%s is a %s that does not take these options", name,
			  kind);
	return CLI_FAILED;
}

/* Does the module refuse rings to users without CAP_NET_ADMIN? */
bool cli_rings_refused(void)
{
	FILE *f = fopen("/sys/module/tun/parameters/unprivileged_rings", "re");
	int answer;

	if (!f)
		return false;
	answer = fgetc(f);
	fclose(f);
	return answer == 'N';
}

/* Prints the sentence. Returns the exit code. */
int cli_explain_open(const struct cli_opts *o, const char *name, int err)
{
	char fd[32];

	if (o->fd >= 0) {
		snprintf(fd, sizeof(fd), "--fd %d", o->fd);
		return cli_fail(err, fd);
	}
	if (err == -EBUSY)
		return busy(name);
	if (err == -EINVAL && if_nametoindex(name))
		return wrong_kind(o, name);
	if (err == -EACCES) {
		cli_error("%s: this user may not open /dev/net/tun", name);
		return CLI_FAILED;
	}
	if (err == -EPERM && if_nametoindex(name) && cli_rings_refused() &&
	    o->ring.flags & TUNRING_O_NEED_RING) {
		cli_error("%s: rings are refused to unprivileged users (option "
			  "unprivileged_rings of the module tun)", name);
		return CLI_NO_RINGS;
	}
	if (err == -EPERM && !if_nametoindex(name)) {
		cli_error("%s: to create a device takes CAP_NET_ADMIN", name);
		return CLI_FAILED;
	}
	return cli_fail(err, name);
}
