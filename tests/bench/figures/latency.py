# SPDX-License-Identifier: GPL-2.0
"""One packet, there and back: in instructions, and by the clock."""
from .goal import Goal
from .rows import median, ratio
from .table import Table, show

LINES = (("epoll, read(), write(), stock", "stock", "read"),
         ("the same, ours", "ours", "read"),
         ("rings, epoll", "ours", "ring-epoll"),
         ("rings, kick and wait by TUNRINGENTER", "ours", "ring-enter"),
         ("the same, all packets before a kick", "ours", "ring-enter-all"),
         ("rings, polled all the time", "ours", "ring-busy"),
         ("rings with flow control, TUNRINGENTER", "ours", "ring-flow"),
         ("vhost-net on stock", "stock", "vhost"),
         ("guest's rings", "ours", "guest"),
         ("guest's rings, pinned", "ours", "guest-pinned"),
         ("guest's rings, pinned, kicks deferred", "ours", "guest-deferred"),
         ("attached rings", "ours", "attached"),
         ("attached rings, pinned", "ours", "attached-pinned"))
SLOW = (("read(), stock", "stock", "read"), ("read(), ours", "ours", "read"),
        ("rings", "ours", "ring-enter"),
        ("rings with flow control", "ours", "ring-flow"))
BULK = 1400     # bytes of a packet of the flow in bulk
FIELDS = ("mean", "median", "p99", "p999")
LOADS = ("idle", "bulk")
COLUMNS = tuple(f"{load}: {name}" if name == "mean" else name
                for load in LOADS
                for name in ("mean", "median", "99th", "99.9th"))


class Latency:
    """Several boots of one row become their median."""

    def __init__(self, rows):
        self.rounds = {}
        self.missing = {}
        for row in rows:
            if row.get("part") != "latency":
                continue
            who = (row["clock"], row["module"], row["kind"])
            if "missing" in row:
                self.missing[who] = row["missing"]
            else:
                self.rounds.setdefault(who + (row["load"],), []).append(row)

    def all(self, clock, module, kind, load, field):
        return [row[field]
                for row in self.rounds.get((clock, module, kind, load), [])]

    def get(self, *key):
        return median(self.all(*key))


def absent(data, clock):
    """Why lines have no figures."""
    lost, why = [], []
    for label, module, kind in LINES:
        if (clock, module, kind) in data.missing:
            why.append(f"{label}: missing, for "
                       f"{data.missing[clock, module, kind]}")
        elif not data.all(clock, module, kind, "idle", "mean"):
            lost.append(label)
    return "\n\n".join(why + (["Not measured: " + "; ".join(lost)]
                              if lost else []))


def table(data, title, note, clock, divide, style):
    """@divide: show ratios to the stock driver's read() and write()."""
    out = Table(title, note, COLUMNS, foot=absent(data, clock))
    for label, module, kind in LINES:
        cells = []
        for load in LOADS:
            for field in FIELDS:
                figure = data.get(clock, module, kind, load, field)
                if divide:
                    figure = ratio(figure, data.get(clock, "stock", "read", load,
                                                    field))
                cells.append(show(style, figure))
        out.add_text(label, cells)
    return out


def ranges(data):
    """Idle medians by the clock, lowest and highest boot, in microseconds."""
    out = []
    for _, module, kind in LINES:
        figures = data.all("wall", module, kind, "idle", "median")
        if figures:
            out.append(f"{module} {kind} {min(figures) // 1000} to "
                       f"{max(figures) // 1000}")
    return ", ".join(out)


def slow_table(data):
    """Pings beside bulk that comes faster than the user takes packets."""
    rows = [(label, data.rounds.get(("icount", module, kind, "slow")))
            for label, module, kind in SLOW]
    rows = [(label, found[0]) for label, found in rows if found]
    if not rows:
        return []
    first = rows[0][1]
    out = Table(
        "Latency behind a slow link with fq_codel, in milliseconds",
        "The user of the tun takes a packet every "
        f"{first['take'] / 1e6:.2f} ms, as a link of "
        f"{8e3 * BULK / first['take']:.0f} Mbit/s takes packets of {BULK} bytes, and "
        "sends it back. A UDP socket sends such packets twice as fast. The "
        f"qdisc of the tun is fq_codel. Beside them {first['pings']} packets of 64 bytes "
        "go there and back one after the other. A lost packet counts in the last column "
        "alone. The queue of stock tun, and the ring with its fifo, are queues behind "
        "fq_codel: all packets wait there, first in, first out. With flow control "
        "packets wait in fq_codel, and a packet of another flow goes first.",
        ("mean", "median", "99th", "lost"))
    for label, row in rows:
        out.add_text(label, [show("%.1f", row[field] / 1e6)
                             for field in ("mean", "median", "p99")] +
                     [str(row["lost"])])
    return [out]


def tables(data):
    out = []
    bulk = data.rounds.get(("icount", "ours", "read", "bulk"))
    if bulk:
        out.append(table(
            data, "Latency, in instructions",
            "A UDP socket sends a packet of 64 bytes through the tun. The user of "
            "the tun swaps its addresses and sends it back. The table has the mean "
            f"and percentiles of {bulk[0]['pings']} packets, in instructions of the "
            "one processor from send() to the return of recv(). Bulk: the user "
            f"returns a second flow, too, {bulk[0]['burst']} packets of 1400 bytes "
            f"every {bulk[0]['period']} instructions, and all of it has to come "
            "back. The user of rings kicks after a few packets at the latest, but "
            "for one row. The sender has a higher priority than the bulk, and the bulk "
            "a higher one than the user of the tun. From vhost-net on, the user is "
            "a virtio driver on a tap, which waits for its eventfd by epoll. A "
            "kernel thread serves these rings, unless the memory is pinned; the "
            "thread has the lowest priority.", "icount", False, "%d"))
    out += slow_table(data)
    boots = len(data.all("wall", "stock", "read", "idle", "mean"))
    if boots:
        out.append(table(
            data, "Latency by the clock, as a part of the stock driver's",
            "The same with two emulated processors on two of the host. The senders "
            "run on one, the user of the tun on the other, a kernel thread that "
            f"serves rings on either. Medians of {boots} boot"
            f"{'s' if boots > 1 else ''} of each driver. Idle medians, in "
            f"microseconds, lowest and highest boot: {ranges(data)}. Emulation "
            "makes system calls and task switches dearer than they are on a real "
            "processor, and other work of the host shows in the last percentiles.",
            "wall", True, "%.2f"))
    return out


def goals(data):
    def part(kind, load, field, base):
        return ratio(data.get("icount", "ours", kind, load, field),
                     data.get("icount", "stock", base, load, field))

    def wall(kind, base, field):
        return ratio(data.get("wall", "ours", kind, "bulk", field),
                     data.get("wall", "stock", base, "bulk", field))

    return [
        Goal("latency, read() and write(), ours / stock", 1.05,
             part("read", "idle", "median", "read")),
        Goal("latency, rings with TUNRINGENTER / stock", 1,
             part("ring-enter", "idle", "median", "read"), main=True),
        Goal("latency, rings with TUNRINGENTER / stock, mean beside bulk", 1,
             part("ring-enter", "bulk", "mean", "read")),
        Goal("latency, rings polled / stock", 0.9,
             part("ring-busy", "idle", "median", "read")),
        Goal("latency, a guest's rings / vhost-net", 1,
             part("guest", "idle", "median", "vhost")),
        Goal("latency, a guest's rings / vhost-net, mean beside bulk", 1,
             part("guest", "bulk", "mean", "vhost")),
        Goal("latency, a guest's rings in pinned memory / vhost-net", 0.75,
             part("guest-pinned", "idle", "median", "vhost")),
        Goal("latency behind a slow link with fq_codel, rings with flow control / "
             "stock", 1.05, part("ring-flow", "slow", "median", "read")),
    ] + [
        Goal(f"latency by the clock beside bulk, {name} percentile, {label}", 1.05,
             wall(kind, base, field))
        for label, kind, base in (("rings with TUNRINGENTER / stock", "ring-enter",
                                   "read"),
                                  ("rings with flow control / stock", "ring-flow",
                                   "read"),
                                  ("a guest's rings / vhost-net", "guest", "vhost"))
        for name, field in (("99th", "p99"), ("99.9th", "p999"))
    ]
