/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A program as a VPN is one: it calls libc on a tun descriptor, and prints what each
 * call returned. The output with rings must be the output without.
 */
#ifndef PROBE_H
#define PROBE_H

#include "lib.h"

#define TUN	(IFF_TUN | IFF_NO_PI)
#define TAP	(IFF_TAP | IFF_NO_PI)
#define NAME	"probe0"

/* A device, and a packet socket on its other side. */
struct probe {
	int	fd;
	int	sk;
	bool	tap;
	int	sent;	/* packets so far */
};

struct probe_case {
	const char	*name;
	void		(*run)(struct probe *p);
	int		flags;	/* of TUNSETIFF */
};

extern const struct probe_case probe_waits[], probe_reads[], probe_forks[],
	probe_shares[], probe_states[], probe_asides[];

/* Packets to the program, each of another length and content. */
void probe_send(struct probe *p, int n, int payload);
/* Read, and print the result: the length and a checksum, or the error. */
void probe_read(struct probe *p, size_t room);
void probe_say(const char *what, ssize_t ret, const void *data);
/* Write packets to the device, and print how many arrive behind it. */
void probe_write(struct probe *p, int n);
void probe_die(const char *what);
/* Wait until the process sleeps in a system call. */
void probe_wait_asleep(pid_t pid);
/* An epoll set with the tun. waits_epoll_once() returns the events, without a wait. */
void waits_epoll_add(struct probe *p, unsigned int events);
int waits_epoll_once(struct probe *p);

#endif /* PROBE_H */
