# SPDX-License-Identifier: GPL-2.0
import unittest

from ..table import Table


def example():
    table = Table("Title", "Note.", ["a", "long name"])
    table.add("first", [1234.4, None])
    table.add("no figures", [None, None])
    table.add("ratio", [0.5, 2], "%.2f")
    return table


class Tables(unittest.TestCase):
    def test_markdown(self):
        self.assertEqual(example().markdown(), (
            "### Title\n\nNote.\n\n"
            "| | a | long name |\n|---|---:|---:|\n"
            "| first | 1234 | - |\n| no figures | - | - |\n"
            "| ratio | 0.50 | 2.00 |\n"))

    def test_text_leaves_lines_without_figures_out(self):
        self.assertEqual(example().text(), (
            "Title. Note.\n"
            "            a  long name\n"
            "  first  1234          -\n"
            "  ratio  0.50       2.00\n"))

    def test_no_text_without_figures(self):
        table = Table("Title", "", ["a"])
        table.add("nothing", [None])
        self.assertEqual(table.text(), "")

    def test_a_line_has_a_cell_for_each_column(self):
        self.assertRaises(ValueError, example().add, "short", [1])
