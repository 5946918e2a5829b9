# SPDX-License-Identifier: GPL-2.0
"""Symbols of a kernel (/proc/kallsyms), and blocks of code that ran."""
import bisect

KERNEL = 1 << 63


def read_symbols(path):
    """(address, name) of all functions; "name[module]" for a module's."""
    out = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            address, kind, *name = line.split()
            if kind in "tTwW":
                out.append((int(address, 16), "".join(name)))
    return sorted(out)


def read_blocks(path):
    """(address, index of the row, instructions, whether the guest ran them)."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            address, row, count, *guest = line.split()
            yield (int(address, 16), int(row), float(count),
                   bool(guest) and guest[0] != "0")


class Symbols:
    """Looks addresses up. Of several names of one address the last one counts."""

    def __init__(self, symbols):
        self.symbols = symbols
        self.addresses = [address for address, _ in symbols]

    def index(self, address):
        """Of the symbol that an address belongs to; -1 below all of them."""
        return bisect.bisect_right(self.addresses, address) - 1
