// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's packet generator puts each packet, newly made, into the stack where
 * a device would: no system call and no copy. pktgen makes one packet at a time, so
 * its figure is no lower bound for ways that take many packets at once.
 *
 * pktgen counts by itself, because its start takes longer than its packets. The
 * module is loaded only for this run: pktgen has a thread in each network namespace,
 * which looks for work now and then.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>
#include <linux/if_ether.h>

#include "../bench.h"

#define NAME	"bench0"
/* So many times more packets than asked for: its threads' waking averages out. */
#define MORE	16
#define PROC	"/proc/thread-self/net/pktgen/"

struct pktgen {
	int ns;
	uint8_t mac[ETH_ALEN];
};

static void tell(const char *file, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void tell(const char *file, const char *format, ...)
{
	char path[64], line[128];
	va_list ap;
	int fd, len;

	va_start(ap, format);
	len = vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	snprintf(path, sizeof(path), PROC "%s", file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, line, len) != len)
		die("%s: %s: %s", path, line, strerror(errno));
	close(fd);
}

static const char *set_up(struct instance *in)
{
	struct pktgen *p = calloc(1, sizeof(*p));

	if (!p)
		die("no memory");
	in->priv = p;
	if (system("modprobe -q pktgen"))
		return "this kernel has no pktgen";
	if (system("rmmod pktgen"))
		die("pktgen does not go");
	net_dummy(NAME, true);
	net_no_arp(NAME, p->mac);
	net_up(NAME);
	net_drop_ingress(NAME);
	p->ns = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (p->ns < 0)
		die("/proc/thread-self/ns/net: %s", strerror(errno));
	return NULL;
}

static void describe(const struct instance *in, unsigned int n)
{
	const struct pktgen *p = in->priv;
	const uint8_t *m = p->mac;

	tell("kpktgend_0", "add_device " NAME "\n");
	tell(NAME, "xmit_mode netif_receive\n");
	tell(NAME, "count %u\n", n);
	tell(NAME, "delay 0\n");
	tell(NAME, "pkt_size %u\n", ETH_HLEN + in->size);
	tell(NAME, "dst_mac %02x:%02x:%02x:%02x:%02x:%02x\n", m[0], m[1], m[2],
	     m[3], m[4], m[5]);
	tell(NAME, "dst_min " NET_LOCAL "\n");
	tell(NAME, "dst_max " NET_LOCAL "\n");
	tell(NAME, "src_min " NET_PEER "\n");
	tell(NAME, "src_max " NET_PEER "\n");
}

/* Microseconds, which are a thousand instructions each. */
static void result(struct instance *in, unsigned int n)
{
	unsigned long long us, packets;
	char buf[4096], *p;
	ssize_t len;
	int fd;

	fd = open(PROC NAME, O_RDONLY | O_CLOEXEC);
	len = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);
	if (len < 0)
		die("pktgen: %s", strerror(errno));
	close(fd);
	buf[len] = 0;
	p = strstr(buf, "Result: OK: ");
	if (!p || sscanf(p, "Result: OK: %*u(c%llu+d%*u) usec, %llu", &us,
			 &packets) != 2 || packets != n)
		die("pktgen says %s", p ?: buf);
	in->total = us * 1000 / MORE;
	in->own = in->total;
}

static void run(struct instance *in, unsigned int n)
{
	struct pktgen *p = in->priv;
	int here = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

	if (here < 0 || setns(p->ns, CLONE_NEWNET))
		die("setns: %s", strerror(errno));
	if (system("modprobe pktgen"))
		die("no pktgen");
	describe(in, MORE * n);
	tell("pgctrl", "start\n");
	result(in, MORE * n);
	if (system("rmmod pktgen"))
		die("pktgen does not go");
	if (setns(here, CLONE_NEWNET))
		die("setns: %s", strerror(errno));
	close(here);
}

static void tear_down(struct instance *in)
{
	struct pktgen *p = in->priv;

	close(p->ns);
	free(p);
}

const struct contestant pktgen_contestants[] = {
	{ "pktgen", TX, NULL, bursts_64, set_up, run, tear_down },
	{ }
};
