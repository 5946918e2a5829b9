# SPDX-License-Identifier: GPL-2.0
"""Test results, as the harness reads them."""
import sys


class Tap:
    """Counts and prints; the plan comes last."""

    def __init__(self):
        self.count = 0
        self.bad = 0

    def result(self, name, why=''):
        """@why it failed, or nothing."""
        self.count += 1
        if why:
            self.bad += 1
            print(f'# {why}')
        print(f'{"not " if why else ""}ok {self.count} {name}', flush=True)

    def end(self):
        print(f'1..{self.count}')
        sys.exit(1 if self.bad else 0)
