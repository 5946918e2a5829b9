// SPDX-License-Identifier: GPL-2.0
/* The processors of threads, and functions that senders share. */
#include <arpa/inet.h>
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "latency.h"

/* There is one processor for everybody. */
bool thread_alone(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN) == 1;
}

/* The caller's place; with one processor, everybody's is the same. */
void thread_place(unsigned int cpu, unsigned int priority)
{
	struct sched_param param = { .sched_priority = priority };
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu % sysconf(_SC_NPROCESSORS_ONLN), &set);
	if (sched_setaffinity(0, sizeof(set), &set) ||
	    sched_setscheduler(0, priority ? SCHED_FIFO : SCHED_OTHER, &param))
		die("a thread's place: %s", strerror(errno));
}

/* Receiving gives up, with EAGAIN. */
void thread_socket_patience(int sk, unsigned int seconds)
{
	struct timeval patience = { .tv_sec = seconds };

	if (setsockopt(sk, SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience)))
		die("SO_RCVTIMEO: %s", strerror(errno));
}

/* Receiving gives up, so that a lost packet ends the run. */
int thread_socket(unsigned int port)
{
	struct sockaddr_in peer = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = inet_addr(NET_PEER),
	};
	int sk = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int room = 64 << 20;

	if (sk < 0 ||
	    setsockopt(sk, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
	    connect(sk, (void *)&peer, sizeof(peer)))
		die("socket: %s", strerror(errno));
	thread_socket_patience(sk, 20);
	return sk;
}
