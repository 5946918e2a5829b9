/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TCP from one namespace to another through two tuns. One program moves
 * the packets between them.
 */
#ifndef TUN_BENCH_TIME_H
#define TUN_BENCH_TIME_H

#include "../bench.h"

#define MAX_QUEUES	8
#define MAX_FLOWS	8

struct pump_counts {
	uint64_t moved, too_long;
	uint64_t dropped;	/* by the tuns */
	uint64_t qdisc_dropped;	/* before them, by the stack's own queues */
	uint64_t late;		/* times that packets were there and nobody woke us */
};

/* ---- pump.c: a thread for each queue ---- */
enum pump_kind { PUMP_PLAIN, PUMP_RINGS, PUMP_FLOW };

const char *pump_open(enum pump_kind kind, unsigned int queues, const int *spaces);
void pump_begin(void);
struct pump_counts pump_end(const int *spaces);

/* ---- space.c: the two namespaces ---- */
#define NEAR		0
#define FAR		1

void space_create(int *spaces);
void space_enter(int space);
void space_up(const char *name, int which);
uint64_t space_drops(const char *name);
uint64_t space_qdisc_drops(const char *name);
uint64_t space_counter(const char *protocol, const char *counter);

/* ---- flow.c: a thread for each end of each connection ---- */
void flow_begin(const int *spaces, unsigned int flows);
void flow_bytes(uint64_t *bytes);
void flow_end(void);

#endif
