# SPDX-License-Identifier: GPL-2.0
"""Instructions per packet by symbol, or by the blocks of one function, with a column
for each contestant."""
from collections import defaultdict

from .symbols import KERNEL, Symbols

LEAST = 0.95


def split(blocks, symbols, packets, function=None):
    """Instructions per packet, by name and column. For one function, names are the
    offsets of its blocks; a function has parts, as "name.cold" or "name[module]"."""
    table = Symbols(symbols)
    counts = defaultdict(lambda: defaultdict(float))
    for address, column, count, _ in blocks:
        at = table.index(address)
        if address < KERNEL or at < 0:
            name, start = "[user]", 0
        else:
            start, name = symbols[at]
        if function:
            if name != function and not name.startswith(function + "["):
                continue
            name = f"+{address - start:#06x}"
        counts[name][column] += count / packets
    return counts


def text(rows, counts, by_name=False):
    """@rows: the rows that have the columns, in their order."""
    columns = range(len(rows))
    sums = [sum(each.get(i, 0) for each in counts.values()) for i in columns]
    out = []
    for label, cells in (
            ("instructions per packet",
             [f"{row['contestant']}.{row['direction']}" for row in rows]),
            ("size, burst", [f"{row['size']},{row['burst']}" for row in rows]),
            ("by the clock", [f"{row['instructions']:.0f}" for row in rows]),
            ("sum of the blocks", [f"{x:.0f}" for x in sums])):
        out.append(f"{label:<40}" + "".join(f" {cell:>12}" for cell in cells))
    most = {name: max(each.values()) for name, each in counts.items()}
    order = sorted(most, key=lambda name: (name if by_name else -most[name], name))
    for name in order:
        if most[name] >= LEAST:
            out.append(f"{name:<40}" + "".join(
                f" {counts[name].get(i, 0):12.1f}" for i in columns))
    return "\n".join(out) + "\n"
