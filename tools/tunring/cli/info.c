// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "cli.h"
#include "queues.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/if_tun.h>
#include <linux/vhost.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool need_ring;

static const struct cli_option own[] = {
	{ 'n', "need-ring", NULL, "status 3 if the kernel has no rings", NULL },
	{ 0, NULL, NULL, NULL, NULL },
};

static const struct {
	uint64_t	bit;
	const char	*name;
} features[] = {
	{ TUNRING_F_META, "meta" },
	{ TUNRING_F_RX_TSTAMP, "rx-tstamp" },
	{ TUNRING_F_TX_MARK, "tx-mark" },
	{ TUNRING_F_RX_DROP, "rx-drop" },
	{ TUNRING_F_RX_FLOW, "rx-flow" },
	/* of guests */
	{ 1ULL << VIRTIO_NET_F_MRG_RXBUF, "mrg-rxbuf" },
	{ 1ULL << VIRTIO_F_NOTIFY_ON_EMPTY, "notify-on-empty" },
	{ 1ULL << VHOST_F_LOG_ALL, "log-all" },
	{ 1ULL << VHOST_NET_F_VIRTIO_NET_HDR, "net-hdr" },
	{ TUNRING_F_INDIRECT_DESC, "indirect-desc" },
	{ TUNRING_F_EVENT_IDX, "event-idx" },
	{ TUNRING_F_VERSION_1, "version-1" },
};

static const struct {
	unsigned int	bit;
	const char	*name;
} flags[] = {
	{ IFF_TUN, "tun" }, { IFF_TAP, "tap" }, { IFF_NO_PI, "no_pi" },
	{ IFF_VNET_HDR, "vnet_hdr" }, { IFF_MULTI_QUEUE, "multi_queue" },
	{ IFF_PERSIST, "persist" }, { IFF_NAPI, "napi" },
	{ IFF_NAPI_FRAGS, "napi_frags" },
};

static int set_own(int key, const char *arg)
{
	(void)key;
	(void)arg;
	need_ring = true;
	return 0;
}

static void print_features(uint64_t bits)
{
	size_t i;

	for (i = 0; i < sizeof(features) / sizeof(features[0]); i++) {
		if (bits & features[i].bit)
			printf(" %s", features[i].name);
		bits &= ~features[i].bit;
	}
	if (bits)
		printf(" 0x%" PRIx64, bits);
	putchar('\n');
}

/* Rings of the kernel; the query needs no device. */
static int print_kernel(bool *rings)
{
	struct tunring_caps caps;
	int fd, ret;

	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = tunring_query(fd, &caps);
	close(fd);
	*rings = !ret;
	if (ret == -ENOTTY) {
		puts("kernel: no rings (packets go by read and write)");
		return 0;
	}
	if (ret)
		return ret;
	printf("kernel: rings\n  features:");
	print_features(caps.features);
	printf("  at most: %u entries, %u buffers in a packet, %" PRIu64
	       " MiB of buffers\n", caps.max_entries, caps.max_chain,
	       caps.max_pool >> 20);
	return 0;
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

static int print_device(const char *dev)
{
	unsigned int iff = 0;
	size_t i;

	if (!if_nametoindex(dev)) {
		cli_error("info: there is no device %s", dev);
		return CLI_FAILED;
	}
	if (!read_sysfs(dev, "tun_flags", &iff)) {
		cli_error("info: %s is no tun or tap device (or /sys shows "
			  "another network namespace)", dev);
		return CLI_FAILED;
	}
	printf("device: %s\n  flags:", dev);
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (iff & flags[i].bit)
			printf(" %s", flags[i].name);
	putchar('\n');
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

static void print_queue(const struct queue *q, void *arg)
{
	const char *dev = arg;

	if (dev && strcmp(dev, q->iff))
		return;
	printf("queue: %s, %s[%d] fd %d, ",
	       q->iff[0] ? q->iff : "no device", q->comm, q->pid, q->fd);
	if (!q->mode[0]) {
		puts("read and write");
		return;
	}
	printf("rings (%s)\n", q->mode);
	printf("  features:");
	print_features(q->features);
	print_ring("rx", &q->rx);
	print_ring("tx", &q->tx);
	if (q->broken)
		printf("  STOPPED: %s\n", strerror((int)q->broken));
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
	const char *dev;
	bool rings = false;
	int first, ret;

	first = cli_parse(argc, argv, NULL, &syntax);
	if (first < 0)
		return -1 - first;
	if (argc - first > 1) {
		cli_error("info: takes one device at most, got %d", argc - first);
		return CLI_USAGE;
	}
	dev = argv[first];
	if (dev && cli_name_check("info", dev))
		return CLI_USAGE;
	ret = print_kernel(&rings);
	if (ret)
		return cli_fail(ret, "/dev/net/tun");
	if (dev) {
		ret = print_device(dev);
		if (ret)
			return ret;
	}
	ret = queues_each(print_queue, (void *)(uintptr_t)dev);
	if (ret < 0)
		return cli_fail(ret, "/proc");
	return need_ring && !rings ? CLI_NO_RINGS : CLI_OK;
}
