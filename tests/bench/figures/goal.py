# SPDX-License-Identifier: GPL-2.0
"""Goals: a limit, and the measured figure."""
from dataclasses import dataclass
from typing import Optional

from .table import show

NEARLY = 1.01


@dataclass(frozen=True)
class Goal:
    """@main goals stand on the first page of the document."""
    text: str
    limit: float
    measured: Optional[float]
    main: bool = False

    @property
    def reached(self):
        return self.measured is not None and self.measured <= self.limit


def verdict(goal):
    if goal.measured is None:
        return "not measured"
    if goal.reached:
        return "reached"
    if goal.measured <= goal.limit * NEARLY:
        return f"missed by less than {100 * (NEARLY - 1):.0f}%"
    return "**missed**"


def markdown(goals):
    out = ["| | at most | measured | |", "|---|---:|---:|---|"]
    for goal in goals:
        out.append(f"| {goal.text} | {goal.limit:.3f} | "
                   f"{show('%.3f', goal.measured)} | {verdict(goal)} |")
    return "\n".join(out) + "\n"


def text(goals):
    """Of the goals that were measured."""
    goals = [goal for goal in goals if goal.measured is not None]
    width = max([len(goal.text) for goal in goals], default=0)
    out = ["Goals"] + [
        f"  {goal.text:<{width}}  {goal.measured:7.3f} of {goal.limit:5.3f}"
        + ("" if goal.reached else "  missed") for goal in goals]
    return "\n".join(out) + "\n" if goals else ""


def summary(goals):
    """How many of the goals were reached, in one sentence."""
    reached = sum(goal.reached for goal in goals)
    absent = sum(goal.measured is None for goal in goals)
    out = f"{reached} of {len(goals)} goals are reached"
    return out + (f", {absent} were not measured." if absent else ".")
