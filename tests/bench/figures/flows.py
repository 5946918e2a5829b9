# SPDX-License-Identifier: GPL-2.0
"""TCP connections through two tuns, by the clock: the part "time"."""
from .goal import Goal
from .rows import median, ratio, total
from .table import Table, show

WAYS = (("stock", "plain"), ("ours", "plain"), ("ours", "rings"), ("ours", "flow"))


class Flows:
    def __init__(self, rows):
        self.machine = {}
        self.queues = []
        self.runs = {}
        self.cycles = {}
        self.no_cycles = "perf did not run"
        for row in rows:
            if row.get("part") == "time":
                self.take(row)

    def take(self, row):
        if "cpus" in row:
            self.machine = row
        elif "mbit" in row:
            if row["queues"] not in self.queues:
                self.queues.append(row["queues"])
            self.runs.setdefault((row["module"], row["kind"], row["queues"]),
                                 []).append(row)
        elif "cycles" in row:
            self.cycles.setdefault((row["module"], row["kind"], row["queues"]),
                                   []).append(row["cycles"])
        elif "counted" in row and "missing" in row:
            self.no_cycles = row["missing"]

    def all(self, module, kind, queues, field):
        return [row[field] for row in self.runs.get((module, kind, queues), [])]

    def get(self, *key):
        return median(self.all(*key))

    def to_stock(self, module, kind, queues):
        return ratio(self.get(module, kind, queues, "mbit"),
                     self.get("stock", "plain", queues, "mbit"))

    def sum(self, module, kind):
        """Of all numbers of queues: a single figure is noise for the most part."""
        return total(self.get(module, kind, queues, "mbit")
                     for queues in self.queues)


def speed(data, way, queues):
    runs = data.all(*way, queues, "mbit")
    if not runs:
        return "-"
    return f"{median(runs):.0f} ({min(runs):.0f} to {max(runs):.0f})"


def losses(data, way, queues):
    """Of a thousand: sent again, dropped by the tuns, dropped by the qdisc."""
    again = data.get(*way, queues, "retransmitted")
    moved = data.get(*way, queues, "moved")
    if again is None or not moved:
        return "-"
    dropped = [1000 * data.get(*way, queues, field) / moved
               for field in ("dropped", "qdisc_dropped")]
    return f"{again:.1f}, {dropped[0]:.1f}, {dropped[1]:.1f}"


def main_table(data):
    runs = len(data.all("stock", "plain", data.queues[0], "mbit"))
    machine = data.machine
    out = Table(
        "Eight TCP connections through two tuns, by the clock",
        "Two namespaces have a tun each. One program with a thread for each queue "
        "copies packets from one tun to the other by libtunring, without "
        f"segmentation offload; {machine.get('cpus')} processors, "
        f"{machine.get('accelerator')}, on {machine.get('host_cpus')} of the host. "
        f"Mbit/s, medians of {runs} run{'s' if runs > 1 else ''}, with the lowest "
        "and the highest; the module changes between the runs. The last columns "
        "have three figures of a thousand each: segments that TCP sent again, "
        "packets that the tuns dropped, packets that the qdisc dropped. A queue "
        "drops packets if read() does not empty it in time. With rings, packets wait "
        "in the fifo of the queue, and are dropped beyond it; with flow control (*flow*), "
        "packets wait in the qdisc.",
        ["stock", "read() and write(), ours", "rings", "flow", "ours / stock",
         "rings / stock", "flow / stock", "losses: stock", "ours", "rings", "flow"],
        "queues")
    for queues in data.queues:
        out.add_text(queues, [speed(data, way, queues) for way in WAYS] +
                     [show("%.2f", data.to_stock(*way, queues))
                      for way in WAYS[1:]] +
                     [losses(data, way, queues) for way in WAYS])
    if not data.cycles:
        out.foot = f"Cycles are not known: {data.no_cycles}."
    return out


def cycle_table(data):
    out = Table("The same, cycles", "Millions, of the whole machine.",
                ["stock", "read() and write(), ours", "rings", "flow"], "queues")
    for queues in data.queues:
        figures = [median(data.cycles.get(way + (queues,), [])) for way in WAYS]
        out.add_text(queues, [show("%.0f", None if x is None else x / 1e6)
                              for x in figures])
    return out


def tables(data):
    if not data.queues:
        return []
    return [main_table(data)] + ([cycle_table(data)] if data.cycles else [])


def goals(data):
    one = data.to_stock("ours", "rings", data.queues[0]) if data.queues else None
    return [
        Goal("time of 8 TCP flows into one queue, rings / stock", 1, ratio(1, one),
             main=True),
        Goal("the same, sum of all numbers of queues", 1,
             ratio(data.sum("stock", "plain"), data.sum("ours", "rings"))),
        Goal("the same, rings with flow control / stock", 1.05,
             ratio(data.sum("stock", "plain"), data.sum("ours", "flow"))),
        Goal("the same, read() and write(), ours / stock", 1.2,
             ratio(data.sum("stock", "plain"), data.sum("ours", "plain"))),
    ]
