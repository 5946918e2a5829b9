/* SPDX-License-Identifier: GPL-2.0 */
/* XDP programs, without libbpf. Errors end the program by die(). */
#ifndef TUN_BENCH_BPF_H
#define TUN_BENCH_BPF_H

#include <linux/bpf.h>

#include "bench.h"

int bpf_call(int cmd, union bpf_attr *attr);

/* Loads a program of n instructions. Returns the program's file. */
int bpf_load_xdp(const struct bpf_insn *program, unsigned int n);

/*
 * Attaches a program to a device, with XDP_FLAGS_*, and closes the program's file.
 * Returns the link's file: the program goes with the link.
 */
int bpf_link_xdp(const char *name, int program, unsigned int flags);

#endif
