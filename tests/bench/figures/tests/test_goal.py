# SPDX-License-Identifier: GPL-2.0
import unittest

from .. import goal
from ..goal import Goal


class Verdicts(unittest.TestCase):
    def test_verdicts(self):
        for measured, verdict in ((0.9, "reached"), (1.0, "reached"),
                                  (1.009, "missed by less than 1%"),
                                  (1.02, "**missed**"), (None, "not measured")):
            self.assertEqual(goal.verdict(Goal("x", 1, measured)), verdict)

    def test_what_was_not_measured_is_not_reached(self):
        self.assertFalse(Goal("x", 1, None).reached)

    def test_markdown(self):
        self.assertEqual(goal.markdown([Goal("x / y", 1 / 3, 0.5)]), (
            "| | at most | measured | |\n|---|---:|---:|---|\n"
            "| x / y | 0.333 | 0.500 | **missed** |\n"))

    def test_text_has_those_that_were_measured(self):
        self.assertEqual(goal.text([Goal("x", 1, 0.5), Goal("y", 1, None),
                                    Goal("long", 1, 2)]),
                         "Goals\n  x       0.500 of 1.000\n"
                         "  long    2.000 of 1.000  missed\n")
        self.assertEqual(goal.text([Goal("y", 1, None)]), "")

    def test_summary(self):
        goals = [Goal("x", 1, 1), Goal("y", 1, 2), Goal("z", 1, None)]
        self.assertEqual(goal.summary(goals),
                         "1 of 3 goals are reached, 1 were not measured.")
        self.assertEqual(goal.summary(goals[:2]), "1 of 2 goals are reached.")
