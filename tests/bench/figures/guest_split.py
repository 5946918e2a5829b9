# SPDX-License-Identifier: GPL-2.0
"""The instructions of each symbol in a machine with a guest of QEMU in it, and the
symbol's group."""
import re
from collections import defaultdict

from .symbols import KERNEL, Symbols

# A kernel's folders are linked one after the other, so a symbol of the first file of
# one folder tells where the other folder ends. Sections of their own come last.
FOLDERS = {
    "_text": "other",
    "__traceiter_sched_kthread_stop": "scheduler",
    "__traceiter_contention_begin": "locks",
    "irq_free_descs": "entry",
    "rcu_gp_is_normal": "locks",
    "jiffies_to_msecs": "time",
    "futex_hash": "other",
    "filemap_check_errors": "memory",
    "generic_file_open": "files",
    "ipcget": "other",
    "key_payload_reserve": "stack",  # its security modules
    "crypto_mod_get": "other",
    "sock_from_file": "stack",
    "argv_split": "other",
    "__sched_text_start": "scheduler",
    "__cpuidle_text_start": "time",
    "__lock_text_start": "locks",
    "__entry_text_start": "entry",
}

# Functions that all folders call, and functions that belong together but lie apart.
NAMES = tuple((re.compile(pattern), group) for pattern, group in (
    (r"(srso_|__x86_(indirect|return)_)", "thunks"),
    (r"_*(copy_(to|from|user|page)|(get|put)_user_|mem(cpy|move)|iov_iter_)",
     "copies"),
    (r"(_*import_|iovec_from_user|__virt_addr_valid)", "copies"),
    (r".*check_(object_size|heap_object|stack_object)$", "copies"),
    (r"(memset|clear_page)", "memory"),
    (r"(.*syscall|x64_sys_call|exit_to_user_mode|.*softirq|"
     r"_*irq_(exit|enter|work)|.*sysvec_)", "entry"),
    (r"(native_load_tr_desc|load_(direct|fixmap)_gdt|x86_virt_spec_ctrl)$", "kvm"),
    (r"__switch_to", "scheduler"),
))
MODULES = ((re.compile(r".*\[(tun|vhost|vhost_net|vhost_iotlb|tap)\]$"), "rings"),
           (re.compile(r".*\[kvm(_amd)?\]$"), "kvm"), (re.compile(r".*\]$"), "other"))

# Programs, and the modules of the guest's kernel, have no symbols here. guest-flow
# is the only program in the guest, and the only one in the machine with an address
# that is not random: all other programs of the machine are counted as QEMU.
FIXED_PROGRAMS = 0x10000000
MODULE_AREA = 0xffffffffc0000000
NOT_MOVED = 0xffffffff81000000


def group_of(name, folder):
    """@folder: the group of the folder that the symbol lies in."""
    for pattern, group in MODULES + NAMES:
        if pattern.match(name):
            return group
    return folder


def groups_of(symbols):
    """The group of each symbol, in the order of addresses."""
    folder, out = "other", []
    for _, name in symbols:
        folder = FOLDERS.get(name, folder)
        out.append(group_of(name, folder))
    return out


def nameless(address, guest):
    """The group of a block that has no symbol, or None."""
    if address < KERNEL:
        return "program" if guest or address < FIXED_PROGRAMS else "qemu"
    return "virtio" if guest and address >= MODULE_AREA else None


def per_packet(row):
    """Packets, or KiB of a stream, in all bursts of a row."""
    return row["bursts"] * (1024 if row["size"] == "tcp" else 64)


def split(blocks, symbols, rows):
    """Rows of instructions by symbol. A pair of marks in the blocks without a row is
    of a measurement that failed. The guest has the machine's kernel, without the
    random offset of its address."""
    table, groups = Symbols(symbols), groups_of(symbols)
    moved = dict((name, address) for address, name in symbols)["_text"] - NOT_MOVED
    counts = defaultdict(float)
    for address, pair, count, guest in blocks:
        if pair >= len(rows):
            continue
        group = nameless(address, guest)
        name = f"[{group}]"
        if not group:
            at = table.index(address + (moved if guest else 0))
            name, group = symbols[at][1], groups[at]
        side = "guest" if guest else "host"
        counts[pair, f"{side}-{group}", name] += count / per_packet(rows[pair])
    return [{"way": rows[pair]["way"], "direction": rows[pair]["direction"],
             "size": rows[pair]["size"], "clock": rows[pair]["instructions"],
             "group": group, "symbol": name, "instructions": round(count, 2)}
            for (pair, group, name), count in counts.items()]
