/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * An open file of a tun device. Descriptors that dup(2) made share it, and so do
 * processes that fork(2) made: their part of it lies in shared memory.
 */
#ifndef EXEC_FILE_H
#define EXEC_FILE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/if_tun_ring.h>

enum exec_state {
	EXEC_NEW,	/* the first read sets rings up */
	EXEC_RINGS,
	EXEC_ASIDE,	/* read(2) reads, to the end of the file */
};

/**
 * struct exec_shared - what all processes with the file share
 * @lock: protects all below; state, nonblock and taken are loaded without it, too
 * @state: enum exec_state
 * @nonblock: O_NONBLOCK
 * @pi: packets have a struct tun_pi in front
 * @gone: a read has reported that the device is gone
 * @owner: the process that read last, or set the rings up
 * @taken: used entries that the program has read
 * @avail: entries given back to the kernel
 * @published: of these, entries that the kernel can see
 * @setup: sizes and offsets of the rings
 * @name: of the device
 * @packets: packets read from the ring
 * @calls: system calls for that
 * @answers: calls that wait for several files, answered from the ring
 */
struct exec_shared {
	pthread_mutex_t		lock;
	int			state;
	int			nonblock;
	bool			pi;
	bool			gone;
	pid_t			owner;
	uint16_t		taken;
	uint16_t		avail;
	uint16_t		published;
	struct tun_ring_setup	setup;
	char			name[16];
	uint64_t		packets;
	uint64_t		calls;
	uint64_t		answers;
};

/**
 * struct exec_file - what this process has of the file
 * @refs: descriptors and calls that use it; 0: the place is free
 * @shared: shared with other processes
 * @driver, @device, @pool: areas of the rings, or NULL
 *
 * Calls look at the areas without the lock, so the areas stay mapped until @refs is 0.
 */
struct exec_file {
	int			refs;
	struct exec_shared	*shared;
	uint8_t			*driver;
	uint8_t			*device;
	uint8_t			*pool;
};

struct exec_file *exec_file_new(void);
void exec_file_release(struct exec_file *f);
bool exec_file_lock(struct exec_file *f);
void exec_file_unlock(struct exec_file *f);
void exec_file_report(const struct exec_file *f);
void exec_file_begin(void);
void exec_file_forked(int (*count)(const struct exec_file *f));
pid_t exec_file_pid(void);
bool exec_file_borrowed(void);

#define EXEC_RELEASING	-1

/* References that calls of this thread hold now. */
extern __thread int exec_file_mine;

/*
 * The calls of this thread come to hold so many references more. A signal handler
 * may fork() before and behind each change of a count: @exec_file_mine is never too low.
 */
static inline void exec_file_holds(int more)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	exec_file_mine += more;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

static inline bool exec_file_hold(struct exec_file *f)
{
	int refs = __atomic_load_n(&f->refs, __ATOMIC_RELAXED);

	exec_file_holds(1);
	do {
		if (refs <= 0) {
			exec_file_holds(-1);
			return false;
		}
	} while (!__atomic_compare_exchange_n(&f->refs, &refs, refs + 1, true,
					      __ATOMIC_ACQUIRE, __ATOMIC_RELAXED));
	return true;
}

static inline void exec_file_put(struct exec_file *f)
{
	int refs = __atomic_load_n(&f->refs, __ATOMIC_RELAXED);

	while (!__atomic_compare_exchange_n(&f->refs, &refs,
					    refs == 1 ? EXEC_RELEASING : refs - 1,
					    true, __ATOMIC_ACQ_REL,
					    __ATOMIC_RELAXED))
		;
	if (refs == 1)
		exec_file_release(f);
	exec_file_holds(-1);
}

static inline int exec_file_state(const struct exec_file *f)
{
	return __atomic_load_n(&f->shared->state, __ATOMIC_ACQUIRE);
}

static inline void exec_file_set_state(struct exec_file *f, int state)
{
	__atomic_store_n(&f->shared->state, state, __ATOMIC_RELEASE);
}

#endif /* EXEC_FILE_H */
