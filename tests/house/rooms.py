# SPDX-License-Identifier: GPL-2.0
"""The metrics of all that people read: English and length, folder by folder."""
import random

import english
from metrics import LONG

# Folders that have a row of their own for each folder in them.
PARTED = ('tests', 'tools/tunring')
WHOLE = ('drivers/net/tun', 'include', 'Documentation')


class Room:
    """A folder with all that is below."""

    def __init__(self, tree, folder):
        self.folder = folder
        self.prose = []
        self.long = []
        for path in tree.below(folder):
            text = tree.read(path)
            kind = english.kind(path, text)
            if kind:
                self.prose.append((kind, english.prose(path, text)))
            lines = len(text.splitlines())
            if kind in ('C', 'script') and lines > LONG:
                self.long.append(f'{path}: {lines}')

    def words(self, kind):
        return sum(prose.words for its, prose in self.prose if its == kind)

    def headless(self, kind=None):
        return [f'{prose.path}:{line}: ...{hit}...' for its, prose in self.prose
                if kind in (None, its) for line, hit in prose.headless()]

    def comments(self, count, seed):
        """@count comments of three words or more; equal seeds draw the same ones."""
        every = [f'{prose.path}:{line}: {text}' for kind, prose in self.prose
                 if kind != 'document' for line, text in prose.passages
                 if len(text.split()) >= 3]
        drawn = random.Random(f'{seed} {self.folder}').sample(
            every, min(count, len(every)))
        return sorted(drawn)


def rooms(tree):
    folders = [folder for folder in WHOLE if tree.below(folder)]
    for parent in PARTED:
        depth = parent.count('/') + 1
        folders += sorted({parent + '/' + path.split('/')[depth]
                           for path in tree.below(parent)
                           if path.count('/') > depth})
    found = [Room(tree, folder) for folder in folders]
    return [room for room in found if room.prose]
