// SPDX-License-Identifier: GPL-2.0
/*
 * The cost of a packet for its sender, by the layout of the receiver's buffers. Run
 * by tests/bench/segments, where a nanosecond is an instruction.
 */
#include <errno.h>
#include <fcntl.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/if_tun_ring.h>
#include <linux/virtio_ring.h>

#define DEVICE		"segments0"
#define ENTRIES		32768
#define HDR		12
#define PAGE		4096
#define POOL		(64 * PAGE)
#define LIMIT		4.0	/* times the cost of one buffer */
#define PACKETS		40
#define LAST		(TUN_RING_MAX_REGIONS - 1ULL)

/* Region i is at address i << 20. The last one is the pool. */
#define ADDR(i)		((uint64_t)(i) << 20)

static void die(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(1);
}

static void *memory(size_t len)
{
	void *p = aligned_alloc(PAGE, (len + PAGE - 1) / PAGE * PAGE);

	return p ? memset(p, 0, len) : (die("memory"), NULL);
}

static struct {
	int fd;
	struct vring_desc *desc;
	struct vring_avail *avail;
	struct vring_used *used;
	struct vring_desc *table;	/* in region 40 */
	uint8_t *pool;
} rx;

static int device(void)
{
	struct ifreq r = { .ifr_flags = IFF_TUN | IFF_NO_PI | IFF_VNET_HDR };
	int fd = open("/dev/net/tun", O_RDWR), s, hdr = HDR;

	strcpy(r.ifr_name, DEVICE);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &r) ||
	    ioctl(fd, TUNSETVNETHDRSZ, &hdr))
		die("tun");
	s = socket(AF_INET, SOCK_DGRAM, 0);
	r.ifr_mtu = 65535;
	if (ioctl(s, SIOCSIFMTU, &r))
		die("mtu");
	r.ifr_flags = IFF_UP;
	if (ioctl(s, SIOCSIFFLAGS, &r))
		die("up");
	close(s);
	return fd;
}

static void regions(void)
{
	struct tun_ring_region v[TUN_RING_MAX_REGIONS];
	struct tun_ring_regions r = {
		.n = TUN_RING_MAX_REGIONS, .flags = TUN_RING_REGIONS_PIN,
		.regions = (uintptr_t)v,
	};
	uint8_t *mem = memory(TUN_RING_MAX_REGIONS * PAGE);
	unsigned int i;

	for (i = 0; i < TUN_RING_MAX_REGIONS; i++)
		v[i] = (struct tun_ring_region) {
			.addr = ADDR(i), .len = PAGE,
			.user = (uintptr_t)mem + i * PAGE,
		};
	v[0].len = POOL;
	v[0].user = (uintptr_t)rx.pool;
	v[LAST].len = POOL;
	v[LAST].user = (uintptr_t)rx.pool;
	rx.table = (void *)(mem + 40 * PAGE);
	if (ioctl(rx.fd, TUNRINGREGIONS, &r))
		die("TUNRINGREGIONS");
}

static void attach(void)
{
	struct tun_ring_attach a = {
		.flags = TUN_RING_ATTACH_PIN,
		.features = 1ULL << TUN_RING_F_EVENT_IDX |
			    1ULL << TUN_RING_F_INDIRECT_DESC,
	};
	uint8_t *tx = memory(3 * PAGE);

	a.rx = (struct tun_ring_attach_vq) {
		.entries = ENTRIES, .kick = -1, .call = -1,
		.desc = (uintptr_t)rx.desc, .avail = (uintptr_t)rx.avail,
		.used = (uintptr_t)rx.used,
	};
	a.tx = (struct tun_ring_attach_vq) {
		.entries = 2, .kick = -1, .call = -1, .desc = (uintptr_t)tx,
		.avail = (uintptr_t)tx + PAGE, .used = (uintptr_t)tx + 2 * PAGE,
	};
	if (ioctl(rx.fd, TUNRINGATTACH, &a))
		die("TUNRINGATTACH");
}

/* Every available entry is head 0, whose chain the layout writes. */
static void open_rings(void)
{
	struct tun_ring_enter e = { .flags = TUN_RING_ENTER_RX };

	rx.desc = memory(ENTRIES * sizeof(*rx.desc));
	rx.avail = memory(6 + 2 * ENTRIES);
	rx.used = memory(6 + 8 * ENTRIES);
	rx.pool = memory(POOL);
	rx.avail->ring[ENTRIES] = 12345;	/* used_event: no wake-up */
	regions();
	attach();
	rx.desc[0] = (struct vring_desc) { 0, POOL, VRING_DESC_F_WRITE, 0 };
	__atomic_store_n(&rx.avail->idx, ENTRIES - 1, __ATOMIC_RELEASE);
	/* packets that the stack sent when the device came up */
	if (ioctl(rx.fd, TUNRINGENTER, &e) < 0)
		die("TUNRINGENTER");
}

static int sender(struct sockaddr_ll *to)
{
	int s = socket(AF_PACKET, SOCK_DGRAM, 0), one = 1;

	*to = (struct sockaddr_ll) {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = if_nametoindex(DEVICE),
	};
	if (s < 0 || bind(s, (void *)to, sizeof(*to)) ||
	    setsockopt(s, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one)))
		die("packet socket");
	return s;
}

/* ---- layouts of a chain, for a packet of len bytes with its header ---- */

static void use_table(unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		rx.table[i].flags = VRING_DESC_F_WRITE |
				    (i + 1 < n ? VRING_DESC_F_NEXT : 0);
		rx.table[i].next = i + 1;
	}
	rx.desc[0] = (struct vring_desc) {
		ADDR(40), n * sizeof(*rx.table), VRING_DESC_F_INDIRECT, 0
	};
}

static void one_buffer(unsigned int len)
{
	rx.desc[0] = (struct vring_desc) { 0, POOL, VRING_DESC_F_WRITE, 0 };
}

/* As in virtio's drivers. */
static void header_and_pages(unsigned int len)
{
	unsigned int i;

	for (i = 0; i < 18; i++) {
		rx.table[i].addr = ADDR(LAST) + i * PAGE;
		rx.table[i].len = i ? PAGE : HDR;
	}
	use_table(18);
}

static void small_buffers(unsigned int len)
{
	rx.desc[0] = (struct vring_desc) {
		ADDR(LAST), TUN_RING_BYTES_PER_SEG, VRING_DESC_F_WRITE, 0
	};
}

static void small_buffers_in_tables(unsigned int len)
{
	rx.table[0].addr = ADDR(LAST);
	rx.table[0].len = TUN_RING_BYTES_PER_SEG;
	use_table(1);
}

static void bytes_and_a_buffer(unsigned int len)
{
	unsigned int n = TUN_RING_BASE_SEGS + len / TUN_RING_BYTES_PER_SEG, i;

	n = n < TUN_RING_MAX_CHAIN ? n : TUN_RING_MAX_CHAIN;
	for (i = 0; i < n; i++) {
		rx.table[i].addr = ADDR(LAST) + i;
		rx.table[i].len = i + 1 < n ? 1 : POOL - PAGE;
	}
	use_table(n);
}

static void buffer_and_unused(unsigned int len)
{
	unsigned int i;

	for (i = 0; i < TUN_RING_MAX_CHAIN; i++) {
		rx.table[i].addr = ADDR(LAST);
		rx.table[i].len = POOL - PAGE;
	}
	use_table(TUN_RING_MAX_CHAIN);
}

static const struct {
	const char *name;
	void (*make)(unsigned int len);
} layouts[] = {
	{ "header and pages", header_and_pages },
	{ "buffers of 64 bytes", small_buffers },
	{ "buffers of 64 bytes, each in a table", small_buffers_in_tables },
	{ "one-byte segments and a buffer", bytes_and_a_buffer },
	{ "a buffer and 63 that stay unused", buffer_and_unused },
};

#define LAYOUTS	(sizeof(layouts) / sizeof(layouts[0]))

static const unsigned int sizes[] = { 60, 1400, 6000, 65000 };
static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

/* Returns instructions per packet, or 0 if the ring did not take each packet. */
static double measure(int s, const struct sockaddr_ll *to, unsigned int size)
{
	static uint8_t pkt[65536] = { 0x45 };
	struct tun_ring_stats before, st;
	double start = 0;
	int i;

	for (i = -4; i < PACKETS; i++) {
		if (!i) {
			ioctl(rx.fd, TUNRINGSTATS, &before);
			start = now();
		}
		if (sendto(s, pkt, size, MSG_DONTWAIT, (void *)to,
			   sizeof(*to)) != (ssize_t)size)
			return 0;
		__atomic_store_n(&rx.avail->idx, rx.used->idx + ENTRIES - 1,
				 __ATOMIC_RELEASE);
	}
	start = now() - start;
	ioctl(rx.fd, TUNRINGSTATS, &st);
	return st.rx.packets - before.rx.packets == PACKETS ? start / PACKETS
							    : 0;
}

int main(void)
{
	unsigned int i, k, n = 0, failed = 0;
	struct sockaddr_ll to;
	double base, cost;
	int s, good;

	printf("1..%zu\n", LAYOUTS * 4);
	rx.fd = device();
	open_rings();
	s = sender(&to);
	for (i = 0; i < 4; i++) {
		one_buffer(sizes[i] + HDR);
		base = measure(s, &to, sizes[i]);
		printf("# %u bytes: %.0f in one buffer\n", sizes[i], base);
		for (k = 0; k < LAYOUTS; k++) {
			layouts[k].make(sizes[i] + HDR);
			cost = measure(s, &to, sizes[i]);
			good = base && cost && cost <= LIMIT * base;
			failed += !good;
			printf("# %.0f, %.2f times\n%s %u %u bytes: %s\n", cost,
			       base ? cost / base : 0, good ? "ok" : "not ok",
			       ++n, sizes[i], layouts[k].name);
		}
	}
	return failed != 0;
}
