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
};

/* A user of the tun: turns packets round until stop is set. */
struct turner {
	const char *name;
	const char *(*set_up)(void);	/* makes NAME; NULL, or why it cannot run */
	void (*run)(const bool *stop);
};

/* The settings of one run. Times are in units of the clock. */
struct plan {
	unsigned int pings;
	uint64_t gap;		/* between pings, up to this, at random */
	unsigned int burst;	/* packets of the flow in bulk, or 0 */
	uint64_t period;	/* from one burst to the next */
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

/* ---- bulk.c ---- */
void bulk_begin(const struct plan *plan);
uint64_t bulk_end(void);

/* ---- ping.c ---- */
struct took ping_all(const struct plan *plan);

#endif
