# SPDX-License-Identifier: GPL-2.0
"""The cost of a packet through OpenVPN, in three ways: stock; batching, which is
--udp-batch on the stock tun; and rings, which is --tun-ring, implying --udp-batch, on
our tun."""
from .goal import Goal
from .prose import paragraph, with_figures
from .rows import ratio
from .table import Table, show

SIZES = (64, 1400)
WAYS = ("stock", "batch", "ring")
P2P = (("p2p, no cipher", "none", "p2p", "up"),
       ("p2p, AES-256-GCM", "AES-256-GCM", "p2p", "up"),
       ("p2p, CHACHA20-POLY1305", "CHACHA20-POLY1305", "p2p", "up"))
# A device and a link that P2P, which is a tun over UDP, does not have.
OTHERS = (("p2p with a tap", "tap", "up"), ("p2p over TCP", "tcp", "up"))
CIPHERS = (("none", "no cipher"), ("AES-256-GCM", "AES-256-GCM"),
           ("CHACHA20-POLY1305", "CHACHA20-POLY1305"))
REST = tuple((f"{label}, {name}", cipher, topology, direction)
               for cipher, name in CIPHERS
               for label, topology, direction in OTHERS + (
                   ("server, one client", "1", "up"),
                   ("server, ten clients send", "10", "up"),
                   ("server, sends to ten clients", "10", "down")))
COLUMNS = ("stock", "batching", "rings", "batching / stock", "rings / batching",
           "rings / stock")


class OpenVPN:
    def __init__(self, rows):
        self.rows = {}
        self.missing = {}
        for row in rows:
            if row.get("part") != "openvpn":
                continue
            if "missing" in row:
                self.missing[row["way"]] = row["missing"]
                continue
            self.rows[row["way"], row["cipher"], row["topology"], row["load"],
                      row["direction"], row["size"]] = row

    def get(self, field, way, cipher, topology, load, direction, size):
        row = self.rows.get((way, cipher, topology, load, direction, size))
        return None if row is None else row[field]

    def ways(self, field, cipher, topology, load, direction, size):
        return [self.get(field, way, cipher, topology, load, direction, size)
                for way in WAYS]

    def compare(self, way, other, cipher, load, size=1400):
        """Instructions of one way as a ratio to another, p2p."""
        return ratio(self.get("instructions", way, cipher, "p2p", load, "up", size),
                     self.get("instructions", other, cipher, "p2p", load, "up",
                              size))


def three_ways(data, title, note, field, style, load, cases):
    """A table for each size; cases that were not measured are left out."""
    out = []
    for size in SIZES:
        table = Table(f"OpenVPN, {title}, {size} B", note if not out else "",
                      COLUMNS)
        for label, cipher, topology, direction in cases:
            figures = data.ways(field, cipher, topology, load, direction, size)
            if figures == [None] * len(WAYS):
                continue
            stock, batch, ring = figures
            table.add_text(label, [show(style, x) for x in figures] + [
                show("%.2f", ratio(a, b)) for a, b in (
                    (batch, stock), (ring, batch), (ring, stock))])
        out.append(table)
    return out


NOTE = (
    "UDP packets through a tunnel with a tun, over UDP unless the row says TCP. The "
    "count includes everything that the machine does: both OpenVPNs, the source and the "
    "sink of the packets, and the kernel. *Batching* is OpenVPN --udp-batch on the stock tun driver: OpenVPN sends "
    "and receives the packets of the UDP link in batches, and calls read() and write() "
    "for each packet of the tun. *Rings* is OpenVPN --tun-ring on our driver, with the "
    "same batches. So the "
    "ratio batching / stock is the gain of the batches, and rings / batching the gain "
    "of the rings. The source has a higher priority than OpenVPN, and the sink a lower "
    "one, so that OpenVPN finds a backlog, as in a machine where OpenVPN is the "
    "bottleneck. The least of several rounds is shown: the scheduler may wake the "
    "receiving OpenVPN for each packet or for several, and a wake-up for each packet "
    "costs more.")


def cost_note(data):
    def cost(way, cipher, size):
        return data.get("instructions", way, cipher, "p2p", "backlog", "up", size)

    return paragraph([
        NOTE,
        with_figures("Without a VPN the same flow costs {:.0f} with 64 B and {:.0f} "
                     "with 1400 B.", cost("none", "none", 64),
                     cost("none", "none", 1400)),
        with_figures("With OpenVPN's own --fast-io, stock costs {:.0f} with 1400 B and "
                     "no cipher, and {:.0f} with AES-256-GCM.",
                     cost("fast", "none", 1400), cost("fast", "AES-256-GCM", 1400)),
    ])


def tables(data):
    out = three_ways(data, "instructions per packet", cost_note(data),
                     "instructions", "%.0f", "backlog", P2P + REST)
    out += three_ways(data, "instructions per packet, without a backlog",
                      "Source, sink and both OpenVPNs share one processor with "
                      "equal priority.", "instructions", "%.0f", "none", P2P)
    out += three_ways(data, "system calls per packet", "Of all OpenVPNs.",
                      "syscalls", "%.2f", "backlog", P2P + REST)
    out = [table for table in out if table.lines]
    if out:
        out[-1].foot = "\n\n".join(
            f"OpenVPN over {way} is not measured: {why}."
            for way, why in sorted(data.missing.items()))
    return out


# Cipher, limits of rings / stock, batching / stock and rings / batching with a
# backlog, and of the same without.
LIMITS = (("none", "no cipher", (0.55, 0.65, 0.85), (0.55, 0.7, 0.8)),
          ("AES-256-GCM", "AES-256-GCM", (0.7, 0.75, 0.9), (0.7, 0.8, 0.8)))
PAIRS = (("ring", "stock", "rings / stock"),
         ("batch", "stock", "batching / stock"),
         ("ring", "batch", "rings / batching"))


def goals(data):
    out = []
    for load, suffix in (("backlog", ""), ("none", ", without a backlog")):
        for cipher, name, backlog, equal in LIMITS:
            limits = equal if load == "none" else backlog
            for (way, other, text), limit in zip(PAIRS, limits):
                main = load == "backlog" and cipher != "none" and way == "ring"
                out.append(Goal(
                    f"OpenVPN p2p, 1400 B, {name}{suffix}: {text}", limit,
                    data.compare(way, other, cipher, load), main))
    return out
