# SPDX-License-Identifier: GPL-2.0
"""Plots of bars, one for each contestant that was measured, by gnuplot."""
import subprocess

from .packets import BURST

PLOTS = (("rx", 64), ("rx", 1400), ("tx", 64), ("tx", 1400))
OURS = "#2a6fb0"
OTHERS = "#9a9a9a"
WIDTH = 640

# Label, module, contestants that receive and send, whether it is of this project.
BARS = (
    ("pktgen (floor)", "ours", None, "pktgen", False),
    ("read(), stock", "stock", "read", None, False),
    ("write(), stock", "stock", None, "write", False),
    ("io_uring, stock", "stock", "io_uring", "io_uring", False),
    ("io_uring SQPOLL, stock", "stock", "io_uring-sqpoll", "io_uring-sqpoll", False),
    ("veth, AF_PACKET", "ours", "tpacket", "tpacket", False),
    ("veth, AF_XDP", "ours", "xdp", "xdp", False),
    ("vhost-net, stock tap", "stock", "vhost", "vhost", False),
    ("guest", "ours", "guest", "guest", True),
    ("guest, pinned", "ours", "guest-pinned", "guest-pinned", True),
    ("attached ring", "ours", "attached", "attached", True),
    ("attached ring, pinned", "ours", "attached-pinned", "attached-pinned", True),
    ("mapped ring", "ours", "ring", "ring", True),
)


def bars(packets, direction, size):
    """(label, instructions, ours) of each contestant that was measured."""
    out = []
    for label, module, rx, tx, ours in BARS:
        name = rx if direction == "rx" else tx
        floor = "dummy" if direction == "rx" else None
        if not name:
            continue
        figure = packets.figure(module, name, size, BURST, floor)
        if figure is not None:
            out.append((label, figure, ours))
    return out


def title(direction, size):
    what = "Receive, above a dummy device" if direction == "rx" else \
        "Send, to a drop at tc ingress"
    return f"{what}: instructions per packet of {size} B, bursts of {BURST}"


def script(shown, heading):
    """The input of gnuplot. The first bar is the topmost."""
    lines = [
        f'set terminal svg size {WIDTH},{60 + 24 * len(shown)} fixed '
        f'font "sans-serif,13" background "white" noenhanced',
        f'set label "{heading}" at screen 0.02, screen 0.94 left',
        "set tmargin 3",
        "set border 0", "unset xtics", "unset key", "set ytics nomirror scale 0",
        "set style fill solid noborder",
        f"set yrange [{len(shown) - 0.5}:-0.5]",
        f"set xrange [0:{1.15 * max(figure for _, figure, _ in shown):.0f}]",
        "$bars << END",
    ]
    for i, (label, figure, ours) in enumerate(shown):
        colour = OURS if ours else OTHERS
        lines.append(f'{i} {figure:.0f} 0x{colour[1:]} "{label}"')
    lines += [
        "END",
        "plot $bars using ($2/2):1:(0):2:($1-0.38):($1+0.38):3:ytic(4) "
        "with boxxyerror linecolor rgb variable, \\",
        "     $bars using 2:1:(sprintf(\" %d\", $2)) with labels left",
    ]
    return "\n".join(lines) + "\n"


def draw(shown, heading, path):
    """Writes an SVG."""
    done = subprocess.run(["gnuplot"], input=script(shown, heading), text=True,
                          capture_output=True, check=True)
    if done.stderr:
        raise ValueError(f"gnuplot: {done.stderr}")
    with open(path, "w", encoding="utf-8") as out:
        out.write(done.stdout)
