# SPDX-License-Identifier: GPL-2.0
"""The goals of single packets. Bursts of 64, stock tun where no other is named."""
from .goal import Goal
from .packets import BURST

# Of receiving by ring, to read().
RECEIVE_64 = 1 / 6


def calls(packets, direction):
    """System calls for a burst."""
    each = packets.field("syscalls", "ours", "ring", direction, 64)
    return None if each is None else BURST * each


def receive_goals(packets):
    def rx(name, size, other, floor="dummy"):
        return packets.compare(name, "stock", other, size, floor)

    return [
        Goal("receive 64 B by ring / read()", RECEIVE_64, rx("ring", 64, "read"),
             main=True),
        Goal("the same, neither with a queueing discipline", RECEIVE_64,
             rx("ring-noqueue", 64, "read-noqueue")),
        Goal("receive 64 B by ring / vhost-net", 1 / 3,
             rx("ring", 64, "vhost")),
        Goal("receive 64 B by ring / io_uring", 1 / 3,
             rx("ring", 64, "io_uring")),
        Goal("receive 1400 B by ring / read(), less the checksum", 1 / 4,
             rx("ring", 1400, "read", "dummy-csum")),
        Goal("the same, neither with a queueing discipline", 1 / 4,
             rx("ring-noqueue", 1400, "read-noqueue", "dummy-csum")),
        Goal("receive 1400 B with TUN_F_CSUM by ring / read() without", 1 / 3,
             rx("ring-csum", 1400, "read"), main=True),
        Goal("receive datagrams of 64 B of one call by ring with USO / "
             "read() without", 1 / 100,
             rx("ring-uso", 64, "read-segments", "dummy-uso")),
        Goal("receive datagrams of 1400 B of one call by ring with USO / "
             "read() without", 1 / 10,
             rx("ring-uso", 1400, "read-segments", "dummy-uso")),
        Goal("receive 64 B that XDP redirects, by ring / read()", 0.35,
             rx("ring-redirect", 64, "read-redirect", "xdp-drop")),
        Goal(f"system calls for {BURST} packets received by ring", 1,
             calls(packets, "rx")),
        Goal("read() of 64 B on ours / on stock", 1, rx("read", 64, "read"),
             main=True),
        Goal("receive 64 B by a guest / vhost-net", 1,
             rx("guest", 64, "vhost")),
        Goal("receive 64 B by a guest in pinned memory / vhost-net", 0.7,
             rx("guest-pinned", 64, "vhost")),
    ]


def send_goals(packets):
    def tx(name, module, other):
        return packets.compare(name, module, other, 64)

    return [
        Goal("send 64 B by ring / write()", 0.45, tx("ring", "stock", "write"),
             main=True),
        Goal("send 64 B by ring / vhost-net", 0.8, tx("ring", "stock", "vhost")),
        Goal("send 64 B by ring / pktgen", 1.25, tx("ring", "ours", "pktgen")),
        Goal(f"system calls for {BURST} packets sent by ring", 1,
             calls(packets, "tx")),
        Goal("write() of 64 B on ours / on stock", 1,
             tx("write", "stock", "write"), main=True),
        Goal("send 64 B by stock vhost-net on ours / on stock", 1.01,
             tx("vhost", "stock", "vhost")),
        Goal("send 64 B by ring, an XDP program drops it / by write()", 0.7,
             tx("ring-xdp-drop", "stock", "write-xdp-drop")),
        Goal("send 64 B by ring, an XDP program passes it / by write()", 0.75,
             tx("ring-xdp-pass", "stock", "write-xdp-pass")),
        Goal("send 64 B by a guest / vhost-net", 1,
             tx("guest", "stock", "vhost")),
        Goal("send 64 B by a guest in pinned memory / vhost-net", 0.7,
             tx("guest-pinned", "stock", "vhost")),
    ]


def goals(packets):
    return receive_goals(packets) + send_goals(packets)
