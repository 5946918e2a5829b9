// SPDX-License-Identifier: GPL-2.0
/*
 * Frames that an XDP program redirects from a card into a tap. A veth pair is the
 * card, with NAPI in a thread: the thread has the processor once the source has sent
 * a burst, and runs the program over all of the burst. Floor: the program drops the
 * frames.
 */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>

#include "../bpf.h"
#include "../ring.h"

#define NAME	"bench0"
#define CARD	"card0"
#define FAR	"far0"
#define ENTRIES	256
#define BUF	2048

struct redirect {
	int link;
	int fd;
	struct ring r;
	uint8_t buf[BUF];
};

/* By a map, which holds the device: an index would be looked up in the namespace
 * that the process is in later.
 */
static int program_to(const char *name)
{
	union bpf_attr map = {
		.map_type = BPF_MAP_TYPE_DEVMAP, .key_size = 4,
		.value_size = 4, .max_entries = 1,
	};
	const uint32_t key = 0, device = if_nametoindex(name);
	union bpf_attr entry = { };
	int program;

	entry.map_fd = bpf_call(BPF_MAP_CREATE, &map);
	entry.key = (uintptr_t)&key;
	entry.value = (uintptr_t)&device;
	bpf_call(BPF_MAP_UPDATE_ELEM, &entry);

	const struct bpf_insn redirect[] = {
		{ BPF_LD | BPF_IMM | BPF_DW, 1, BPF_PSEUDO_MAP_FD, 0,
		  entry.map_fd },
		{ },
		{ BPF_ALU64 | BPF_MOV | BPF_K, 2, 0, 0, 0 },
		{ BPF_ALU64 | BPF_MOV | BPF_K, 3, 0, 0, XDP_DROP },
		{ BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_redirect_map },
		{ BPF_JMP | BPF_EXIT },
	};
	program = bpf_load_xdp(redirect, ARRAY_SIZE(redirect));
	close(entry.map_fd);
	return program;
}

static int program_drop(void)
{
	const struct bpf_insn program[] = {
		{ BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, XDP_DROP },
		{ BPF_JMP | BPF_EXIT },
	};

	return bpf_load_xdp(program, ARRAY_SIZE(program));
}

static struct redirect *redirect_new(struct instance *in)
{
	struct redirect *r = calloc(1, sizeof(*r));
	uint8_t mac[ETH_ALEN];

	if (!r)
		die("no memory");
	in->priv = r;
	sched_unthrottle();
	net_veth(CARD, FAR);
	net_no_arp(CARD, mac);
	net_up(CARD);
	source_open(in);
	return r;
}

static void card_run(struct redirect *r, int program)
{
	r->link = bpf_link_xdp(FAR, program, XDP_FLAGS_DRV_MODE);
	net_thread(FAR);
	sched_beside("napi/" FAR);
}

static const char *drop_set_up(struct instance *in)
{
	card_run(redirect_new(in), program_drop());
	return NULL;
}

static void tap_up(struct redirect *r)
{
	net_up(NAME);
	card_run(r, program_to(NAME));
}

static const char *read_set_up(struct instance *in)
{
	struct redirect *r = redirect_new(in);

	r->fd = net_tun(NAME, IFF_TAP | IFF_NO_PI);
	tap_up(r);
	return NULL;
}

static void enter(struct instance *in, struct redirect *r)
{
	struct tun_ring_enter e = { .flags = TUN_RING_ENTER_RX };

	in->syscalls++;
	if (ioctl(r->fd, TUNRINGENTER, &e) < 0)
		die("TUNRINGENTER: %s", strerror(errno));
}

static const char *ring_set_up(struct instance *in)
{
	struct redirect *r = redirect_new(in);
	const char *missing;
	unsigned int i;

	r->fd = net_tun(NAME, IFF_TAP | IFF_NO_PI);
	r->r.s.features = 1 << TUN_RING_F_META;
	missing = ring_open(&r->r, r->fd, ENTRIES, BUF);
	if (missing)
		return missing;
	for (i = 0; i < ENTRIES; i++) {
		r->r.rx.desc[i] = (struct vring_desc) {
			.addr = i * BUF, .len = BUF,
			.flags = VRING_DESC_F_WRITE,
		};
		vq_give(&r->r.rx, i);
	}
	if (vq_publish(&r->r.rx))
		enter(in, r);
	tap_up(r);
	return NULL;
}

/* NAPI's thread runs when this process yields, and until the thread sleeps. */
static void frames_send(struct instance *in)
{
	source_send(in, in->burst);
	sched_yield();
}

static void drop_run(struct instance *in, unsigned int n)
{
	sched_in_front(true);
	for (; n; n -= in->burst)
		frames_send(in);
	sched_in_front(false);
}

static void read_run(struct instance *in, unsigned int n)
{
	const ssize_t size = ETH_HLEN + in->size;
	struct redirect *r = in->priv;
	unsigned int i;
	ssize_t len;

	sched_in_front(true);
	for (; n; n -= in->burst) {
		frames_send(in);
		own_begin(in);
		for (i = 0; i < in->burst; i++) {
			len = read(r->fd, r->buf, sizeof(r->buf));
			if (len != size)
				die("read: %zd (%s)", len, strerror(errno));
		}
		in->syscalls += in->burst;
		own_end(in);
	}
	sched_in_front(false);
}

static void ring_take(struct instance *in, struct redirect *r)
{
	struct ring_vq *rx = &r->r.rx;
	const struct vring_used_elem *used;
	uint16_t n = vq_used(rx) - rx->taken;

	if (n != in->burst)
		die("%u frames in the ring instead of %u", n, in->burst);
	while (n--) {
		used = vq_next(rx);
		if (used->len != ETH_HLEN + in->size ||
		    rx->meta[used->id].num_buffers != 1)
			die("ring: a frame of %u bytes", used->len);
		vq_give(rx, used->id);
	}
	vq_taken(rx);
	if (vq_publish(rx))
		enter(in, r);
}

static void ring_run(struct instance *in, unsigned int n)
{
	struct redirect *r = in->priv;

	sched_in_front(true);
	for (; n; n -= in->burst) {
		frames_send(in);
		own_begin(in);
		ring_take(in, r);
		own_end(in);
	}
	sched_in_front(false);
}

static void tear_down(struct instance *in)
{
	struct redirect *r = in->priv;

	close(r->link);
	if (r->r.s.rx.entries)
		ring_close(&r->r);
	if (r->fd)
		close(r->fd);
	free(r);
}

const struct contestant redirect_contestants[] = {
	{ "xdp-drop", RX, FAR, bursts_64, drop_set_up, drop_run, tear_down,
	  .far = true },
	{ "read-redirect", RX, NAME, bursts_64,
	  read_set_up, read_run, tear_down },
	{ "ring-redirect", RX, NAME, bursts_64,
	  ring_set_up, ring_run, tear_down },
	{ }
};
