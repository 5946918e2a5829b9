# SPDX-License-Identifier: GPL-2.0
"""Results as TAP, one line for each case."""
import sys


class Tap:
    def __init__(self, out=sys.stdout):
        self.out = out
        self.cases = 0
        self.failed = 0

    def note(self, text):
        for line in text.splitlines():
            print(f"# {line}", file=self.out)

    def result(self, good, name):
        self.cases += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.cases} - {name}", file=self.out)

    def end(self):
        """The plan; returns an exit status."""
        print(f"1..{self.cases}", file=self.out, flush=True)
        return int(self.failed > 0 or self.cases == 0)
