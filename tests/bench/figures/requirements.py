# SPDX-License-Identifier: GPL-2.0
"""The figures that have to be reached, as TAP."""
from .table import show


def at_most(tap, text, figure, limit):
    tap.note(f"{text}: {'not measured' if figure is None else show('%.3f', figure)}, "
             f"at most {limit:.3f}")
    tap.result(figure is not None and 0 < figure <= limit, text)


def receive_cases(tap, packets):
    """The goal with TUN_F_CSUM is a third; boots differ by more than the figure is
    below it.

    With 1400 B and no TUN_F_CSUM, the stack's checksum, the copy and the queueing
    discipline take more than a third of read()'s share before the driver has done
    anything. Records carry TUN_F_CSUM without a header in front of the packet, so
    users of rings enable it there. The figure without TUN_F_CSUM may not get worse."""
    def to_read(name, size):
        return packets.compare(name, "stock", "read", size, "dummy")

    at_most(tap, "receive by ring to read(), 64 B", to_read("ring", 64), 1 / 3)
    at_most(tap, "receive by ring with TUN_F_CSUM to read(), 1400 B",
            to_read("ring-csum", 1400), 0.34)
    at_most(tap, "receive by ring, checksum by the stack, to read(), 1400 B",
            to_read("ring", 1400), 0.47)


def segments_cases(tap, packets):
    """Datagrams that a program sent by one call, unsegmented, to read() of the
    segments."""
    for size, limit in ((64, 1 / 100), (1400, 1 / 10)):
        at_most(tap, f"receive datagrams of one call by ring to read(), {size} B",
                packets.compare("ring-uso", "stock", "read-segments", size,
                                "dummy-uso"), limit)


def plain_cases(tap, packets, size):
    at_most(tap, f"send by ring to write(), {size} B",
            packets.compare("ring", "stock", "write", size), 0.45)
    at_most(tap, f"read() on ours to stock, {size} B",
            packets.compare("read", "stock", "read", size, "dummy"), 1.02)
    at_most(tap, f"write() on ours to stock, {size} B",
            packets.compare("write", "stock", "write", size), 1.02)
    at_most(tap, f"send by vhost-net on ours to stock, {size} B",
            packets.compare("vhost", "stock", "vhost", size), 1.02)


def virtio_cases(tap, packets, size):
    """To vhost-net on stock tun, behind a tap, with all threads counted in."""
    for user, name, limit in (("by a guest", "guest", 1),
                              ("by a guest in pinned memory", "guest-pinned", 0.7),
                              ("attached and pinned,", "attached-pinned", 0.7)):
        at_most(tap, f"receive {user} to vhost-net, {size} B",
                packets.compare(name, "stock", "vhost", size, "dummy"), limit)
        at_most(tap, f"send {user} to vhost-net, {size} B",
                packets.compare(name, "stock", "vhost", size), limit)


def library_cases(tap, packets):
    """To a program that is written against the ABI alone.

    The kernel's part must be the same: with the sender's, all instructions differ by
    no more than the user's and the noise."""
    at_most(tap, "receive by libtunring to the raw ring, 64 B",
            packets.beyond("library", "ring", 64), 1.05)
    at_most(tap, "receive by libtunring to the raw ring, sending counted in, 64 B",
            packets.compare_all("library", "ring", 64), 1.015)
    at_most(tap, "send by libtunring to the raw ring, 64 B",
            packets.compare("library", "ours", "ring", 64), 1.05)


def cases(tap, packets):
    receive_cases(tap, packets)
    segments_cases(tap, packets)
    library_cases(tap, packets)
    for size in (64, 1400):
        plain_cases(tap, packets, size)
    for size in (64, 1400):
        virtio_cases(tap, packets, size)
