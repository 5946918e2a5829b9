// SPDX-License-Identifier: GPL-2.0
/* XDP programs, without libbpf. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <net/if.h>
#include <sys/syscall.h>

#include "bpf.h"

int bpf_call(int cmd, union bpf_attr *attr)
{
	int ret = syscall(__NR_bpf, cmd, attr, sizeof(*attr));

	if (ret < 0)
		die("bpf %d: %s", cmd, strerror(errno));
	return ret;
}

int bpf_load_xdp(const struct bpf_insn *program, unsigned int n)
{
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insns = (uintptr_t)program,
		.insn_cnt = n,
		.license = (uintptr_t)"GPL",
	};

	return bpf_call(BPF_PROG_LOAD, &load);
}

int bpf_link_xdp(const char *name, int program, unsigned int flags)
{
	union bpf_attr link = { };
	int fd;

	link.link_create.prog_fd = program;
	link.link_create.target_ifindex = if_nametoindex(name);
	link.link_create.attach_type = BPF_XDP;
	link.link_create.flags = flags;
	fd = bpf_call(BPF_LINK_CREATE, &link);
	close(program);
	return fd;
}
