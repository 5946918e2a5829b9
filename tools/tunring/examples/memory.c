// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * Two programs on one queue, by rings in a file of memory that both map. Start:
 * memory DEVICE COUNT
 *
 * The second sends pings from 10.83.0.2 to 10.83.0.1, which ought to be an address
 * of the device; the first receives the replies. The second gets two descriptors,
 * and finds the layout of the rings in the first page of the file.
 */
#define _GNU_SOURCE
#include <linux/if_tun.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <tunring.h>
#include <unistd.h>

static const uint8_t ping[] = {
	0x45, 0x00, 0x00, 0x1c, 0x00, 0x00,	/* IPv4, 28 bytes */
	0x00, 0x00, 0x40, 0x01, 0x66, 0x39,	/* to live 64, ICMP, checksum */
	10, 83, 0, 2, 10, 83, 0, 1,
	0x08, 0x00, 0xf7, 0xff, 0x00, 0x00, 0x00, 0x00,	/* echo request */
};

/* The second program. Input is the tun, output the memory. */
static int sender(int left)
{
	struct pollfd tun = { .fd = 0, .events = POLLOUT };
	struct tunring_layout layout;
	struct tunring_packet pkt;
	struct tunring *h;
	int ret;

	if (pread(1, &layout, sizeof(layout), 0) != sizeof(layout))
		return 1;
	ret = tunring_import_memory(&h, 0, 1, 0, &layout);
	while (!ret && left) {
		ret = tunring_tx_reserve(h, &pkt, 1);
		if (ret < 0)
			break;
		if (ret) {
			memcpy(tunring_packet_put(&pkt, sizeof(ping)), ping,
			       sizeof(ping));
			left -= tunring_tx_submit(h, &pkt, 1);
		} else if (!tunring_tx_prepare_wait(h)) {
			poll(&tun, 1, -1);
		}
		ret = tunring_tx_kick(h);
	}
	if (ret)
		fprintf(stderr, "sender: %s\n", tunring_strerror(ret));
	return ret != 0;	/* the rings are the other's, and live on */
}

static int start_sender(struct tunring *h, int memory, char *count)
{
	struct tunring_layout layout;
	int ret = tunring_export(h, &layout);

	if (ret || pwrite(memory, &layout, sizeof(layout), 0) < 0)
		return ret;
	if (fork())
		return 0;
	dup2(tunring_fd(h), 0);
	dup2(memory, 1);
	execl("/proc/self/exe", "sender", count, NULL);
	_exit(1);
}

static int receive(struct tunring *h, int left)
{
	struct tunring_packet pkt;
	int ret = 0;

	while (left && ret >= 0) {
		if (tunring_rx_burst(h, &pkt, 1) != 1) {
			ret = tunring_wait(h, -1, NULL, 0);
			continue;
		}
		/* ICMP, echo reply */
		left -= pkt.data[9] == 1 && pkt.data[20] == 0;
		ret = tunring_rx_release(h, &pkt, 1);
	}
	return ret;
}

int main(int argc, char **argv)
{
	struct tunring_options opt;
	struct tunring *h;
	int ret;

	if (argc == 2 && !strcmp(argv[0], "sender"))
		return sender(atoi(argv[1]));
	if (argc != 3 || argv[1][0] == '-') {
		fprintf(stderr, "usage: memory DEVICE COUNT\n");
		return 2;
	}
	tunring_options_init(&opt);
	opt.flags = TUNRING_O_NEED_RING | TUNRING_O_ATTACH | TUNRING_O_MEMORY;
	opt.memory_fd = memfd_create("rings", 0);
	opt.memory_offset = (uint64_t)sysconf(_SC_PAGESIZE);
	if (ftruncate(opt.memory_fd, (off_t)(opt.memory_offset +
					     tunring_memory_size(&opt))))
		return 1;
	ret = tunring_open(&h, argv[1], IFF_TUN, &opt);
	if (!ret)
		ret = start_sender(h, opt.memory_fd, argv[2]);
	if (!ret)
		ret = receive(h, atoi(argv[2]));
	if (ret < 0)
		fprintf(stderr, "memory: %s\n", tunring_strerror(ret));
	else
		printf("%s replies\n", argv[2]);
	return ret < 0;
}
