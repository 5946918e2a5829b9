/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* The calls of epoll(7). */
#ifndef EXEC_EPOLL_H
#define EXEC_EPOLL_H

#include <sys/epoll.h>

void exec_epoll_begin(void);
void exec_epoll_closed(int fd);
/* Returns the result, or 0 if the kernel is to answer. */
int exec_epoll_answer(int ep, struct epoll_event *events, int max);

#endif /* EXEC_EPOLL_H */
