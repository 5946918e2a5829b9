# SPDX-License-Identifier: GPL-2.0
"""The cost of a guest of QEMU, counted in the whole machine."""
from .goal import Goal
from .rows import ratio
from .table import Table

CASES = tuple((direction, size) for direction in ("rx", "tx")
              for size in ("64", "1400", "tcp"))
COLUMNS = ("to the guest: 64 B", "1400 B", "TCP, KiB",
           "from the guest: 64 B", "1400 B", "TCP, KiB")
LINES = (("QEMU itself, on stock", "userspace"),
         ("vhost-net on stock", "vhost"),
         ("the rings of the fd", "guest"),
         ("the rings of the fd, in pinned memory", "guest-pinned"),
         ("the same, with kicks deferred", "guest-deferred"))
RATIOS = (("ratio rings / vhost-net", "guest"),
          ("ratio rings in pinned memory / vhost-net", "guest-pinned"),
          ("ratio with kicks deferred / vhost-net", "guest-deferred"))
GOALS = (("", "guest", 1), (" in pinned memory", "guest-pinned", 0.7),
         (" in pinned memory, kicks deferred,", "guest-deferred", 0.7))


class Guests:
    def __init__(self, rows):
        self.cost = {}
        self.missing = {}
        for row in rows:
            if row.get("part") != "qemu":
                continue
            if "missing" in row:
                self.missing[row["way"]] = row["missing"]
            else:
                self.cost[row["way"], row["direction"],
                          row["size"]] = row["instructions"]

    def get(self, way, direction, size):
        return self.cost.get((way, direction, size))

    def to_vhost(self, way, direction, size):
        return ratio(self.get(way, direction, size),
                     self.get("vhost", direction, size))


def tables(data):
    table = Table(
        "A guest of QEMU",
        "Instructions per packet of UDP, in bursts, and per KiB of TCP, of the "
        "whole machine: both stacks, the guest's included, the two programs, KVM "
        "and QEMU.", COLUMNS)
    for label, way in LINES:
        table.add(label, [data.get(way, *case) for case in CASES])
    for label, way in RATIOS:
        table.add(label, [data.to_vhost(way, *case) for case in CASES], "%.2f")
    table.foot = "\n\n".join(
        ["Kicks deferred: with napi_defer_hard_irqs and gro_flush_timeout as in "
         "[guests.md](guests.md)."] +
        [f"{way}: missing, for {why}"
         for way, why in sorted(data.missing.items())])
    return [table] if data.cost or data.missing else []


def goals(data):
    out = []
    for label, way, limit in GOALS:
        for direction, size in CASES:
            verb = "receives" if direction == "rx" else "sends"
            what = "TCP" if size == "tcp" else f"{size} B"
            main = way == "guest-pinned" and (direction, size) == ("rx", "64")
            out.append(Goal(f"QEMU's guest{label} {verb}, {what} / vhost-net",
                            limit, data.to_vhost(way, direction, size), main))
    return out
