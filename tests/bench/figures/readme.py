# SPDX-License-Identifier: GPL-2.0
"""The figures of single packets in README.md, between two comments."""
from .table import Table

BEGIN = "<!-- figures: made by tests/bench/report -->\n"
END = "<!-- figures end -->\n"

LINES = (("receive 64 B, above a dummy device", "rx", 64),
         ("receive 1400 B, above a dummy device", "rx", 1400),
         ("receive 1400 B with `TUN_F_CSUM`", "csum", 1400),
         ("send 64 B, to a tc ingress drop", "tx", 64),
         ("send 1400 B, to a tc ingress drop", "tx", 1400))

# Heading, module, and contestants that receive, receive with TUN_F_CSUM, and send.
PLAIN = (("read/write, stock", "stock", "read", "read-csum", "write"),
         ("read/write, ours", "ours", "read", "read-csum", "write"),
         ("io_uring, stock", "stock", "io_uring", None, "io_uring"),
         ("rings, by libtunring", "ours", "library", "library-csum", "library"))
VIRTIO = (("vhost-net on stock", "stock", "vhost", None, "vhost"),
          ("guest's rings", "ours", "guest", None, "guest"),
          ("guest's, pinned", "ours", "guest-pinned", None, "guest-pinned"),
          ("attached", "ours", "attached", None, "attached"),
          ("attached and pinned", "ours", "attached-pinned", None,
           "attached-pinned"))


def table(packets, columns, kinds):
    out = Table("", "", [column[0] for column in columns])
    for label, kind, size in LINES:
        if kind not in kinds:
            continue
        figures = []
        for _, module, rx, csum, tx in columns:
            name = {"rx": rx, "csum": csum, "tx": tx}[kind]
            floor = None if kind == "tx" else "dummy"
            figures.append(packets.figure(module, name, size, floor=floor)
                           if name else None)
        out.add(label, figures)
    return out.grid()


def figures(packets):
    return (f"\n{table(packets, PLAIN, ('rx', 'csum', 'tx'))}\n"
            "The rings of a guest or of a user stack behind a tap, threads included:\n"
            f"\n{table(packets, VIRTIO, ('rx', 'tx'))}\n")


def replaced(text, packets):
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return before + BEGIN + figures(packets) + END + after


def write(measured, path):
    with open(path, encoding="utf-8") as lines:
        text = lines.read()
    if "packets" in measured.present:
        text = replaced(text, measured.packets)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return path
