// SPDX-License-Identifier: GPL-2.0
/* A socket filter that checks a field of the skb. */
#include "insn.h"
#include "env.h"

/*
 * The socket receives the packets whose word at this offset of struct __sk_buff
 * is want.
 */
int skbfilter_attach(int sk, int offset, uint32_t want)
{
	struct bpf_insn prog[] = {
		LDX(BPF_W, 2, 1, offset),
		INSN(BPF_JMP32 | BPF_JNE | BPF_K, 2, 0, 2, want),
		MOV_IMM(0, 0x40000), EXIT,
		MOV_IMM(0, 0), EXIT,
	};
	int fd = bpf_load(BPF_PROG_TYPE_SOCKET_FILTER, prog, ARRAY_LEN(prog));
	int ret = 0;

	if (fd < 0)
		return fd;
	if (setsockopt(sk, SOL_SOCKET, SO_ATTACH_BPF, &fd, sizeof(fd)))
		ret = -errno;
	close(fd);
	return ret;
}
