# SPDX-License-Identifier: GPL-2.0
import os
import tempfile
import unittest

from .. import rows


class Reading(unittest.TestCase):
    def test_an_object_on_each_line(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "rows")
            with open(path, "w", encoding="utf-8") as out:
                out.write('{"a":1,"why":"a comma, and: a colon"}\n\n{"a":2.5}\n')
            self.assertEqual(rows.read(path), [
                {"a": 1, "why": "a comma, and: a colon"}, {"a": 2.5}])

    def test_no_file_has_no_rows(self):
        self.assertEqual(rows.read("/nonexistent/rows"), [])

    def test_a_broken_line_is_an_error(self):
        with tempfile.NamedTemporaryFile("w+") as out:
            out.write('{"a":')
            out.flush()
            self.assertRaises(ValueError, rows.read, out.name)


class Arithmetic(unittest.TestCase):
    def test_a_missing_figure_makes_the_result_missing(self):
        for function in (rows.minus, rows.ratio):
            self.assertIsNone(function(None, 1))
            self.assertIsNone(function(1, None))
        self.assertIsNone(rows.total([1, None]))
        self.assertIsNone(rows.total([]))

    def test_results(self):
        self.assertEqual(rows.minus(5, 3), 2)
        self.assertEqual(rows.ratio(1, 4), 0.25)
        self.assertEqual(rows.total(x for x in (1, 2)), 3)

    def test_no_ratio_to_nothing(self):
        self.assertIsNone(rows.ratio(1, 0))
        self.assertIsNone(rows.ratio(1, -2))

    def test_median(self):
        self.assertEqual(rows.median([3, 1, 2]), 2)
        self.assertEqual(rows.median([4, 1, 3, 2]), 2)
        self.assertIsNone(rows.median([]))
