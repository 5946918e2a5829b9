/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A UDP socket sends through a tun, the tun's user turns the packet round, and
 * the socket receives it: how long that takes, alone and beside a flow in bulk.
 */
#ifndef TUN_BENCH_LATENCY_H
#define TUN_BENCH_LATENCY_H

#include "../bench.h"
#include "../ring.h"

#define NAME	"bench0"

/* The clock's count from the sending of a ping to its return. */
struct took {
	uint64_t mean, median, p99, p999;
	unsigned int lost;	/* pings that did not come back, not in the others */
};

/*
 * A user of the tun: turns packets round until stop is set. run_slow, of some users,
 * waits after each packet until take_next() returns.
 */
struct turner {
	const char *name;
	const char *(*set_up)(void);	/* makes NAME; NULL, or why it cannot run */
	void (*run)(const bool *stop);
	void (*run_slow)(const bool *stop);
};

/* The settings of one run. Times are in units of the clock. */
struct plan {
	unsigned int pings;
	uint64_t gap;		/* between pings, up to this, at random */
	unsigned int burst;	/* packets of the flow in bulk, or 0 */
	uint64_t period;	/* from one burst to the next */
	uint64_t take;		/* a slow user: from one packet to the next, or 0 */
};

/* Packets of a run's flow in bulk. */
struct bulk_count {
	uint64_t sent, came;
};

/* ---- turn.c ---- */
extern const struct turner turners[];	/* ends without a name */

void packet_turn(void *packet);
void epoll_open(int fd);
void epoll_sleep(void);

/* ---- mapped.c ---- */
const char *mapped_set_up(void);
void mapped_epoll_run(const bool *stop);
void mapped_enter_run(const bool *stop);
void mapped_enter_all_run(const bool *stop);
void mapped_busy_run(const bool *stop);
const char *mapped_flow_set_up(void);
void mapped_slow_run(const bool *stop);

/* ---- served.c ---- */
const char *served_vhost_set_up(void);
const char *served_guest_set_up(void);
const char *served_guest_pinned_set_up(void);
const char *served_guest_deferred_set_up(void);
const char *served_attached_set_up(void);
const char *served_attached_pinned_set_up(void);
void served_run(const bool *stop);

/* ---- thread.c ---- */
bool thread_alone(void);
void thread_place(unsigned int cpu, unsigned int priority);
int thread_socket(unsigned int port);
void thread_socket_patience(int sk, unsigned int seconds);

/* ---- bulk.c ---- */
void bulk_begin(const struct plan *plan);
struct bulk_count bulk_end(void);

/* ---- ping.c ---- */
struct took ping_all(const struct plan *plan);

/* ---- slow.c ---- */
void take_begin(uint64_t period);
void take_next(void);

#endif
