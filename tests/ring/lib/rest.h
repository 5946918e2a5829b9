/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TUN_RING_REST_H
#define TUN_RING_REST_H

#include <sys/types.h>

pid_t thread_named(const char *prefix);
pid_t ring_thread(pid_t owner);
int thread_rests(pid_t pid);
int at_rest(pid_t owner);

#endif
