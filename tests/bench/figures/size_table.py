# SPDX-License-Identifier: GPL-2.0
"""A table of single packets with a column for each size."""
from .packets import BURST
from .rows import ratio
from .table import Table

SIZES = (64, 256, 1400)
BURSTS = (1, 8, BURST)


class SizeTable(Table):
    def __init__(self, packets, title, note, floor=None):
        super().__init__(title, note, [f"{size} B" for size in SIZES])
        self.packets = packets
        self.floor = floor

    def figures(self, module, name, burst=BURST, floor=None):
        return [self.packets.figure(module, name, size, burst,
                                    floor or self.floor) for size in SIZES]

    def source(self):
        """The floor itself."""
        self.add("the dummy device itself",
                 [self.packets.value("ours", self.floor, "rx", size)
                  for size in SIZES])

    def count(self, label, module, name, burst=BURST):
        self.add(label, self.figures(module, name, burst))

    def bursts(self, label, name):
        for burst in BURSTS:
            self.count(f"{label}, bursts of {burst}", "ours", name, burst)

    def ratio(self, label, name, module, other):
        """NAME on our driver to OTHER on MODULE."""
        self.add(f"ratio {label}",
                 [ratio(a, b) for a, b in zip(self.figures("ours", name),
                                              self.figures(module, other))],
                 "%.2f")

    def fill(self, lines):
        """Each line: a method's name, and its arguments."""
        for method, *arguments in lines:
            getattr(self, method)(*arguments)
        return self
