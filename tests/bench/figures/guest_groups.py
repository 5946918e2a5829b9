# SPDX-License-Identifier: GPL-2.0
"""The rows of guest_split.py as a table: groups, or the symbols of one of them. A cell
has a figure for each way."""
from collections import defaultdict

from .profile import LEAST
from .table import Table, show

COLUMNS = (("rx", "64", "receives 64 B"), ("rx", "1400", "receives 1400 B"),
           ("rx", "tcp", "receives TCP"), ("tx", "64", "sends 64 B"),
           ("tx", "1400", "sends 1400 B"), ("tx", "tcp", "sends TCP"))
ENDS = ("guest-program", "guest-stack", "guest-virtio", "guest-rest",
        "host-program", "host-stack")
RINGS = "host-rings"
GROUPS = (
    ("guest-program", "guest: program"),
    ("guest-stack", "guest: network stack"),
    ("guest-virtio", "guest: virtio's drivers"),
    ("guest-rest", "guest: rest of its kernel"),
    ("host-program", "program"),
    ("host-stack", "network stack"),
    (RINGS, "server of the rings: tun, vhost"),
    ("host-kvm", "KVM"),
    ("host-qemu", "QEMU in user space"),
    ("host-scheduler", "scheduler, wake-ups"),
    ("host-time", "timers, clock"),
    ("host-files", "eventfd, other files"),
    ("host-entry", "system calls, interrupts"),
    ("host-memory", "memory: allocated, freed, cleared"),
    ("host-copies", "copies, and checks of them"),
    ("host-locks", "locks, RCU"),
    ("host-thunks", "returns by thunks"),
    ("host-other", "rest"),
)


def simple(group):
    """The guest's kernel has less detail."""
    if group.startswith("guest-") and group not in ENDS:
        return "guest-rest"
    return group


class Split:
    """@group: names are the symbols of this group, not groups."""

    def __init__(self, rows, group=None):
        self.counts = defaultdict(float)
        self.sums = defaultdict(float)
        self.clock = {}
        self.ways = []
        self.most = defaultdict(float)
        for row in rows:
            at = (row["way"], row["direction"], row["size"])
            if row["way"] not in self.ways:
                self.ways.append(row["way"])
            self.clock[at] = row["clock"]
            self.sums[at] += row["instructions"]
            name = simple(row["group"])
            if group and name != group:
                continue
            name = row["symbol"] if group else name
            self.counts[(name,) + at] += row["instructions"]
            self.most[name] = max(self.most[name], self.counts[(name,) + at])

    def columns(self):
        return [(direction, size, title) for direction, size, title in COLUMNS
                if any((way, direction, size) in self.sums for way in self.ways)]

    def count(self, name, *at):
        return self.counts[(name,) + at] if at in self.sums else None

    def sum(self, *at):
        return self.sums.get(at)

    def to_vhost(self, figure, direction, size):
        whole = self.sums.get(("vhost", direction, size))
        return figure / whole if whole and figure is not None else None

    def without_rings(self, *at):
        """A ratio: the cost if the server of the rings were free."""
        if at not in self.sums:
            return None
        return self.to_vhost(self.sums[at] - self.counts[(RINGS,) + at], *at[1:])

    def ends(self, *at):
        """A ratio: the guest, the network stack and the program alone."""
        if at not in self.sums:
            return None
        return self.to_vhost(sum(self.counts[(name,) + at] for name in ENDS),
                             *at[1:])

    def cells(self, figure, style):
        """@figure: a function of way, direction and size."""
        return [" / ".join(show(style, figure(way, direction, size))
                           for way in self.ways)
                for direction, size, _ in self.columns()]


NOTE = (
    "The same instructions by group, first of the guest, then of the machine. Above "
    "the ratios is one count made in two ways: the sum of all blocks of code that "
    "ran, and the clock. The last two lines are floors, as ratios to vhost-net's sum: "
    "the sum that would be left if tun and vhost took no instruction of their own; and the "
    "guest, the network stack and the program at its other end alone, without a copy, "
    "an allocation, an exit or a wake-up. Returns by thunks are a mitigation that the "
    "kernel enables on this model of a processor.")


def group_table(split):
    table = Table("A guest of QEMU: groups of instructions", NOTE,
                  [title for _, _, title in split.columns()],
                  " / ".join(split.ways))
    for name, label in GROUPS:
        if name in split.most:
            table.add_text(label, split.cells(
                lambda *at, name=name: split.count(name, *at), "%.0f"))
    table.add_text("sum", split.cells(split.sum, "%.0f"))
    table.add_text("by the clock",
                   split.cells(lambda *at: split.clock.get(at), "%.0f"))
    if "vhost" in split.ways:
        table.add_text("ratio to vhost-net's sum", split.cells(
            lambda *at: split.to_vhost(split.sum(*at), *at[1:]), "%.2f"))
        table.add_text("without the server of the rings",
                       split.cells(split.without_rings, "%.2f"))
        table.add_text("guest, network stack and program alone",
                       split.cells(split.ends, "%.2f"))
    return table


def symbol_table(split, group):
    table = Table(f"Symbols of {group}", "",
                  [title for _, _, title in split.columns()],
                  " / ".join(split.ways))
    for name in sorted(split.most, key=lambda name: (-split.most[name], name)):
        if split.most[name] >= LEAST:
            table.add_text(name, split.cells(
                lambda *at, name=name: split.count(name, *at), "%.0f"))
    return table
