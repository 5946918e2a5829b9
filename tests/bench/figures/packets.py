# SPDX-License-Identifier: GPL-2.0
"""Rows of single packets: the rows that name no part of the benchmark.

Receiving is counted above a floor: the same traffic source, sending into a dummy
device. FLOOR is "dummy", or "dummy-csum" where the stack makes the checksum in
both, or "dummy-gso", or "dummy-uso"; None means sending, which has no floor.
"""
from .rows import minus, ratio

BURST = 64
STEADY = 0.02


class Packets:
    def __init__(self, rows):
        self.rows = {}
        self.missing = {}
        for row in rows:
            if "part" in row:
                continue
            key = (row["module"], row["contestant"], row["direction"],
                   row["size"], row["burst"])
            if "missing" in row:
                self.missing[row["module"], row["contestant"]] = row["missing"]
            else:
                self.rows[key] = row

    def field(self, name, module, contestant, direction, size, burst=BURST):
        row = self.rows.get((module, contestant, direction, size, burst))
        return None if row is None else row[name]

    def value(self, *key):
        """Instructions per packet, all of them."""
        return self.field("instructions", *key)

    def floor(self, floor, size):
        """The floor does not depend on the tun driver: the mean of both boots."""
        stock = self.value("stock", floor, "rx", size)
        ours = self.value("ours", floor, "rx", size)
        if stock is None or ours is None:
            return None
        return (stock + ours) / 2

    def share(self, module, contestant, size, burst=BURST, floor="dummy"):
        """Receiving, above the floor."""
        return minus(self.value(module, contestant, "rx", size, burst),
                     self.floor(floor, size))

    def send(self, module, contestant, size, burst=BURST):
        return self.value(module, contestant, "tx", size, burst)

    def figure(self, module, contestant, size, burst=BURST, floor=None):
        if floor:
            return self.share(module, contestant, size, burst, floor)
        return self.send(module, contestant, size, burst)

    def compare(self, name, module, other, size, floor=None, other_floor=None):
        """NAME on our driver, as a ratio to OTHER on MODULE."""
        return ratio(self.figure("ours", name, size, BURST, floor),
                     self.figure(module, other, size, BURST,
                                 other_floor or floor))

    def beyond(self, name, other, size):
        """Receiving: NAME's own instructions beyond OTHER's, on the share of OTHER.

        Both are on our driver. The shares of two contestants differ by 3% for no
        cause in them: they are the small rest of two large figures. Instructions of
        the user alone do not differ."""
        key = (size, BURST)
        more = minus(self.field("own", "ours", name, "rx", *key),
                     self.field("own", "ours", other, "rx", *key))
        more = ratio(more, self.share("ours", other, *key))
        return None if more is None else 1 + more

    def compare_all(self, name, other, size):
        """Receiving on our driver, without a floor."""
        return ratio(self.value("ours", name, "rx", size),
                     self.value("ours", other, "rx", size))

    def boots_differ(self):
        """By how much the floors of the two boots differ at most."""
        worst = None
        for (module, name, direction, size, burst), row in self.rows.items():
            if module != "stock" or not name.startswith("dummy"):
                continue
            ours = self.value("ours", name, direction, size, burst)
            if ours is not None:
                worst = max(worst or 0, abs(ours / row["instructions"] - 1))
        return worst

    def unsteady(self):
        """Keys of rows whose rounds differ by more than STEADY."""
        return sorted(key for key, row in self.rows.items()
                      if row["spread"] > STEADY)
