// SPDX-License-Identifier: GPL-2.0
/* BPF programs of a few instructions, loaded without libbpf. */
#include <sys/syscall.h>
#include <linux/bpf.h>

#include "lib.h"
#include "insn.h"

static int sys_bpf(int cmd, union bpf_attr *attr)
{
	int ret = syscall(__NR_bpf, cmd, attr, sizeof(*attr));

	return ret < 0 ? -errno : ret;
}

int bpf_load(int type, const struct bpf_insn *prog, int len)
{
	union bpf_attr attr = {
		.prog_type = type,
		.insns = (uintptr_t)prog,
		.insn_cnt = len,
		.license = (uintptr_t)"GPL",
	};

	return sys_bpf(BPF_PROG_LOAD, &attr);
}

int bpf_const(int type, int value)
{
	struct bpf_insn prog[] = { MOV_IMM(0, value), EXIT };

	return bpf_load(type, prog, ARRAY_LEN(prog));
}

/* A socket filter that returns the byte of the packet at this offset. */
int bpf_queue_from_byte(int offset)
{
	struct bpf_insn prog[] = {
		MOV_REG(6, 1), LD_ABS_B(offset), EXIT,
	};

	return bpf_load(BPF_PROG_TYPE_SOCKET_FILTER, prog, ARRAY_LEN(prog));
}

int bpf_map(int type, int key, int value, int entries)
{
	union bpf_attr attr = {
		.map_type = type,
		.key_size = key,
		.value_size = value,
		.max_entries = entries,
	};

	return sys_bpf(BPF_MAP_CREATE, &attr);
}

int bpf_map_put(int map, const void *key, const void *value)
{
	union bpf_attr attr = {
		.map_fd = map,
		.key = (uintptr_t)key,
		.value = (uintptr_t)value,
	};

	return sys_bpf(BPF_MAP_UPDATE_ELEM, &attr);
}

/*
 * Attaches a classifier to packets that the device gives to the stack (Linux 6.6).
 * Returns a file; the classifier ends with the file.
 */
int bpf_tcx_ingress(const char *dev, int prog)
{
	union bpf_attr attr = {
		.link_create.prog_fd = prog,
		.link_create.target_ifindex = if_nametoindex(dev),
		.link_create.attach_type = 46 /* BPF_TCX_INGRESS */,
	};

	return sys_bpf(BPF_LINK_CREATE, &attr);
}

int xdp_const(int action)
{
	return bpf_const(BPF_PROG_TYPE_XDP, action);
}

int xdp_redirect(int map, int key)
{
	struct bpf_insn prog[] = {
		LD_MAP(1, map), MOV_IMM(2, key), MOV_IMM(3, 0),
		CALL(BPF_FUNC_redirect_map), EXIT,
	};

	return bpf_load(BPF_PROG_TYPE_XDP, prog, ARRAY_LEN(prog));
}

/* An XDP program that moves the packet's head and tail and returns the action. */
int xdp_adjust(int head, int tail, int action)
{
	struct bpf_insn prog[] = {
		MOV_REG(6, 1),
		MOV_IMM(2, head), CALL(BPF_FUNC_xdp_adjust_head),
		MOV_REG(1, 6),
		MOV_IMM(2, tail), CALL(BPF_FUNC_xdp_adjust_tail),
		MOV_IMM(0, action), EXIT,
	};

	return bpf_load(BPF_PROG_TYPE_XDP, prog, ARRAY_LEN(prog));
}

/* An XDP program that swaps the MAC addresses and returns XDP_TX. */
int xdp_swap_mac_tx(void)
{
	struct bpf_insn prog[] = {
		LDX(BPF_W, 2, 1, 0), LDX(BPF_W, 3, 1, 4),
		MOV_REG(4, 2), ADD_IMM(4, 14), JGT_REG(4, 3, 10),
		LDX(BPF_W, 5, 2, 0), LDX(BPF_H, 6, 2, 4),
		LDX(BPF_W, 7, 2, 6), LDX(BPF_H, 8, 2, 10),
		STX(BPF_W, 2, 7, 0), STX(BPF_H, 2, 8, 4),
		STX(BPF_W, 2, 5, 6), STX(BPF_H, 2, 6, 10),
		MOV_IMM(0, XDP_TX), EXIT,
		MOV_IMM(0, XDP_ABORTED), EXIT,
	};

	return bpf_load(BPF_PROG_TYPE_XDP, prog, ARRAY_LEN(prog));
}

/* An XDP program that drops the frames of queue 1. */
int xdp_queue_drop(void)
{
	struct bpf_insn prog[] = {
		LDX(BPF_W, 2, 1, offsetof(struct xdp_md, rx_queue_index)),
		MOV_IMM(0, XDP_PASS), JNE_IMM(2, 1, 1),
		MOV_IMM(0, XDP_DROP), EXIT,
	};

	return bpf_load(BPF_PROG_TYPE_XDP, prog, ARRAY_LEN(prog));
}
