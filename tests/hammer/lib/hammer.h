/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hammer: random calls with plausible and implausible arguments on files,
 * devices and memory that all threads of all processes share.
 *
 * Each call is counted by its name, so that a run fails that never reached one of
 * them. All choices come from one seed.
 */
#ifndef TUN_HAMMER_H
#define TUN_HAMMER_H

#include <setjmp.h>

#include "lib.h"

#include <linux/if_tun_ring.h>
#include <linux/vring.h>

/* Shared files have fixed descriptors, so that a closed number stays free. */
#define H_TUNS		6
#define H_VRINGS	4
#define H_EVENTS	6
#define H_SPACES	2
#define H_TUN		100
#define H_VRING		120
#define H_EVENT		140
#define H_SPACE		160
#define H_NONE		99	/* always closed */

#define H_DEVS		4
#define H_ROWS		96

/* Memory of rings, buffers and dirty log, at a fixed address below 4 GiB. */
#define H_ARENA		((uint8_t *)0x20000000)
#define H_SETS		8		/* pairs of rings */
#define H_VQ		16384UL		/* bytes for one ring */
#define H_ENTRIES	64
#define H_RINGS		(2 * H_SETS * H_VQ)
#define H_POOL		(1UL << 20)
#define H_LOG		65536UL
#define H_ARENA_LEN	(H_RINGS + H_POOL + H_LOG)

/* One row of the table at the end of a run. */
struct h_row {
	uint32_t ok, failed;	/* atomic */
};

/* Memory that all processes of a run share. */
struct h_shared {
	struct h_row rows[H_ROWS];
	struct tun_ring_setup setup[H_TUNS];	/* each file's last set-up */
	int stop;				/* atomic */
};

extern struct h_shared *h_shared;

/* An operation of a thread; weight is its share among all operations. */
struct h_op {
	void (*fn)(void);
	unsigned int weight;
};

/* One ring in memory, as a thread sees it. */
struct h_vq {
	struct vring_desc *desc;
	struct vring_avail *avail;
	struct vring_used *used;
	unsigned int entries;
};

/* ---- random.c ---- */
void h_seed(uint64_t seed);
uint32_t h_random(void);
uint32_t h_below(uint32_t n);
bool h_one_in(uint32_t n);
uint64_t h_odd(void);
void h_spoil(void *p, size_t len);

/* ---- count.c ---- */
int h_note(const char *name, long ret);
int h_ioctl(int fd, unsigned long cmd, unsigned long arg);
int h_call(int fd, unsigned long cmd, void *arg, size_t len);
int h_missing(bool print);
void h_table(void);

/* ---- world.c: the shared files, devices and memory ---- */
int h_shared_create(void);
int h_world_create(void);
int h_tun(void);
int h_vringfd(void);
int h_event(void);
const char *h_dev(unsigned int i);
const char *h_some_dev(void);
int h_setiff(int fd, unsigned int i, const char *name);
struct h_vq h_vq_at(unsigned int set, unsigned int dir);
void h_vq_reset(unsigned int set, unsigned int dir);
uint8_t *h_pool(void);

/* ---- touch.c: memory that may vanish ---- */
bool h_touch(void (*fn)(void *), void *arg);
void h_touch_init(void);

/* ---- faults.c: failing allocations ---- */
bool h_faults_on(void);
void h_faults_off(void);
bool h_faults_here(bool on);

/* ---- feed.c: entries of rings ---- */
void h_feed(const struct h_vq *vq, bool rx, unsigned int n);

/* ---- the operations ---- */
extern const struct h_op h_ops_tun[], h_ops_ring[], h_ops_guest[],
	h_ops_vring[], h_ops_io[], h_ops_net[], h_ops_mem[];

#endif
