/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* The table of file descriptors: which of them are tun queues. */
#ifndef EXEC_TABLE_H
#define EXEC_TABLE_H

#include <stdbool.h>
#include <stdint.h>

struct exec_file;

#define EXEC_MAX_FD	65536

/* A bit for each descriptor, as in an fd_set. */
extern uint64_t exec_table_bits[EXEC_MAX_FD / 64];

void exec_table_begin(void);
bool exec_table_empty(void);
struct exec_file *exec_table_find(int fd);
struct exec_file *exec_table_get(int fd);
void exec_table_set(int fd, struct exec_file *f);
struct exec_file *exec_table_take(int fd);
void exec_table_copy(int fd, int to);
int exec_table_next(int fd);

#endif /* EXEC_TABLE_H */
