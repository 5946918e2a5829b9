// SPDX-License-Identifier: GPL-2.0
/*
 * An AF_XDP socket on the far end of a veth pair, as tpacket's: on a tun it would
 * be on the stack's side, not on the user's. Generic XDP and copy mode, which is
 * what any device can do.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>
#include <net/if.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_xdp.h>

#include "../bpf.h"

#define NAME	"bench0"
#define FAR	"far0"
#define ENTRIES	256u
#define CHUNK	2048u
#define MEM	(2 * ENTRIES * CHUNK)

struct queue {
	uint32_t *producer, *consumer;
	void *entries;
};

struct xsk {
	int fd, map, link;
	uint8_t *mem;	/* a half for each direction */
	struct queue rx, tx, fill, done;
};

/* All that comes to queue 0 goes to the socket. */
static void redirect(struct xsk *x)
{
	union bpf_attr map = {
		.map_type = BPF_MAP_TYPE_XSKMAP, .key_size = 4,
		.value_size = 4, .max_entries = 1,
	};
	union bpf_attr entry = { };
	const uint32_t key = 0;

	x->map = bpf_call(BPF_MAP_CREATE, &map);
	entry.map_fd = x->map;
	entry.key = (uintptr_t)&key;
	entry.value = (uintptr_t)&x->fd;
	bpf_call(BPF_MAP_UPDATE_ELEM, &entry);

	struct bpf_insn program[] = {
		{ BPF_LD | BPF_IMM | BPF_DW, 1, BPF_PSEUDO_MAP_FD, 0, x->map },
		{ },
		{ BPF_ALU64 | BPF_MOV | BPF_K, 2, 0, 0, 0 },
		{ BPF_ALU64 | BPF_MOV | BPF_K, 3, 0, 0, XDP_DROP },
		{ BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_redirect_map },
		{ BPF_JMP | BPF_EXIT },
	};
	x->link = bpf_link_xdp(FAR, bpf_load_xdp(program, ARRAY_SIZE(program)),
			       XDP_FLAGS_SKB_MODE);
}

static void set(struct xsk *x, int option, const void *value, socklen_t len)
{
	if (setsockopt(x->fd, SOL_XDP, option, value, len))
		die("AF_XDP: option %d: %s", option, strerror(errno));
}

static void map_queue(struct xsk *x, struct queue *q, int option,
		      const struct xdp_ring_offset *off, size_t entry,
		      uint64_t where)
{
	const unsigned int entries = ENTRIES;
	uint8_t *p;

	set(x, option, &entries, sizeof(entries));
	p = mmap(NULL, off->desc + ENTRIES * entry, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_POPULATE, x->fd, where);
	if (p == MAP_FAILED)
		die("AF_XDP: mmap: %s", strerror(errno));
	q->producer = (void *)(p + off->producer);
	q->consumer = (void *)(p + off->consumer);
	q->entries = p + off->desc;
}

static const char *xsk_open(struct xsk *x)
{
	struct xdp_umem_reg reg = { .len = MEM, .chunk_size = CHUNK };
	struct sockaddr_xdp to = {
		.sxdp_family = AF_XDP, .sxdp_flags = XDP_COPY,
		.sxdp_ifindex = if_nametoindex(FAR),
	};
	struct xdp_mmap_offsets off;
	socklen_t len = sizeof(off);

	x->fd = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (x->fd < 0)
		return "this kernel has no AF_XDP";
	x->mem = mmap(NULL, MEM, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (x->mem == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	reg.addr = (uintptr_t)x->mem;
	set(x, XDP_UMEM_REG, &reg, sizeof(reg));
	if (getsockopt(x->fd, SOL_XDP, XDP_MMAP_OFFSETS, &off, &len))
		die("AF_XDP: %s", strerror(errno));
	map_queue(x, &x->fill, XDP_UMEM_FILL_RING, &off.fr, sizeof(uint64_t),
		  XDP_UMEM_PGOFF_FILL_RING);
	map_queue(x, &x->done, XDP_UMEM_COMPLETION_RING, &off.cr,
		  sizeof(uint64_t), XDP_UMEM_PGOFF_COMPLETION_RING);
	map_queue(x, &x->rx, XDP_RX_RING, &off.rx, sizeof(struct xdp_desc),
		  XDP_PGOFF_RX_RING);
	map_queue(x, &x->tx, XDP_TX_RING, &off.tx, sizeof(struct xdp_desc),
		  XDP_PGOFF_TX_RING);
	if (bind(x->fd, (void *)&to, sizeof(to)))
		die("AF_XDP: bind: %s", strerror(errno));
	return NULL;
}

static void publish(uint32_t *word, uint32_t n)
{
	__atomic_store_n(word, *word + n, __ATOMIC_RELEASE);
}

static uint32_t filled(const struct queue *q)
{
	return __atomic_load_n(q->producer, __ATOMIC_ACQUIRE) - *q->consumer;
}

static void tx_fill(struct instance *in, struct xsk *x, const uint8_t *mac)
{
	struct ethhdr *eth;
	unsigned int i;

	net_drop_ingress(NAME);
	for (i = 0; i < ENTRIES; i++) {
		eth = (void *)(x->mem + (ENTRIES + i) * CHUNK);
		memcpy(eth->h_dest, mac, ETH_ALEN);
		eth->h_proto = htons(ETH_P_IP);
		packet_fill(eth + 1, in->size);
	}
}

static const char *set_up(struct instance *in)
{
	struct xsk *x = calloc(1, sizeof(*x));
	const char *missing;
	uint8_t mac[ETH_ALEN];
	unsigned int i;

	if (!x)
		die("no memory");
	in->priv = x;
	net_veth(NAME, FAR);
	net_no_arp(NAME, mac);
	net_up(NAME);
	missing = xsk_open(x);
	if (missing)
		return missing;
	redirect(x);
	if (in->c->direction == TX) {
		tx_fill(in, x, mac);
		return NULL;
	}
	for (i = 0; i < ENTRIES; i++)
		((uint64_t *)x->fill.entries)[i] = i * CHUNK;
	publish(x->fill.producer, ENTRIES);
	source_open(in);
	return NULL;
}

static void rx_take(struct instance *in, struct xsk *x)
{
	const struct xdp_desc *d = x->rx.entries;
	uint64_t *fill = x->fill.entries;
	uint32_t at = *x->rx.consumer, i;

	if (filled(&x->rx) != in->burst)
		die("xdp: %u packets instead of %u", filled(&x->rx), in->burst);
	for (i = 0; i < in->burst; i++, at++) {
		if (d[at % ENTRIES].len != ETH_HLEN + in->size)
			die("xdp: a packet of %u bytes", d[at % ENTRIES].len);
		fill[(*x->fill.producer + i) % ENTRIES] = d[at % ENTRIES].addr;
	}
	publish(x->rx.consumer, in->burst);
	publish(x->fill.producer, in->burst);
}

static void rx_run(struct instance *in, unsigned int n)
{
	for (; n; n -= in->burst) {
		source_send(in, in->burst);
		own_begin(in);
		rx_take(in, in->priv);
		own_end(in);
	}
}

/* A call sends 32 packets, and says EAGAIN if there are more. */
static void tx_put(struct instance *in, struct xsk *x)
{
	struct xdp_desc *d = x->tx.entries;
	uint32_t at = *x->tx.producer, i;

	for (i = 0; i < in->burst; i++, at++)
		d[at % ENTRIES] = (struct xdp_desc) {
			.addr = (ENTRIES + at % ENTRIES) * CHUNK,
			.len = ETH_HLEN + in->size,
		};
	publish(x->tx.producer, in->burst);
	while (filled(&x->tx)) {
		in->syscalls++;
		if (sendto(x->fd, NULL, 0, MSG_DONTWAIT, NULL, 0) &&
		    errno != EAGAIN)
			die("xdp: send: %s", strerror(errno));
	}
	if (filled(&x->done) != in->burst)
		die("xdp: %u packets are sent", filled(&x->done));
	publish(x->done.consumer, in->burst);
}

static void tx_run(struct instance *in, unsigned int n)
{
	own_begin(in);
	for (; n; n -= in->burst)
		tx_put(in, in->priv);
	own_end(in);
}

static void tear_down(struct instance *in)
{
	struct xsk *x = in->priv;

	close(x->link);
	close(x->map);
	close(x->fd);
	munmap(x->mem, MEM);
	free(x);
}

const struct contestant xsk_contestants[] = {
	{ "xdp", RX, NAME, bursts_all, set_up, rx_run, tear_down },
	{ "xdp", TX, NAME, bursts_all, set_up, tx_run, tear_down },
	{ }
};
