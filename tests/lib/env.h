/* SPDX-License-Identifier: GPL-2.0 */
/* A device in a network namespace of its own, and traffic through the device. */
#ifndef TUN_TESTS_ENV_H
#define TUN_TESTS_ENV_H

#include <pthread.h>

#include "qdisc.h"
#include "thread.h"
#include "tring.h"

#define TUN_PLAIN	(IFF_TUN | IFF_NO_PI)
#define TAP_PLAIN	(IFF_TAP | IFF_NO_PI)

struct flood;

/* ---- env.c ---- */
struct env {
	char name[IFNAMSIZ];
	bool tap;
	int fd;		/* the queue */
	int sk;		/* a packet socket on the device */
};

int env_open(struct env *e, const char *name, int flags);
void env_close(struct env *e);
int env_down(struct env *e);
int env_up(struct env *e);
int env_inject(const struct env *e, uint32_t seq, size_t len);
int env_inject_n(const struct env *e, uint32_t from, unsigned int n,
		 size_t len);
int env_put(const struct env *e, struct tring *r, uint32_t from, unsigned int n,
	    size_t len);
void env_drain(struct env *e);
int env_expect(struct env *e, struct tring *r, uint32_t from, unsigned int n);
int env_expect_used(struct env *e, struct tring *r, uint32_t from);
int env_expect_plain(struct env *e, uint32_t from, unsigned int n);
int env_seen(struct env *e, uint32_t from, unsigned int n);
int env_through_teardown(struct env *e, struct tring *r, struct flood *f,
			 uint32_t *next);
int env_none_lost(const struct env *e, uint32_t n);
int env_rings(struct env *e, struct tring *r, struct mode *m,
	      const struct tconf *c);

/* ---- seq.c: packets with a sequence number ---- */
#define SEQ_MIN		24	/* IPv4 header and the number */

size_t seq_pkt(void *buf, bool tap, uint32_t seq, size_t len);
int64_t seq_of(const void *buf, size_t len, bool tap);

/* ---- flood.c: a thread that sends numbered packets ---- */
struct flood {
	pthread_t thread;
	const char *name;	/* of the device */
	bool tap;
	size_t len;
	uint32_t n;		/* packets to send, 0: until stop is set */
	uint32_t window;	/* most packets ahead of done, 0: no limit */
	uint32_t sent, done;	/* atomic */
	int stop;		/* atomic */
	int err;
	bool running;
};

int flood_start(struct flood *f);
void flood_done(struct flood *f, uint32_t n);
uint32_t flood_sent(struct flood *f);
int flood_join(struct flood *f, bool stop);

/* ---- skbfilter.c ---- */
int skbfilter_attach(int sk, int offset, uint32_t want);

/* ---- dmesg.c ---- */
int dmesg_open(void);
int dmesg_count(int fd, const char *word);

/* ---- after.c: a function that runs while the test is blocked ---- */
struct after {
	pthread_t thread;
	pid_t tid;		/* the thread that must be blocked first */
	void (*fn)(void *);
	void *arg;
	int ret;
};

int after_start(struct after *a, void (*fn)(void *), void *arg);
int after_join(struct after *a);

#endif
