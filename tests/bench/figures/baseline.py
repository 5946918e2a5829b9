# SPDX-License-Identifier: GPL-2.0
"""Figures that were kept, and whether today's are the same. Receiving counts above
the dummy device, because the sending of it is the greater part of the whole."""

# Two measurements of the same differ by so many instructions.
NOISE = 12
WORSE = 1.05
SIZES = (64, 1400)

# Stock's rows tell a change of the driver from a change of the measurement.
KEPT = (("stock", "read", ("rx",)), ("stock", "write", ("tx",)),
        ("ours", "read", ("rx",)), ("ours", "write", ("tx",)),
        ("ours", "ring", ("rx", "tx")), ("ours", "ring-bare", ("rx", "tx")),
        ("ours", "ring-csum", ("rx",)), ("ours", "guest", ("rx", "tx")),
        ("ours", "guest-pinned", ("rx", "tx")), ("ours", "attached", ("rx", "tx")),
        ("ours", "attached-pinned", ("rx", "tx")))
HEAD = ("# Instructions per packet in bursts of 64; rx: above the dummy device.\n"
        "# Made by tests/bench/requirements -k; 5% more is a failure.\n")


def now(packets, module, name, direction, size):
    if direction == "rx":
        return packets.share(module, name, size)
    return packets.send(module, name, size)


def keep(packets):
    """The text of the file; ValueError if a figure was not measured."""
    out = [HEAD]
    for module, name, directions in KEPT:
        for size in SIZES:
            for direction in directions:
                figure = now(packets, module, name, direction, size)
                if figure is None:
                    raise ValueError(
                        f"not measured: {module} {name} {direction} {size}")
                out.append(f"{module} {name} {direction} {size} {figure:.0f}\n")
    return "".join(out)


def read(path):
    """(module, name, direction, size, figure) of each line."""
    out = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#") or not line.strip():
                continue
            module, name, direction, size, figure = line.split()
            out.append((module, name, direction, int(size), int(figure)))
    return out


def compare(tap, packets, kept):
    for module, name, direction, size, figure in kept:
        today = now(packets, module, name, direction, size)
        limit = figure * WORSE + NOISE
        better = today is not None and today < figure * (2 - WORSE) - NOISE
        shown = "not measured" if today is None else f"{today:.0f}"
        tap.note(f"{name} on {module}, {direction} {size} B: {shown}, kept {figure}, "
                 f"at most {limit:.0f}" + ("; better, -k keeps it" if better else ""))
        tap.result(today is not None and 0 < today <= limit,
                   f"no worse than before: {name} on {module}, {direction} {size} B")
    if not kept:
        tap.result(False, "there is a baseline")
