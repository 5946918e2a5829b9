# SPDX-License-Identifier: GPL-2.0
"""The part exec: programs of Debian that know nothing of rings, alone on stock tun, alone
on our tun, and by "tunring exec" on our tun."""
from .goal import Goal
from .rows import ratio
from .table import Table, show

WAYS = ("stock", "plain", "ring")
ENDS = (("sending", "sending"), ("receiving", "receiving"),
        ("machine", "whole machine"), ("both", "both directions"))
LOADS = (("backlog", "with a backlog"), ("none", "without a backlog"))
COLUMNS = ("alone, stock", "alone, ours", "tunring exec", "exec / stock", "exec / ours")
# A count of the scheduler for one process: rounds differ by this much.
NOISE = 1.02

NOTE = (
    "UDP packets through each program, between two network namespaces. *Sending* is the "
    "program that reads the tun, *receiving* the program that writes to the tun: all "
    "instructions of the program, and of the kernel in the program's name. The *whole "
    "machine* has both programs in it, and the source and the sink of the packets. With "
    "a backlog the source has a higher priority than the programs, and the sink a lower "
    "one; without, all have the same. tayga translates pings, and the figure is that of one "
    "packet. slirp4netns carries a file by TCP, and the figure is that of one KiB. The "
    "least of several rounds is shown.")


class Programs:
    def __init__(self, rows):
        self.rows = {}
        self.names = []
        for row in rows:
            if row.get("part") != "exec":
                continue
            key = (row["program"], row["way"], row["load"], row["size"], row["end"])
            self.rows[key] = row
            if row["program"] not in self.names:
                self.names.append(row["program"])

    def get(self, field, program, way, load, size, end):
        row = self.rows.get((program, way, load, size, end))
        return None if row is None else row.get(field)

    def sizes(self, program):
        return sorted({key[3] for key in self.rows if key[0] == program})

    def compare(self, program, load, size, end, other="plain"):
        """Instructions by tunring exec, as a ratio to another way."""
        return ratio(self.get("instructions", program, "ring", load, size, end),
                     self.get("instructions", program, other, load, size, end))


def add_line(table, data, style, label, *key):
    """@key: field, program, load, size, end. A line without figures is left out."""
    field, program, *rest = key
    figures = [data.get(field, program, way, *rest) for way in WAYS]
    if figures == [None] * len(WAYS):
        return
    stock, plain, ring = figures
    table.add_text(label, [show(style, x) for x in figures] + [
        show("%.2f", ratio(ring, other)) for other in (stock, plain)])


def tables(data):
    out = []
    for field, what, style in (("instructions", "instructions per packet", "%.0f"),
                               ("syscalls", "system calls per packet", "%.2f")):
        for load, text in LOADS:
            table = Table(f"tunring exec, {what}, {text}", "" if out else NOTE,
                          COLUMNS)
            for program in data.names:
                for size in data.sizes(program):
                    for end, name in ENDS:
                        add_line(table, data, style, f"{program}, {size} B, {name}",
                                 field, program, load, size, end)
            if table.lines:
                out.append(table)
    return out


def goals(data):
    """Goals of the programs that were measured."""
    out = []
    for program in ("tinc", "fastd"):
        for size in (64, 1200):
            out.append(Goal(
                f"tunring exec, {program}, sending {size} B: instructions / alone", 0.7,
                data.compare(program, "backlog", size, "sending")))
    for program in data.names:
        for size in data.sizes(program):
            for load, text in LOADS:
                for end, name in ENDS:
                    measured = data.compare(program, load, size, end)
                    if measured is not None:
                        out.append(Goal(
                            f"tunring exec, {program}, {size} B, {name}, {text}: "
                            "instructions / alone", NOISE, measured))
    return out
