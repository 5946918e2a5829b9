// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "cli.h"
#include "report/queues.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/machine.h"
#include "report/names.h"

enum { TEXT, JSON, PROMETHEUS };

static bool need_ring;
static int format;

static const struct cli_option own[] = {
	{ 'n', "need-ring", NULL, "status 3 if the kernel has no rings", NULL },
	{ 'j', "json", NULL, "print JSON", NULL },
	{ 'p', "prometheus", NULL, "print counters for Prometheus", NULL },
	{ 0, NULL, NULL, NULL, NULL },
};

static int set_own(int key, const char *arg)
{
	(void)arg;
	if (key == 'n')
		need_ring = true;
	else
		format = key == 'j' ? JSON : PROMETHEUS;
	return 0;
}

static void print_features(uint64_t bits)
{
	putchar(' ');
	bits = name_print(name_features, bits, "", " ");
	if (bits)
		printf(" 0x%" PRIx64, bits);
	putchar('\n');
}

/* Rings of the kernel; the query needs no device. */
static int ask_kernel(struct facts *f)
{
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC), ret;

	if (fd < 0)
		return -errno;
	ret = tunring_query(fd, &f->caps);
	close(fd);
	f->rings = !ret;
	return ret == -ENOTTY ? 0 : ret;
}

static void print_kernel(const struct facts *f)
{
	if (!f->rings) {
		puts("kernel: no rings (packets go by read and write)");
		return;
	}
	printf("kernel: rings%s\n  features:", cli_rings_refused() ?
	       ", refused to unprivileged users" : "");
	print_features(f->caps.features);
	printf("  at most: %u entries, %u buffers in a packet, %" PRIu64
	       " MiB of buffers\n", f->caps.max_entries, f->caps.max_chain,
	       f->caps.max_pool >> 20);
}

static bool read_sysfs(const char *dev, const char *name, unsigned int *value)
{
	char path[128];
	bool good;
	FILE *f;

	snprintf(path, sizeof(path), "/sys/class/net/%s/%s", dev, name);
	f = fopen(path, "re");
	if (!f)
		return false;
	good = fscanf(f, "%i", (int *)value) == 1;
	fclose(f);
	return good;
}

static int ask_device(struct facts *f)
{
	if (!if_nametoindex(f->dev)) {
		cli_error("info: there is no device %s", f->dev);
		return CLI_FAILED;
	}
	if (!read_sysfs(f->dev, "tun_flags", &f->flags)) {
		cli_error("info: %s is no tun or tap device (or /sys shows "
			  "another network namespace)", f->dev);
		return CLI_FAILED;
	}
	return CLI_OK;
}

static void print_ring(const char *name, const struct queue_ring *r)
{
	const struct tunring_counters *c = &r->count;

	printf("  %s: %u entries, %" PRIu64 " packets, %" PRIu64 " bytes, %"
	       PRIu64 " kicks, %" PRIu64 " wake-ups\n", name, r->entries,
	       c->packets, c->bytes, c->kicks, c->wakeups);
	if (c->full || c->dropped || c->too_big || c->errors)
		printf("      full %" PRIu64 ", dropped %" PRIu64 ", too big %"
		       PRIu64 ", errors %" PRIu64 "\n", c->full, c->dropped,
		       c->too_big, c->errors);
}

static void print_queue(const struct queue *q)
{
	printf("queue: %s, %s[%d] fd %d, ",
	       q->iff[0] ? q->iff : "no device", q->comm, q->pid, q->fd);
	if (!q->mode[0]) {
		puts("read and write");
		return;
	}
	printf("rings (%s)\n", q->mode);
	if (!queue_counts(q)) {
		puts("  no counters of its own: see ip -s link, ethtool -S");
		return;
	}
	printf("  features:");
	print_features(q->features);
	print_ring("rx", &q->rx);
	print_ring("tx", &q->tx);
	if (q->broken)
		printf("  STOPPED: %s\n", strerror((int)q->broken));
}

static void print_text(const struct facts *f)
{
	unsigned int i;

	print_kernel(f);
	if (f->dev) {
		printf("device: %s\n  flags: ", f->dev);
		name_print(name_flags, f->flags, "", " ");
		putchar('\n');
	}
	for (i = 0; i < f->n; i++)
		print_queue(&f->queues[i]);
}

static void print(const struct facts *f)
{
	switch (format) {
	case JSON:
		machine_json(f);
		break;
	case PROMETHEUS:
		machine_prometheus(f);
		break;
	default:
		print_text(f);
	}
}

static const struct cli_syntax syntax = {
	.own	= own,
	.set_own = set_own,
	.args	= "[DEVICE]",
	.help	= "Prints features of the kernel, flags of DEVICE, and the "
		  "state of its queues\n(or of all). Queues of other users' "
		  "processes are shown to root only.",
};

int cmd_info(int argc, char **argv)
{
	struct facts f = { .rings = false };
	int first, ret;

	first = cli_parse(argc, argv, NULL, &syntax);
	if (first < 0)
		return -1 - first;
	if (argc - first > 1) {
		cli_error("info: takes one device at most, got %d", argc - first);
		return CLI_USAGE;
	}
	f.dev = argv[first];
	if (f.dev && cli_name_check("info", f.dev))
		return CLI_USAGE;
	ret = ask_kernel(&f);
	if (ret)
		return cli_fail(ret, "/dev/net/tun");
	ret = f.dev ? ask_device(&f) : CLI_OK;
	if (ret)
		return ret;
	ret = queues_all(f.dev, &f.queues);
	if (ret < 0)
		return cli_fail(ret, "/proc");
	f.n = (unsigned int)ret;
	print(&f);
	free(f.queues);
	if (fflush(stdout) || ferror(stdout)) {
		cli_error("info: writing failed");
		return CLI_FAILED;
	}
	return need_ring && !f.rings ? CLI_NO_RINGS : CLI_OK;
}
