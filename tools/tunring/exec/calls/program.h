/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* A process gives its rings up for execve(2) and for a seccomp filter. */
#ifndef EXEC_PROGRAM_H
#define EXEC_PROGRAM_H

void exec_program_filters(void);
void exec_program_ends(void);

#endif /* EXEC_PROGRAM_H */
