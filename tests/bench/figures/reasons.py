# SPDX-License-Identifier: GPL-2.0
"""Why goals are missed. Each figure in a sentence comes from the data; a sentence
whose figures were not measured is left out."""
from .guest_groups import RINGS
from .packet_goals import RECEIVE_64
from .prose import paragraph, with_figures, wrap
from .rows import minus, ratio


def ring(packets):
    """Receive by ring."""
    def share(name, size, module="ours", floor="dummy"):
        return packets.share(module, name, size, floor=floor)

    qdisc = minus(share("ring", 64), share("ring-noqueue", 64))
    read = share("read", 64, "stock")
    allowed = None if read is None else read * RECEIVE_64
    big = share("ring-noqueue", 1400, floor="dummy-csum")
    small = share("ring-noqueue", 64, floor="dummy-csum")
    return paragraph([
        with_figures("The qdisc costs {:.0f} instructions for each packet; the "
                     "goal for 64 B allows {:.0f} for all.", qdisc, allowed),
        "A ring that drops packets when it is full needs no qdisc (`ring-noqueue`).",
        with_figures("Without a qdisc, the ring costs {:.0f} with 64 B and {:.0f} "
                     "with 1400 B above a dummy device for which the stack makes the "
                     "checksum, too; the difference is the copy.",
                     small, big),
        with_figures("The record of a packet costs {:.0f}.",
                     minus(share("ring", 64), share("ring-bare", 64))),
        with_figures("A dummy device for which the stack makes the checksum, as it "
                     "does for a tun without TUN_F_CSUM, differs by {:+.0f} from "
                     "one without; above this device the ratios for 64 B are "
                     "{:.2f} with a qdisc and {:.2f} without one.",
                     minus(packets.floor("dummy-csum", 64),
                           packets.floor("dummy", 64)),
                     packets.compare("ring", "stock", "read", 64, "dummy-csum"),
                     packets.compare("ring-noqueue", "stock", "read-noqueue", 64,
                                     "dummy-csum")),
    ])


def plain(packets):
    """read() and write() on ours."""
    return paragraph([
        with_figures("read() of 64 B costs {:.0f} instructions on our driver and "
                     "{:.0f} on the stock driver, above the dummy device.",
                     packets.share("ours", "read", 64),
                     packets.share("stock", "read", 64)),
        with_figures("Each driver has a boot of its own, and the dummy devices, "
                     "which do not depend on the driver, differ by up to {:.1f}% "
                     "between these boots.",
                     percent(packets.boots_differ())),
    ])


def guests(split, direction, verb):
    """A guest of QEMU in pinned memory."""
    at = ("guest-pinned", direction, "64")
    tcp = ("guest-pinned", direction, "tcp")
    vhost = ("vhost", direction, "64")
    return paragraph([
        f"When a guest {verb}, the count includes all of the machine.",
        with_figures("tun and vhost are {:.1f}% of vhost-net's sum with 64 B, and "
                     "the rings in pinned memory take {:.2f} of their instructions.",
                     percent(split.to_vhost(split.count(RINGS, *vhost), *at[1:])),
                     ratio(split.count(RINGS, *at), split.count(RINGS, *vhost))),
        with_figures("If the server of the rings were free, {:.2f} of vhost-net's "
                     "sum would be left, and {:.2f} of TCP's: no server can reach "
                     "less.",
                     split.without_rings(*at), split.without_rings(*tcp)),
        with_figures("The guest, the network stack and the program alone are {:.2f}, "
                     "and {:.2f} of TCP.", split.ends(*at), split.ends(*tcp)),
    ])


def programs(data):
    """Programs by tunring exec."""
    return paragraph([
        "Rings save a program the calls by which it reads packets and waits for them. "
        "The rest of the program stays: its cipher, and a socket to which each packet "
        "goes by a call of its own.",
        with_figures("tinc makes {:.1f} calls for a packet that it sends, and by "
                     "tunring exec {:.1f}.",
                     *(data.get("syscalls", "tinc", way, "backlog", 64, "sending")
                       for way in ("plain", "ring"))),
        "A program that receives gives each packet to write() as before, and select() "
        "and poll() look at a ring, too. It is not known why iodine sends dearer.",
    ])


def latency(data):
    """The last percentiles beside bulk."""
    return paragraph([
        "The host gives a processor to another thread for some milliseconds, and the "
        "last percentiles by the clock are of that length on both drivers.",
        with_figures("Counted in instructions, on one processor, the 99th percentile "
                     "is {:.2f} of the stock driver's with TUNRINGENTER, and {:.2f} with "
                     "rings that are polled.",
                     *(ratio(data.get("icount", "ours", kind, "bulk", "p99"),
                             data.get("icount", "stock", "read", "bulk", "p99"))
                       for kind in ("ring-enter", "ring-busy"))),
        "So it is not the user of the tun that takes longer. The sender of the bulk has "
        "the higher priority, and copies packets into the ring; a ping that waits for "
        "the whole burst waits for these copies. read() copies later.",
    ])


def percent(figure):
    return None if figure is None else 100 * figure


def reasons(measured):
    out = [f"Receive by ring. {ring(measured.packets)}",
           f"read() and write(), where they are missed. {plain(measured.packets)}"]
    if measured.exec.names:
        out.append(f"Programs by tunring exec. {programs(measured.exec)}")
    if measured.split.ways:
        out.append("A guest of QEMU in pinned memory. "
                   + guests(measured.split, "rx", "receives") + " "
                   + guests(measured.split, "tx", "sends"))
    if measured.latency.rounds:
        out.append(f"Latency by the clock. {latency(measured.latency)}")
    return "\n".join(wrap(each.strip(), "- ") for each in out) + "\n"
