# SPDX-License-Identifier: GPL-2.0
"""Reads rows of measurements, and calculates with figures that may be missing.

A row is a flat JSON object, one on each line. A figure that was not measured is
None, and so is all that is calculated from it.
"""
import json
import os


def read(path):
    """The rows of a file; an empty list if there is no such file."""
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def minus(a, b):
    return None if a is None or b is None else a - b


def ratio(a, b):
    return None if a is None or b is None or b <= 0 else a / b


def total(figures):
    """The sum, if no figure is missing."""
    figures = list(figures)
    return None if not figures or None in figures else sum(figures)


def median(figures):
    """The middle one; of an even number, the lower of the two in the middle."""
    figures = sorted(figures)
    return figures[(len(figures) - 1) // 2] if figures else None
