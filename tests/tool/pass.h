/* SPDX-License-Identifier: GPL-2.0 */
/* Descriptors from one process to another, with some bytes. */
#ifndef PASS_H
#define PASS_H

#include <stddef.h>

/* Two of them; fd twice, if mem is none. Returns 0 or a negative errno. */
int pass_send(int sock, int fd, int mem, const void *data, size_t len);
/* Returns 0, or -1: it was something else. */
int pass_recv(int sock, int fds[2], void *data, size_t len);

#endif /* PASS_H */
