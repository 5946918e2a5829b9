/* SPDX-License-Identifier: GPL-2.0 */
/* XDP programs, without libbpf. Errors end the program by die(). */
#ifndef TUN_BENCH_BPF_H
#define TUN_BENCH_BPF_H

#include <linux/bpf.h>

#include "bench.h"

int bpf_call(int cmd, union bpf_attr *attr);

/*
 * Attaches a program of n instructions to a device, with XDP_FLAGS_*. Returns the
 * link's file: the program goes with the link.
 */
int bpf_attach_xdp(const char *name, const struct bpf_insn *program,
		   unsigned int n, unsigned int flags);

#endif
