# SPDX-License-Identifier: GPL-2.0
"""The cost of a thousand tuns."""
from .goal import Goal
from .rows import minus, ratio
from .table import Table, show

# Heading, module, kind and field of each column; a packet's floor is the dummy's.
MEMORY = (("device, stock", "stock", "read", "device_bytes"),
          ("device, ours", "ours", "read", "device_bytes"),
          ("its rings", "ours", "ring", "ring_bytes"))
TIME = (("device, stock", "stock", "read", "device_time"),
        ("device, ours", "ours", "read", "device_time"),
        ("its rings", "ours", "ring", "ring_time"),
        ("close, stock", "stock", "read", "close_time"),
        ("close, ours", "ours", "read", "close_time"),
        ("close, with rings", "ours", "ring", "close_time"))
WAYS = (("read, stock", "stock", "read"), ("read, ours", "ours", "read"),
        ("rings", "ours", "ring"))


class Scale:
    def __init__(self, rows):
        self.rows = {}
        self.tuns = []
        self.setting = None
        for row in rows:
            if row.get("part") != "scale":
                continue
            self.rows[row["module"], row["kind"], row["tuns"]] = row
            if row["tuns"] not in self.tuns:
                self.tuns.append(row["tuns"])
            if row["kind"] == "ring" and "entries" in row:
                self.setting = row

    def get(self, module, kind, tuns, field):
        return self.rows.get((module, kind, tuns), {}).get(field)

    def above(self, module, kind, tuns, field):
        """A packet, above the dummy devices."""
        return minus(self.get(module, kind, tuns, field),
                     self.get("ours", "dummy", tuns, field))


def plain_table(data, title, note, columns, divide, style):
    table = Table(title, note, [column[0] for column in columns], "tuns")
    for tuns in data.tuns:
        figures = [data.get(module, kind, tuns, field)
                   for _, module, kind, field in columns]
        table.add_text(tuns, [show(style, None if x is None else x / divide)
                              for x in figures])
    return table


def packet_table(data, title, note, field):
    table = Table(title, note, [name for name, _, _ in WAYS] +
                  ["loop alone, stock", "loop alone, ours", "loop alone, rings"],
                  "tuns")
    for tuns in data.tuns:
        table.add(tuns, [data.above(module, kind, tuns, field)
                         for _, module, kind in WAYS] +
                  [data.get(module, kind, tuns, f"{field}_own")
                   for _, module, kind in WAYS])
    return table


def tables(data):
    if not data.setting:
        return []
    s = data.setting
    return [
        plain_table(
            data, "Many tuns: memory",
            "KiB of each tun: the memory that the machine has less, divided by the "
            "number of tuns. With few tuns, memory that the kernel allocates once or in "
            f"advance shows. Rings have {s['entries']} entries in each direction "
            f"and buffers of {s['buf']} bytes; {s['areas'] / 1024:.0f} KiB of a "
            "ring are mapped.", MEMORY, 1024, "%.1f"),
        plain_table(
            data, "Many tuns: setting up",
            "Thousands of instructions for each tun: to make the device and set it "
            "up; to set its rings up and map their memory; and to close it. close() "
            "waits for RCU, and the clock counts while it waits, so that column is "
            "time rather than work.", TIME, 1000, "%.0f"),
        packet_table(
            data, "Many tuns: a packet, in turn",
            "Instructions per packet above the same sources sending into as many "
            "dummy devices. One thread waits for all tuns in one edge-triggered "
            f"epoll. The sources send {s['turn_burst']} packets to one tun, the "
            "thread takes them, and the next tun has its turn.", "turn"),
        packet_table(
            data, "Many tuns: a packet, spread",
            f"The same, but of {s['spread_burst']} packets each goes to another "
            "tun, as far as there are so many, before the thread takes them. With "
            "many tuns an event brings one packet instead of many.", "spread"),
    ]


def goals(data):
    if not data.tuns:
        return []
    few, many = data.tuns[0], data.tuns[-1]

    def growth(field, other):
        return ratio(data.get("ours", "ring", many, field),
                     data.get("ours", "ring", other, field))

    return [
        Goal(f"memory of a tun's rings, {many} tuns / 100", 1.05,
             growth("ring_bytes", 100)),
        Goal(f"memory of a device, {many} tuns / 100", 1.1,
             growth("device_bytes", 100)),
        Goal(f"loop over rings in turn, a packet, {many} tuns / {few}", 1.1,
             growth("turn_own", few)),
        Goal(f"the same, packet above the dummy device, {many} tuns / {few}", 1.1,
             ratio(data.above("ours", "ring", many, "turn"),
                   data.above("ours", "ring", few, "turn"))),
        Goal(f"packet spread over {many} tuns, rings / read()", 0.5,
             ratio(data.above("ours", "ring", many, "spread"),
                   data.above("stock", "read", many, "spread"))),
    ]
