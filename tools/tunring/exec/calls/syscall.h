/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* syscall(), by which some programs make calls that the other files know. */
#ifndef EXEC_SYSCALL_H
#define EXEC_SYSCALL_H

#include <sys/syscall.h>

#endif /* EXEC_SYSCALL_H */
