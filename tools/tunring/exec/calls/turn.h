/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * Calls that wait for several files. Where a tun that the program waits for has
 * packets in its ring, the ring answers, without a system call.
 *
 * The ring answers EXEC_TURNS times at most, then the kernel does: the program's other
 * files must have their turn. The kernel's answer is always right, because each read
 * leaves the program's position for the kernel. After the library stepped aside, the
 * ring answers until its last packets are read.
 */
#ifndef EXEC_TURN_H
#define EXEC_TURN_H

#include <stdbool.h>

#define EXEC_TURNS	31

bool exec_turn_has(int fd);
bool exec_turn_take(int fd);

#endif /* EXEC_TURN_H */
