/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* The receive ring of a file. */
#ifndef EXEC_RING_H
#define EXEC_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

struct exec_file;

bool exec_ring_has(const struct exec_file *f);
ssize_t exec_ring_take(struct exec_file *f, const struct iovec *iov, int n);
void exec_ring_clear(struct exec_file *f);
bool exec_ring_publish(struct exec_file *f);
void exec_ring_fill(struct exec_file *f);

#endif /* EXEC_RING_H */
