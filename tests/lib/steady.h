/* SPDX-License-Identifier: GPL-2.0 */
/* Each case gives back its resources to the kernel: see steady.c. */
#ifndef TUN_TESTS_STEADY_H
#define TUN_TESTS_STEADY_H

void steady_begin(void);
int steady_end(int code);

#endif
