# SPDX-License-Identifier: GPL-2.0
"""The output of the suite: TAP, limits, baseline."""
import io
import os
import tempfile
import unittest

from .. import baseline, requirements
from ..tap import Tap
from . import sample


def lines_of(function, *arguments):
    out = io.StringIO()
    tap = Tap(out)
    function(tap, *arguments)
    return tap.end(), out.getvalue().splitlines()


class Output(unittest.TestCase):
    def test_tap(self):
        def cases(tap):
            tap.note("two\nlines")
            tap.result(True, "good")
            tap.result(False, "bad")
        self.assertEqual(lines_of(cases), (1, [
            "# two", "# lines", "ok 1 - good", "not ok 2 - bad", "1..2"]))

    def test_no_case_is_a_failure(self):
        self.assertEqual(lines_of(lambda tap: None)[0], 1)


class Limits(unittest.TestCase):
    def test_at_most(self):
        for figure, good in ((0.5, True), (1.0, True), (1.001, False), (0, False),
                             (-1, False), (None, False)):
            status, _ = lines_of(requirements.at_most, "x", figure, 1)
            self.assertEqual(status, 0 if good else 1, figure)

    def test_nothing_measured_fails_all_cases(self):
        status, lines = lines_of(requirements.cases, sample.packets())
        self.assertEqual(status, 1)
        self.assertFalse([line for line in lines if line.startswith("ok")])

    def test_ratio_of_what_was_measured(self):
        packets = sample.packets(
            *sample.floors(), sample.packet("stock", "read", "rx", 64, 6010.0),
            sample.packet("ours", "ring", "rx", 64, 4510.0))
        _, lines = lines_of(requirements.receive_cases, packets)
        self.assertEqual(lines[:2], [
            "# receive by ring to read(), 64 B: 0.250, at most 0.333",
            "ok 1 - receive by ring to read(), 64 B"])


class Kept(unittest.TestCase):
    def check(self, today, kept=1000):
        packets = sample.packets(*(
            [] if today is None
            else [sample.packet("ours", "ring", "tx", 64, float(today))]))
        return lines_of(baseline.compare, packets, [("ours", "ring", "tx", 64, kept)])

    def test_a_little_more_is_noise(self):
        self.assertEqual(self.check(1062)[0], 0)
        self.assertEqual(self.check(1063)[0], 1)

    def test_better_says_so(self):
        self.assertIn("; better, -k keeps it", self.check(937)[1][0])
        self.assertNotIn("better", self.check(939)[1][0])

    def test_a_figure_that_is_gone_fails(self):
        self.assertEqual(self.check(None)[0], 1)

    def test_no_baseline_fails(self):
        self.assertEqual(lines_of(baseline.compare, sample.packets(), [])[0], 1)

    def test_kept_figures_are_read_again(self):
        rows = []
        for size in baseline.SIZES:
            rows += sample.floors(size)
            for module, name, directions in baseline.KEPT:
                rows += [sample.packet(module, name, direction, size, 5000.4)
                         for direction in directions]
        packets = sample.packets(*rows)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "baseline")
            with open(path, "w", encoding="utf-8") as out:
                out.write(baseline.keep(packets))
            kept = baseline.read(path)
        self.assertEqual(kept[0], ("stock", "read", "rx", 64, 990))
        self.assertEqual(len(kept), len(baseline.SIZES) * sum(
            len(directions) for _, _, directions in baseline.KEPT))
        self.assertEqual(lines_of(baseline.compare, packets, kept)[0], 0)

    def test_a_missing_figure_is_not_kept(self):
        self.assertRaises(ValueError, baseline.keep, sample.packets())
