# SPDX-License-Identifier: GPL-2.0
import os
import tempfile
import unittest

from .. import guest_groups, guest_split, profile, symbols
from . import sample

TEXT = 0xffffffff9a000000
KALLSYMS = """\
0000000000001000 A per_cpu
ffffffff9a000000 T _text
ffffffff9a000100 t serve
ffffffff9a000100 t serve_alias
ffffffff9a000200 T irq_free_descs
ffffffff9a000300 t kfree
ffffffff9a000400 t memcpy
ffffffffc0001000 t tun_get_user\t[tun]
"""


def from_file(text, function):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "file")
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        result = function(path)
        return result if isinstance(result, list) else list(result)


class Reading(unittest.TestCase):
    def test_functions_only_and_modules_in_their_names(self):
        names = [name for _, name in from_file(KALLSYMS, symbols.read_symbols)]
        self.assertEqual(names[0], "_text")
        self.assertEqual(names[-1], "tun_get_user[tun]")

    def test_blocks(self):
        self.assertEqual(
            from_file("ffffffff9a000100 2 30\n0000000000401000 0 4 1\n",
                      symbols.read_blocks),
            [(TEXT + 0x100, 2, 30.0, False), (0x401000, 0, 4.0, True)])

    def test_of_two_names_the_last_counts(self):
        found = from_file(KALLSYMS, symbols.read_symbols)
        self.assertEqual(found[symbols.Symbols(found).index(TEXT + 0x1ff)][1],
                         "serve_alias")


class OneKernel(unittest.TestCase):
    def setUp(self):
        self.symbols = from_file(KALLSYMS, symbols.read_symbols)
        self.blocks = [(TEXT + 0x310, 0, 400.0, False), (TEXT + 0x320, 0, 40.0, False),
                       (0xffffffffc0001010, 1, 100.0, False),
                       (0x401000, 1, 20.0, False)]

    def test_instructions_by_symbol(self):
        counts = profile.split(self.blocks, self.symbols, 10)
        self.assertEqual(dict(counts["kfree"]), {0: 44.0})
        self.assertEqual(dict(counts["tun_get_user[tun]"]), {1: 10.0})
        self.assertEqual(dict(counts["[user]"]), {1: 2.0})

    def test_blocks_of_one_function(self):
        counts = profile.split(self.blocks, self.symbols, 10, "tun_get_user")
        self.assertEqual({name: dict(each) for name, each in counts.items()},
                         {"+0x0010": {1: 10.0}})

    def test_text_is_sorted_by_instructions(self):
        rows = [sample.packet("ours", "ring", "rx", 64, 50.0),
                sample.packet("ours", "read", "rx", 64, 12.0)]
        lines = profile.text(rows, profile.split(self.blocks, self.symbols, 10))
        lines = [line.split() for line in lines.splitlines()]
        self.assertEqual(lines[0][-2:], ["ring.rx", "read.rx"])
        self.assertEqual(lines[2], ["by", "the", "clock", "50", "12"])
        self.assertEqual(lines[3], ["sum", "of", "the", "blocks", "44", "12"])
        self.assertEqual(lines[4:], [["kfree", "44.0", "0.0"],
                                     ["tun_get_user[tun]", "0.0", "10.0"],
                                     ["[user]", "0.0", "2.0"]])


class GuestInAMachine(unittest.TestCase):
    def test_a_folder_ends_where_the_next_begins(self):
        found = from_file(KALLSYMS, symbols.read_symbols)
        groups = dict(zip((name for _, name in found), guest_split.groups_of(found)))
        self.assertEqual(groups["serve"], "other")
        self.assertEqual(groups["kfree"], "entry")
        self.assertEqual(groups["memcpy"], "copies")
        self.assertEqual(groups["tun_get_user[tun]"], "rings")

    def test_names_and_modules(self):
        for name, group in (("srso_return_thunk", "thunks"),
                            ("_copy_from_user", "copies"), ("clear_page_rep", "memory"),
                            ("do_syscall_64", "entry"), ("__do_softirq", "entry"),
                            ("handle_exit[kvm_amd]", "kvm"),
                            ("vhost_poll[vhost]", "rings"), ("other[veth]", "other"),
                            ("__switch_to_asm", "scheduler"), ("anything", "inside")):
            self.assertEqual(guest_split.group_of(name, "inside"), group, name)

    def test_blocks_without_a_symbol(self):
        for address, guest, group in ((0x401000, False, "program"),
                                      (0x7f0000000000, True, "program"),
                                      (0x7f0000000000, False, "qemu"),
                                      (0xffffffffc0000000, True, "virtio"),
                                      (0xffffffffc0000000, False, None)):
            self.assertEqual(guest_split.nameless(address, guest), group)

    def test_the_guest_has_the_same_kernel_at_another_address(self):
        rows = [{"way": "vhost", "direction": "rx", "size": "64", "bursts": 2,
                 "instructions": 7.5}]
        blocks = [(TEXT + 0x110, 0, 256.0, False),
                  (guest_split.NOT_MOVED + 0x310, 0, 128.0, True),
                  (TEXT + 0x110, 1, 999.0, False)]
        found = guest_split.split(blocks, from_file(KALLSYMS, symbols.read_symbols),
                                  rows)
        self.assertEqual(
            sorted((row["group"], row["symbol"], row["instructions"], row["clock"])
                   for row in found),
            [("guest-entry", "kfree", 1.0, 7.5),
             ("host-other", "serve_alias", 2.0, 7.5)])

    def test_a_stream_counts_by_kib(self):
        self.assertEqual(guest_split.per_packet({"bursts": 3, "size": "tcp"}), 3072)


class Groups(unittest.TestCase):
    def setUp(self):
        self.rows = [sample.split("vhost", "guest-stack", "ip_rcv", 50.0),
                     sample.split("vhost", "guest-locks", "spin", 10.0),
                     sample.split("vhost", "host-rings", "vhost_poll", 30.0),
                     sample.split("vhost", "host-kvm", "run", 10.0),
                     sample.split("guest-pinned", "guest-stack", "ip_rcv", 50.0),
                     sample.split("guest-pinned", "host-rings", "tun_a", 12.0),
                     sample.split("guest-pinned", "host-rings", "tun_b", 3.0)]

    def test_group_table(self):
        table = guest_groups.group_table(guest_groups.Split(self.rows))
        self.assertEqual(table.corner, "vhost / guest-pinned")
        self.assertEqual(table.columns, ["receives 64 B"])
        lines = dict(table.lines)
        self.assertEqual(lines["guest: rest of its kernel"], ["10 / 0"])
        self.assertEqual(lines["server of the rings: tun, vhost"], ["30 / 15"])
        self.assertEqual(lines["sum"], ["100 / 65"])
        self.assertEqual(lines["ratio to vhost-net's sum"], ["1.00 / 0.65"])
        self.assertEqual(lines["without the server of the rings"], ["0.70 / 0.50"])
        self.assertEqual(lines["guest, network stack and program alone"],
                         ["0.60 / 0.50"])

    def test_symbols_of_a_group(self):
        data = guest_groups.Split(self.rows, "host-rings")
        table = guest_groups.symbol_table(data, "host-rings")
        self.assertEqual(table.lines, [("vhost_poll", ["30 / 0"]),
                                       ("tun_a", ["0 / 12"]), ("tun_b", ["0 / 3"])])
