# SPDX-License-Identifier: GPL-2.0
"""Documentation/performance.md: one page with plots and the main goals, and an
appendix with everything."""
import os

from . import appendix, goal, plot

PAGE = """\
<!-- Made by tests/bench/report; changes here are lost. -->
# Performance

Instructions per packet of stock tun, of this driver, and of other ways to do the same.
Each figure on this page and in the appendix comes from the benchmark:

    make bench              # measures, some minutes; build/bench has the rows
    tests/bench/report      # makes this file from it

{plots}
Grey: other ways, without this driver. Blue: this driver. The figures count the
kernel's and the program's instructions, threads and interrupts included.

Ten goals, as ratios; less is better:

{goals}
{summary} The [appendix](#appendix) has all of
them, the reasons for missed goals, the method and its limits, and all tables.
"""


def plots(measured, folder):
    """Draws them; returns a table that shows them, a line for each direction."""
    lines = {}
    for direction, size in plot.PLOTS:
        shown = plot.bars(measured.packets, direction, size)
        if not shown:
            continue
        name = f"performance-{direction}-{size}.svg"
        plot.draw(shown, plot.title(direction, size), os.path.join(folder, name))
        what = "receive" if direction == "rx" else "send"
        lines.setdefault(direction, []).append(f"![{what}, {size} B]({name})")
    return "".join(["| | |\n|---|---|\n"] + [
        "| " + " | ".join(images) + " |\n" for images in lines.values()])


def first_page(pictures, goals):
    return PAGE.format(plots=pictures,
                       goals=goal.markdown([each for each in goals if each.main]),
                       summary=goal.summary(goals))


def write(measured, folder):
    text = first_page(plots(measured, folder), measured.goals()) + "\n" + \
        appendix.markdown(measured)
    path = os.path.join(folder, "performance.md")
    with open(path + ".new", "w", encoding="utf-8") as out:
        out.write(text)
    os.replace(path + ".new", path)
    return path
