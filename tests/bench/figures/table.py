# SPDX-License-Identifier: GPL-2.0
"""A table, as Markdown and as text for a terminal."""
from .prose import wrap


def show(style, figure):
    """A figure in a printf style; a dash for one that is missing."""
    return "-" if figure is None else style % figure


class Table:
    """Lines of cells under the names of the columns. @corner is the heading of
    the labels, @note a paragraph in front, @foot one behind."""

    def __init__(self, title, note, columns, corner="", foot=""):
        self.title = title
        self.note = note
        self.columns = list(columns)
        self.corner = corner
        self.foot = foot
        self.lines = []

    def add(self, label, figures, style="%.0f"):
        self.add_text(label, [show(style, figure) for figure in figures])

    def add_text(self, label, cells):
        cells = list(cells)
        if len(cells) != len(self.columns):
            raise ValueError(f"{self.title}: {label} has {len(cells)} cells")
        self.lines.append((str(label), cells))

    def grid(self):
        """Markdown of the cells alone."""
        out = [f"| {self.corner} | " + " | ".join(self.columns) + " |",
               "|---|" + "---:|" * len(self.columns)]
        for label, cells in self.lines:
            out.append(f"| {label} | " + " | ".join(cells) + " |")
        return "\n".join(line.replace("|  |", "| |") for line in out) + "\n"

    def markdown(self):
        parts = [f"### {self.title}\n", wrap(self.note) + "\n" if self.note else "",
                 self.grid(), wrap(self.foot) + "\n" if self.foot else ""]
        return "\n".join(part for part in parts if part)

    def text(self):
        """Lines without any figure are left out; without a line, nothing is left."""
        lines = [line for line in self.lines if set(line[1]) != {"-"}]
        if not lines:
            return ""
        label = max([len(self.corner)] + [len(line[0]) for line in lines])
        widths = [max(len(cells[i]) for _, cells in lines + [("", self.columns)])
                  for i in range(len(self.columns))]
        out = [wrap(f"{self.title}. {self.note}".strip())]
        for name, cells in [(self.corner, self.columns)] + lines:
            out.append(f"  {name:<{label}}" + "".join(
                f"  {cell:>{width}}" for cell, width in zip(cells, widths)))
        if self.foot:
            out.append(wrap(self.foot))
        return "\n".join(out) + "\n"
