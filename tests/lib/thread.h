/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TUN_TESTS_THREAD_H
#define TUN_TESTS_THREAD_H

#include <pthread.h>
#include <sys/types.h>

pid_t thread_named(const char *prefix);
pid_t thread_of_rings(pid_t owner);
int thread_wait_blocked(pid_t tid);
int thread_wait_stuck(pid_t tid);
pid_t thread_start_blocked(pthread_t *thread, void *(*fn)(void *), void *arg);
int thread_wait_softirqs(void);
int thread_wait_idle(pid_t owner);

#endif
