/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef EXEC_SETUP_H
#define EXEC_SETUP_H

#include <stdbool.h>

struct exec_file;

void exec_setup_deny(void);
/* The caller holds the lock of the file. */
bool exec_setup_ready(struct exec_file *f, int fd);
void exec_setup_aside(struct exec_file *f, int fd, const char *why);

#endif /* EXEC_SETUP_H */
