/* SPDX-License-Identifier: GPL-2.0 */
/* A queue exchanges packets in each of its modes, and counters show the costs. */
#ifndef TUN_VRINGFD_COST_H
#define TUN_VRINGFD_COST_H

#include "attach.h"
#include "tunvr.h"

#define COST_LEN	100	/* bytes of a packet */

struct cost_queue {
	struct tv t;
	struct tring r;
};

/**
 * struct cost_mode - a mode in which a queue exchanges packets
 * @name: name in the table
 * @open: sets up the rings of an open queue
 * @close: takes the rings down
 * @take: receives all packets and returns their number
 * @wait: sleeps until a packet arrives
 * @put: transmits @n packets and kicks the kernel
 */
struct cost_mode {
	const char *name;
	int (*open)(struct cost_queue *q);
	void (*close)(struct cost_queue *q);
	unsigned int (*take)(struct cost_queue *q);
	void (*wait)(struct cost_queue *q);
	int (*put)(struct cost_queue *q, unsigned int n);
};

extern const struct cost_mode cost_modes[];
extern const unsigned int cost_nmodes;

int syscalls_open(void);
unsigned long syscalls_count(int fd);
unsigned long thread_switches(const char *comm);
unsigned int fds_count(void);

#endif
