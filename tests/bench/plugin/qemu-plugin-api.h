/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of QEMU's interface for TCG plugins, version 1 (QEMU 4.2 to 8.2), as
 * the profiler calls; Debian 12 ships no header of it.
 */
#ifndef TUN_BENCH_QEMU_PLUGIN_API_H
#define TUN_BENCH_QEMU_PLUGIN_API_H

#include <stddef.h>
#include <stdint.h>

#define PLUGIN_API_VERSION	1

typedef uint64_t plugin_id;

struct qemu_info;
struct qemu_plugin_tb;
struct qemu_plugin_insn;

enum plugin_cb_flags {
	PLUGIN_CB_NO_REGS,
};

typedef void (*plugin_exec_cb)(unsigned int vcpu, void *data);

void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id,
		void (*cb)(plugin_id id, struct qemu_plugin_tb *tb));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb,
		plugin_exec_cb cb, enum plugin_cb_flags flags, void *data);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
		plugin_exec_cb cb, enum plugin_cb_flags flags, void *data);
void qemu_plugin_register_atexit_cb(plugin_id id,
		void (*cb)(plugin_id id, void *data), void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);

#endif
