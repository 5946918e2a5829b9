// SPDX-License-Identifier: GPL-2.0
/*
 * No tun at all: a veth pair, and an AF_PACKET socket with TPACKET_V3 rings on
 * the far end, as a program would use that must do without tun. The socket
 * receives the packets that the stack sends, the stack receives the packets that
 * the socket sends, and the far end's own stack is shut out by a drop at tc ingress.
 *
 * The kernel hands over whole blocks, when they are full or time is up, so in
 * receiving some packets, at most a block, stay in the open block until the next
 * run.
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
#include <linux/if_packet.h>

#include "../bench.h"

#define NAME	"bench0"
#define FAR	"far0"
#define BLOCK	16384u
#define BLOCKS	16u
#define FRAME	2048u
#define FRAMES	(BLOCK / FRAME * BLOCKS)
#define HEADER	(TPACKET3_HDRLEN - sizeof(struct sockaddr_ll))

struct tpacket {
	int fd;
	uint8_t *ring;
	unsigned int next;	/* rx: block, tx: frame */
	unsigned int behind;	/* rx: packets sent, but not seen */
	unsigned int in_block;	/* rx: the most in one block so far */
};

static void ring_open(struct instance *in, struct tpacket *t)
{
	const bool rx = in->c->direction == RX;
	struct tpacket_req3 req = {
		.tp_block_size = BLOCK, .tp_block_nr = BLOCKS,
		.tp_frame_size = FRAME, .tp_frame_nr = FRAMES,
		.tp_retire_blk_tov = rx ? 10000 : 0,
	};
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET,
		.sll_protocol = rx ? htons(ETH_P_ALL) : 0,
		.sll_ifindex = if_nametoindex(FAR),
	};
	int version = TPACKET_V3, one = 1;

	t->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (t->fd < 0 ||
	    setsockopt(t->fd, SOL_PACKET, PACKET_VERSION, &version,
		       sizeof(version)) ||
	    setsockopt(t->fd, SOL_PACKET, rx ? PACKET_RX_RING : PACKET_TX_RING,
		       &req, sizeof(req)) ||
	    (!rx && setsockopt(t->fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one,
			       sizeof(one))) ||
	    bind(t->fd, (void *)&ll, sizeof(ll)))
		die("packet socket: %s", strerror(errno));
	t->ring = mmap(NULL, BLOCK * BLOCKS, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_POPULATE, t->fd, 0);
	if (t->ring == MAP_FAILED)
		die("mmap of a packet socket: %s", strerror(errno));
}

static struct tpacket3_hdr *tx_frame(struct tpacket *t, unsigned int i)
{
	return (void *)(t->ring + (size_t)FRAME * (i % FRAMES));
}

static void tx_fill(struct instance *in, struct tpacket *t, const uint8_t *mac)
{
	struct ethhdr *eth;
	unsigned int i;

	for (i = 0; i < FRAMES; i++) {
		eth = (void *)tx_frame(t, i) + HEADER;
		memcpy(eth->h_dest, mac, ETH_ALEN);
		eth->h_proto = htons(ETH_P_IP);
		packet_fill(eth + 1, in->size);
	}
}

static const char *set_up(struct instance *in)
{
	struct tpacket *t = calloc(1, sizeof(*t));
	uint8_t mac[ETH_ALEN];

	if (!t)
		die("no memory");
	in->priv = t;
	net_veth(NAME, FAR);
	net_no_arp(NAME, mac);
	net_up(NAME);
	net_drop_ingress(FAR);
	ring_open(in, t);
	if (in->c->direction == RX) {
		source_open(in);
	} else {
		net_drop_ingress(NAME);
		tx_fill(in, t, mac);
	}
	return NULL;
}

/* All blocks that are full. */
static void rx_take(struct instance *in, struct tpacket *t)
{
	struct tpacket_hdr_v1 *b;
	struct tpacket3_hdr *h;
	unsigned int i;

	for (;; t->next = (t->next + 1) % BLOCKS) {
		b = &((struct tpacket_block_desc *)
		      (t->ring + (size_t)BLOCK * t->next))->hdr.bh1;
		if (!(__atomic_load_n(&b->block_status, __ATOMIC_ACQUIRE) &
		      TP_STATUS_USER))
			return;
		h = (void *)((uint8_t *)b - offsetof(struct tpacket_block_desc,
						     hdr) +
			     b->offset_to_first_pkt);
		for (i = 0; i < b->num_pkts; i++) {
			if (h->tp_snaplen != ETH_HLEN + in->size)
				die("a packet of %u bytes", h->tp_snaplen);
			h = (void *)((uint8_t *)h + h->tp_next_offset);
		}
		t->behind -= b->num_pkts;
		if (b->num_pkts > t->in_block)
			t->in_block = b->num_pkts;
		__atomic_store_n(&b->block_status, TP_STATUS_KERNEL,
				 __ATOMIC_RELEASE);
	}
}

static void rx_run(struct instance *in, unsigned int n)
{
	struct tpacket *t = in->priv;

	for (; n; n -= in->burst) {
		source_send(in, in->burst);
		t->behind += in->burst;
		own_begin(in);
		rx_take(in, t);
		own_end(in);
	}
	if (t->behind > t->in_block)
		die("%u packets did not come", t->behind);
}

static void tx_run(struct instance *in, unsigned int n)
{
	struct tpacket *t = in->priv;
	struct tpacket3_hdr *h;
	unsigned int i;

	own_begin(in);
	for (; n; n -= in->burst) {
		for (i = 0; i < in->burst; i++) {
			h = tx_frame(t, t->next++);
			if (__atomic_load_n(&h->tp_status, __ATOMIC_ACQUIRE) !=
			    TP_STATUS_AVAILABLE)
				die("a frame is not free: %#x", h->tp_status);
			h->tp_len = ETH_HLEN + in->size;
			h->tp_next_offset = 0;
			__atomic_store_n(&h->tp_status, TP_STATUS_SEND_REQUEST,
					 __ATOMIC_RELEASE);
		}
		in->syscalls++;
		if (send(t->fd, NULL, 0, MSG_DONTWAIT) !=
		    (ssize_t)(in->burst * (ETH_HLEN + in->size)))
			die("send: %s", strerror(errno));
	}
	own_end(in);
}

static void tear_down(struct instance *in)
{
	struct tpacket *t = in->priv;

	munmap(t->ring, BLOCK * BLOCKS);
	close(t->fd);
	free(t);
}

const struct contestant tpacket_contestants[] = {
	{ "tpacket", RX, NAME, bursts_all, set_up, rx_run, tear_down },
	{ "tpacket", TX, NAME, bursts_all, set_up, tx_run, tear_down },
	{ }
};
