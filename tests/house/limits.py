# SPDX-License-Identifier: GPL-2.0
"""The file of limits: figures that the tree may not exceed.

A line is "COLUMN METRIC FIGURE", or "FOLDER headless|long-files FIGURE".
"""
import os

import metrics
import rooms

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'limits')
# For these more is not worse.
NO_LIMIT = ('functions',)
# Where a function's length counts: a part may get its longer ones from another.
WHOLE = ('driver', 'lib')
# No limit is tighter than this: folders of so many files are small enough.
GOALS = {'largest-folder': 14}


def limited(name, key):
    if key in ('median', 'p95', 'max'):
        return name in WHOLE
    return key not in NO_LIMIT


def figures(house):
    """(column or folder, metric) -> figure."""
    found = {}
    for name, scope in metrics.scopes(house).items():
        for key, (_, measure) in metrics.METRICS.items():
            if limited(name, key):
                found[name, key] = measure(scope)[0]
    for room in rooms.rooms(house):
        found[room.folder, 'headless'] = len(room.headless())
        found[room.folder, 'long-files'] = len(room.long)
    return found


def parse(lines):
    """(column or folder, metric) -> limit."""
    words = [line.split() for line in lines if line.strip() and line[0] != '#']
    return {(name, key): int(figure) for name, key, figure in words}


def load():
    with open(FILE, encoding='ascii') as file:
        return parse(file)


def tighten(house, path=FILE):
    """Limits become today's figures, where those are better or have none yet."""
    with open(path, encoding='ascii') as file:
        lines = file.readlines()
    head = [line for line in lines if line.startswith('#')]
    limit = parse(lines)
    for place, figure in figures(house).items():
        goal = GOALS.get(place[1], 0)
        limit[place] = min(max(figure, goal), limit.get(place, max(figure, goal)))
    with open(path, 'w', encoding='ascii') as file:
        file.writelines(head)
        for (name, key), figure in limit.items():
            file.write(f'{name} {key} {figure}\n')


def exceeded(figure, limit):
    """Why a figure is no good, or nothing."""
    if figure is None:
        return 'nothing there to measure'
    return f'{figure} exceeds {limit}' if figure > limit else ''
