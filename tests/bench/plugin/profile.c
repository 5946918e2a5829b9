// SPDX-License-Identifier: GPL-2.0
/*
 * A QEMU plugin: how often each piece of code ran between the marks of
 * ../mark.c.
 *
 *	-plugin profile.so,out=FILE
 *
 * At the end FILE has a line for each translated block and each pair of marks
 * between which it ran: its address, the number of the pair, the instructions
 * executed, and 1 if a guest's processor ran it, which VMRUN had started: it may
 * have other code at the same address.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qemu-plugin-api.h"

#define EXPORT __attribute__((visibility("default")))

#define MAX_PAIRS	32

struct block {
	struct block *next;
	uint64_t addr;
	unsigned int insns;
	bool guest;
	uint64_t runs[MAX_PAIRS];
};

EXPORT int qemu_plugin_version = PLUGIN_API_VERSION;

/* nopl DISP32(%rax): the bytes of a mark but for the last byte of DISP32 */
static const uint8_t mark[] = { 0x0f, 0x1f, 0x80 };
static const uint8_t mark_on[] = { 0x31, 0x74, 0x75, 0x6e };
static const uint8_t mark_off[] = { 0x30, 0x74, 0x75, 0x6e };

static const uint8_t vmrun[] = { 0x0f, 0x01, 0xd8 };

static struct block *blocks;
static bool counting;
static unsigned int pair;	/* of marks; later ones than fit are left out */
static const char *out;

static bool in_guest;
static uint64_t exit_addr;	/* the first code after an exit of a guest */

static void block_ran(unsigned int vcpu, void *data)
{
	struct block *b = data;

	if (counting && pair < MAX_PAIRS)
		b->runs[pair]++;
}

static void counting_on(unsigned int vcpu, void *data)
{
	counting = true;
}

static void counting_off(unsigned int vcpu, void *data)
{
	if (counting)
		pair++;
	counting = false;
}

static void guest_entered(unsigned int vcpu, void *data)
{
	in_guest = true;
}

static void guest_left(unsigned int vcpu, void *data)
{
	in_guest = false;
}

static void find_vmrun(struct qemu_plugin_insn *insn)
{
	if (qemu_plugin_insn_size(insn) != sizeof(vmrun) ||
	    memcmp(qemu_plugin_insn_data(insn), vmrun, sizeof(vmrun)))
		return;
	exit_addr = qemu_plugin_insn_vaddr(insn) + sizeof(vmrun);
	qemu_plugin_register_vcpu_insn_exec_cb(insn, guest_entered,
					       PLUGIN_CB_NO_REGS, NULL);
}

static void find_mark(struct qemu_plugin_insn *insn)
{
	const uint8_t *p = qemu_plugin_insn_data(insn);

	if (qemu_plugin_insn_size(insn) != sizeof(mark) + sizeof(mark_on) ||
	    memcmp(p, mark, sizeof(mark)))
		return;
	p += sizeof(mark);
	if (!memcmp(p, mark_on, sizeof(mark_on)))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, counting_on,
						       PLUGIN_CB_NO_REGS, NULL);
	else if (!memcmp(p, mark_off, sizeof(mark_off)))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, counting_off,
						       PLUGIN_CB_NO_REGS, NULL);
}

/*
 * QEMU translates under a lock; with one processor nobody else is here. It does so
 * when the block is about to run, and never takes a guest's for the machine's.
 */
static void translated(plugin_id id, struct qemu_plugin_tb *tb)
{
	struct block *b = calloc(1, sizeof(*b));
	size_t i;

	if (!b)
		abort();
	b->addr = qemu_plugin_tb_vaddr(tb);
	b->insns = qemu_plugin_tb_n_insns(tb);
	b->guest = in_guest && b->addr != exit_addr;
	b->next = blocks;
	blocks = b;
	qemu_plugin_register_vcpu_tb_exec_cb(tb, block_ran, PLUGIN_CB_NO_REGS,
					     b);
	if (b->addr == exit_addr)
		qemu_plugin_register_vcpu_tb_exec_cb(tb, guest_left,
						     PLUGIN_CB_NO_REGS, NULL);
	for (i = 0; i < b->insns; i++) {
		find_mark(qemu_plugin_tb_get_insn(tb, i));
		find_vmrun(qemu_plugin_tb_get_insn(tb, i));
	}
}

static void write_all(plugin_id id, void *data)
{
	const struct block *b;
	FILE *f = fopen(out, "w");
	unsigned int i;

	if (!f) {
		perror(out);
		return;
	}
	for (b = blocks; b; b = b->next)
		for (i = 0; i < MAX_PAIRS; i++)
			if (b->runs[i])
				fprintf(f, "%016llx %u %llu %d\n",
					(unsigned long long)b->addr, i,
					(unsigned long long)b->runs[i] *
					b->insns, b->guest);
	fclose(f);
}

EXPORT int qemu_plugin_install(plugin_id id, const struct qemu_info *info,
			       int argc, char **argv)
{
	int i;

	for (i = 0; i < argc; i++)
		if (!strncmp(argv[i], "out=", 4))
			out = strdup(argv[i] + 4);
	if (!out) {
		fprintf(stderr, "profile: no out=FILE\n");
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, write_all, NULL);
	return 0;
}
