# SPDX-License-Identifier: GPL-2.0
"""The tables of single packets."""
from .packets import BURST
from .rows import ratio
from .size_table import SizeTable
from .table import Table

GSO = 65200
ALL = f", bursts of {BURST}"

RECEIVE = (
    ("source",),
    ("count", "read() on stock", "stock", "read"),
    ("count", "read() on ours", "ours", "read"),
    ("count", f"io_uring on stock{ALL}", "stock", "io_uring"),
    ("count", f"io_uring on ours{ALL}", "ours", "io_uring"),
    ("count", f"io_uring with SQPOLL on stock{ALL}", "stock", "io_uring-sqpoll"),
    ("count", f"veth and AF_PACKET{ALL}", "ours", "tpacket"),
    ("count", f"veth and AF_XDP{ALL}", "ours", "xdp"),
    ("count", f"vringfd{ALL}", "ours", "vringfd"),
    ("bursts", "ring", "ring"),
    ("bursts", "ring by libtunring", "library"),
    ("count", f"ring without records{ALL}", "ours", "ring-bare"),
    ("count", "no qdisc: read() on stock", "stock", "read-noqueue"),
    ("count", "no qdisc: read() on ours", "ours", "read-noqueue"),
    ("bursts", "no qdisc: ring", "ring-noqueue"),
    ("ratio", "ring / read() on stock", "ring", "stock", "read"),
    ("ratio", "no qdisc: ring / read() on stock", "ring-noqueue", "stock",
     "read-noqueue"),
    ("ratio", "ring / io_uring on stock", "ring", "stock", "io_uring"),
    ("ratio", "ring by libtunring / raw ring", "library", "ours", "ring"),
    ("ratio", "read() on ours / on stock", "read", "stock", "read"),
)

# The source sends the datagrams of a burst by few calls.
SEGMENTS = (
    ("source",),
    ("count", "read() on stock, segmented by the stack", "stock",
     "read-segments"),
    ("count", "ring, segmented by the stack", "ours", "ring-segments"),
    ("count", "read() on stock with USO", "stock", "read-uso"),
    ("count", "read() on ours with USO", "ours", "read-uso"),
    ("count", "ring with USO", "ours", "ring-uso"),
    ("ratio", "ring with USO / read() on stock without", "ring-uso",
     "stock", "read-segments"),
    ("ratio", "ring with USO / ring without", "ring-uso", "ours",
     "ring-segments"),
    ("ratio", "ring / read() on stock, both with USO", "ring-uso",
     "stock", "read-uso"),
)

SEND = (
    ("count", "pktgen, from within the kernel", "ours", "pktgen"),
    ("count", "memcpy of the packet", "ours", "memcpy"),
    ("count", "write() on stock", "stock", "write"),
    ("count", "write() on ours", "ours", "write"),
    ("count", f"io_uring on stock{ALL}", "stock", "io_uring"),
    ("count", f"io_uring on ours{ALL}", "ours", "io_uring"),
    ("count", f"io_uring with SQPOLL on stock{ALL}", "stock", "io_uring-sqpoll"),
    ("count", f"AF_PACKET and veth{ALL}", "ours", "tpacket"),
    ("count", f"AF_XDP and veth{ALL}", "ours", "xdp"),
    ("count", f"vringfd{ALL}", "ours", "vringfd"),
    ("bursts", "ring", "ring"),
    ("bursts", "ring by libtunring", "library"),
    ("count", f"ring without records{ALL}", "ours", "ring-bare"),
    ("bursts", "ring, polled by a thread", "ring-poller"),
    ("ratio", "ring / write() on stock", "ring", "stock", "write"),
    ("ratio", "ring / io_uring on stock", "ring", "stock", "io_uring"),
    ("ratio", "ring by libtunring / raw ring", "library", "ours", "ring"),
    ("ratio", "ring / pktgen", "ring", "ours", "pktgen"),
    ("ratio", "polled ring / SQPOLL on stock", "ring-poller", "stock",
     "io_uring-sqpoll"),
    ("ratio", "write() on ours / on stock", "write", "stock", "write"),
)

SOCKET = (
    ("count", "write() on stock", "stock", "write-socket"),
    ("count", "write() on ours", "ours", "write-socket"),
    ("count", "io_uring on stock", "stock", "io_uring-socket"),
    ("count", "vhost-net on a stock tap", "stock", "vhost-socket"),
    ("count", "guest", "ours", "guest-socket"),
    ("count", "ring", "ours", "ring-socket"),
    ("ratio", "ring / write() on stock", "ring-socket", "stock", "write-socket"),
    ("ratio", "guest / vhost-net on stock", "guest-socket", "stock",
     "vhost-socket"),
)

XDP = (
    ("count", "dropped: write() on stock", "stock", "write-xdp-drop"),
    ("count", "dropped: write() on ours", "ours", "write-xdp-drop"),
    ("count", "dropped: ring", "ours", "ring-xdp-drop"),
    ("count", "passed: write() on stock", "stock", "write-xdp-pass"),
    ("count", "passed: write() on ours", "ours", "write-xdp-pass"),
    ("count", "passed: ring", "ours", "ring-xdp-pass"),
    ("ratio", "dropped: ring / write() on stock", "ring-xdp-drop", "stock",
     "write-xdp-drop"),
    ("ratio", "passed: ring / write() on stock", "ring-xdp-pass", "stock",
     "write-xdp-pass"),
)

REDIRECT = (
    ("count", "read() on stock", "stock", "read-redirect"),
    ("count", "read() on ours", "ours", "read-redirect"),
    ("count", "ring", "ours", "ring-redirect"),
    ("ratio", "ring / read() on stock", "ring-redirect", "stock", "read-redirect"),
)

VIRTIO = (
    ("count", "vhost-net on stock", "stock", "vhost"),
    ("count", "vhost-net on ours", "ours", "vhost"),
    ("bursts", "guest", "guest"),
    ("bursts", "guest in pinned memory", "guest-pinned"),
    ("count", f"attached{ALL}", "ours", "attached"),
    ("bursts", "attached and pinned", "attached-pinned"),
    ("ratio", "guest / vhost-net on stock", "guest", "stock", "vhost"),
    ("ratio", "guest in pinned memory / the same", "guest-pinned", "stock",
     "vhost"),
    ("ratio", "attached / the same", "attached", "stock", "vhost"),
    ("ratio", "attached and pinned / the same", "attached-pinned", "stock",
     "vhost"),
)

# Label, module, contestants that receive and send.
GSO_LINES = (
    ("readv(), writev() on stock", "stock", "readv-gso", "writev-gso"),
    ("readv(), writev() on ours", "ours", "readv-gso", "writev-gso"),
    ("io_uring on stock", "stock", "io_uring-gso", "io_uring-gso"),
    ("io_uring on ours", "ours", "io_uring-gso", "io_uring-gso"),
    ("ring", "ours", "ring-gso", "ring-gso"),
    ("vhost-net on stock", "stock", "vhost-gso", "vhost-gso"),
    ("guest", "ours", "guest-gso", "guest-gso"),
    ("guest in pinned memory", "ours", "guest-pinned-gso", "guest-pinned-gso"),
    ("attached", "ours", "attached-gso", "attached-gso"),
    ("attached and pinned", "ours", "attached-pinned-gso",
     "attached-pinned-gso"),
)

# Label, contestant of ours, contestants of stock that receive and send.
GSO_RATIOS = (
    ("ring / readv(), writev() on stock", "ring-gso", "readv-gso", "writev-gso"),
    ("ring / io_uring on stock", "ring-gso", "io_uring-gso", "io_uring-gso"),
    ("guest / vhost-net on stock", "guest-gso", "vhost-gso", "vhost-gso"),
    ("guest in pinned memory / the same", "guest-pinned-gso", "vhost-gso",
     "vhost-gso"),
    ("attached / the same", "attached-gso", "vhost-gso", "vhost-gso"),
    ("attached and pinned / the same", "attached-pinned-gso", "vhost-gso",
     "vhost-gso"),
)

# Label, module, contestants that receive and send, bursts.
EVENTS = (
    ("read(), write() on stock", "stock", "read", "write", (BURST,)),
    ("io_uring on stock", "stock", "io_uring", "io_uring", (8, BURST)),
    ("io_uring with SQPOLL", "stock", "io_uring-sqpoll", "io_uring-sqpoll",
     (8, BURST)),
    ("veth and AF_PACKET", "ours", "tpacket", "tpacket", (8, BURST)),
    ("veth and AF_XDP", "ours", "xdp", "xdp", (8, BURST)),
    ("vhost-net on stock", "stock", "vhost", "vhost", (8, BURST)),
    ("guest", "ours", "guest", "guest", (8, BURST)),
    ("guest, pinned", "ours", "guest-pinned", "guest-pinned", (8, BURST)),
    ("attached, pinned", "ours", "attached-pinned", "attached-pinned",
     (8, BURST)),
    ("vringfd", "ours", "vringfd", "vringfd", (8, BURST)),
    ("ring", "ours", "ring", "ring", (8, BURST)),
)


def receive_csum(packets):
    table = SizeTable(packets, "Receive with TUN_F_CSUM",
                      "Above the dummy device.", "dummy")
    table.fill((
        ("count", "read() on stock", "stock", "read-csum"),
        ("count", "read() on ours", "ours", "read-csum"),
        ("count", f"ring{ALL}", "ours", "ring-csum"),
        ("count", f"ring by libtunring{ALL}", "ours", "library-csum"),
        ("ratio", "ring / read() on stock", "ring-csum", "stock", "read-csum"),
        ("ratio", "ring / read() without TUN_F_CSUM", "ring-csum", "stock",
         "read"),
    ))
    return table


def gso(packets):
    table = Table("Packets of 64 KB",
                  f"TCP packets of {GSO} bytes, which the stack segments later. "
                  f"Receive is above the dummy device; bursts of {BURST}.",
                  ["receive", "send"])
    copy = packets.send("ours", "memcpy-gso", GSO)
    table.add("the dummy device itself",
              [packets.value("ours", "dummy-gso", "rx", GSO), None])
    table.add("memcpy of the packet", [copy, copy])

    def both(module, rx, tx):
        return (packets.share(module, rx, GSO, BURST, "dummy-gso"),
                packets.send(module, tx, GSO))

    for label, module, rx, tx in GSO_LINES:
        table.add(label, both(module, rx, tx))
    for label, name, rx, tx in GSO_RATIOS:
        table.add(f"ratio {label}",
                  [ratio(a, b) for a, b in zip(both("ours", name, name),
                                               both("stock", rx, tx))], "%.2f")
    return table


def events(packets):
    table = Table("System calls and wake-ups",
                  "Of the program, for each packet of 64 B.",
                  ["rx calls", "wake-ups", "tx calls", "wake-ups"])
    for label, module, rx, tx, bursts in EVENTS:
        for burst in bursts:
            table.add(f"{label}, bursts of {burst}",
                      [packets.field(field, module, name, direction, 64, burst)
                       for name, direction in ((rx, "rx"), (tx, "tx"))
                       for field in ("syscalls", "wakeups")], "%.3f")
    return table


def tables(packets):
    """All of them, in the order in which they are shown."""
    def sizes(title, note, lines, floor=None):
        return SizeTable(packets, title, note, floor).fill(lines)

    return [
        sizes("Receive", "Above the same UDP packets, sent into a dummy device.",
              RECEIVE, "dummy"),
        sizes("Receive, less the stack's own checksum",
              "Above a dummy device for which the stack makes the checksum, too.",
              RECEIVE, "dummy-csum"),
        receive_csum(packets),
        sizes("Receive datagrams of one call",
              "The source sends the datagrams of a burst by UDP_SEGMENT: all by one "
              "call, or by two calls with 1400 B. Instructions are those of one datagram, "
              "above a dummy device that gets them unsegmented. All have TUN_F_CSUM. "
              "With USO, TUN_F_USO*, the user gets them unsegmented, too.",
              SEGMENTS, "dummy-uso"),
        sizes("Send", "Up to a drop at tc ingress.", SEND),
        sizes("Send to a socket",
              "Up to the queue of a UDP socket. The program does not read the "
              f"socket, so nothing frees the packets. Bursts of {BURST}.", SOCKET),
        sizes("Send to an XDP program",
              "A tap has a native program that drops or passes each packet. tc drops "
              f"the passed packets. Bursts of {BURST}.", XDP),
        sizes("Receive from an XDP program",
              "A program on a veth device redirects each frame to a tap. Above the "
              "same frames, dropped by the program. Bursts of "
              f"{BURST}.", REDIRECT, "xdp-drop"),
        gso(packets),
        sizes("Tap and virtio rings: receive", "Above the dummy device.",
              VIRTIO, "dummy"),
        sizes("Tap and virtio rings: send", "Up to a drop at tc ingress.",
              VIRTIO),
        events(packets),
    ]
