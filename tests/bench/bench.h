/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Instructions per packet, counted with the guest's own clock: under QEMU's
 * -icount shift=0 it advances one nanosecond for each instruction.
 *
 * A contestant moves packets in one direction. Each (contestant, size, burst)
 * is an instance with a network namespace of its own, so that all of them see
 * the same, nearly empty, stack.
 */
#ifndef TUN_BENCH_H
#define TUN_BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof(*(a)))

enum direction {
	RX,	/* stack -> user */
	TX,	/* user -> stack, to a drop at tc ingress or to a socket */
};

#define MAX_BURST	64
#define SIZE_GSO	65200	/* TCP, 45 segments of 1448 bytes */

/* UDP segmentation offload; headers of user space before Linux 6.2 lack these. */
#define OFFLOAD_USO	0x61	/* TUN_F_CSUM | TUN_F_USO4 | TUN_F_USO6 */
#define GSO_UDP_L4	5	/* VIRTIO_NET_HDR_GSO_UDP_L4 */

struct contestant;
struct virtio_net_hdr;

struct instance {
	const struct contestant *c;
	unsigned int size;	/* bytes of the IP packet */
	unsigned int burst;
	const char *missing;	/* why it cannot run here, or NULL */
	void *priv;		/* the contestant's */

	int sock;		/* traffic source, or sink */
	unsigned int per_send;	/* datagrams of one call of the source */
	unsigned int per_packet;	/* datagrams of one packet of the device */
	unsigned int link;	/* bytes of the link's header that it writes */
	int dev_file, snmp_file;	/* /proc/net of the namespace */

	/* of one run */
	uint64_t own;		/* instructions of the contestant's own calls */
	uint64_t syscalls;	/* of the contestant, not of the source */
	uint64_t total;		/* if it can only be counted by the contestant */
};

/*
 * set_up() is called in a fresh network namespace; it returns NULL or the
 * reason why the contestant cannot run. run() moves n packets, a multiple of
 * the burst. Any other error ends the program by die(). A
 * contestant without a device has seen to it by itself that all packets went
 * where they should.
 */
struct contestant {
	const char *name;
	enum direction direction;
	const char *device;	/* its counters have to show the packets; or NULL */
	const unsigned int *bursts;	/* ends with 0 */
	const char *(*set_up)(struct instance *in);
	void (*run)(struct instance *in, unsigned int n);
	void (*tear_down)(struct instance *in);
	const unsigned int *sizes;	/* ends with 0; NULL: sizes_small */
	bool to_socket;		/* TX: not to a drop at tc ingress */
	bool dropped;		/* TX: the device counts the packets as dropped */
	bool segments;		/* RX: the source sends by UDP_SEGMENT */
	bool whole;		/* RX: the device gets these unsegmented */
	bool far;		/* RX: the device is one that receives the packets */
};

extern const struct contestant floor_contestants[];
extern const struct contestant plain_contestants[];
extern const struct contestant ring_contestants[];
extern const struct contestant tap_xdp_contestants[];
extern const struct contestant redirect_contestants[];
extern const struct contestant library_contestants[];
extern const struct contestant poller_contestants[];
extern const struct contestant guest_contestants[];
extern const struct contestant attach_contestants[];
extern const struct contestant gso_contestants[];
extern const struct contestant uring_contestants[];
extern const struct contestant tpacket_contestants[];
extern const struct contestant xsk_contestants[];
extern const struct contestant pktgen_contestants[];
extern const struct contestant vringfd_contestants[];

extern const unsigned int bursts_64[];		/* 64 only */
extern const unsigned int bursts_all[];		/* 1, 8, 64 */
extern const unsigned int sizes_small[];	/* 64, 256, 1400 */
extern const unsigned int sizes_gso[];		/* SIZE_GSO only */

#define die(...) \
	(fprintf(stderr, "bench: " __VA_ARGS__), fputc('\n', stderr), exit(1))

/* ---- clock.c ---- */
uint64_t clock_now(void);
void clock_calibrate(void);
void own_begin(struct instance *in);
void own_end(struct instance *in);

/* ---- rounds.c ---- */
struct options {
	const char *only, *direction, *size, *burst;	/* lists of patterns */
	const char *module, *out;
	unsigned int packets, rounds;
	bool mark;
};

void rounds_run(struct instance *in, unsigned int n, const struct options *opt);
void rounds_report(struct instance *in, unsigned int n,
		   const struct options *opt);

/* ---- sched.c ---- */
void sched_unthrottle(void);
void sched_in_front(bool yes);
void sched_beside(const char *comm);
void sched_settle(void);
uint64_t sched_wakeups(void);
uint64_t sched_switches(void);

/* ---- mark.c: a profiler's switch ---- */
void mark_begin(void);
void mark_end(void);

/* ---- net.c ---- */
#define NET_LOCAL	"10.9.0.1"
#define NET_PEER	"10.9.0.2"

void net_fresh(void);
void net_dummy(const char *name, bool csum_offload);
void net_veth(const char *name, const char *far);
int net_tun(const char *name, int flags);
void net_no_arp(const char *name, uint8_t *mac);
void net_up(const char *name);
void net_fq_codel(const char *name);
void net_no_queue(const char *name);
void net_thread(const char *name);
void net_defer(const char *name);
void net_drop_ingress(const char *name);
void net_counters(struct instance *in);
uint64_t net_packets(struct instance *in);
uint64_t net_ip_received(struct instance *in);

/* ---- sink.c ---- */
void sink_open(struct instance *in);
void sink_check(struct instance *in, unsigned int n);

/* ---- packet.c ---- */
#define PORT	9	/* discard */

void source_open(struct instance *in);
void source_send(struct instance *in, unsigned int n);
unsigned int packet_size(const struct instance *in);
void packet_fill(void *buf, unsigned int size);
void packet_header(struct virtio_net_hdr *hdr, unsigned int size);

#endif
