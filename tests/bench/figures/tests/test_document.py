# SPDX-License-Identifier: GPL-2.0
"""The document, its plots, and that no figure is typed into them."""
import ast
import json
import os
import re
import tempfile
import types
import unittest
import xml.etree.ElementTree

from .. import appendix, document, plot, readme, reasons
from ..guest_groups import Split
from ..latency import Latency
from ..measured import Measured
from ..programs import Programs
from . import sample

FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# Settings and names, which are no figures.
ALLOWED = re.compile(
    r"\b(64|1400|\{\}) (B|bytes)\b|64 KB|1400 B|tuns / 100$|AES-256-GCM|CHACHA20-POLY1305|p2p|"
    r"shift=0|Debian 12|99(\.9)?th|\{[^}]*\}|SPDX.*|%\.\df|IPv[46]|x86_64")


def typed(path):
    """Digits in the texts of a module, without the digits of formats and settings."""
    with open(path, encoding="utf-8") as source:
        tree = ast.parse(source.read())
    formats = {id(part) for node in ast.walk(tree)
               if isinstance(node, ast.FormattedValue) and node.format_spec
               for part in ast.walk(node.format_spec)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) \
                and id(node) not in formats and " " in node.value:
            rest = ALLOWED.sub("", node.value)
            if re.search(r"\d", rest):
                yield rest


def measurement(folder):
    rows = sample.floors() + sample.floors(1400) + [
        sample.packet("stock", "read", "rx", 64, 6010.0),
        sample.packet("ours", "ring", "rx", 64, 4510.0),
        sample.packet("ours", "ring-noqueue", "rx", 64, 4277.0)]
    with open(os.path.join(folder, "packets.json"), "w", encoding="utf-8") as out:
        out.write("".join(json.dumps(row) + "\n" for row in rows))
    with open(os.path.join(folder, "machine"), "w", encoding="utf-8") as out:
        out.write("kernel 6.1.0-9-test\nqemu 7.2 (Debian)\n")
    return Measured(folder)


class Prose(unittest.TestCase):
    def test_no_figure_is_typed(self):
        for name in ("reasons", "appendix", "document", "openvpn", "qemu", "scale",
                     "guest_groups", "packet_tables", "latency"):
            self.assertEqual(list(typed(os.path.join(FOLDER, f"{name}.py"))), [],
                             name)

    def test_a_typed_figure_is_found(self):
        with tempfile.NamedTemporaryFile("w+") as module:
            module.write('X = "It costs 250 instructions with 64 B."\n'
                         'Y = f"It costs {X:.2f} of it."\n')
            module.flush()
            self.assertEqual(len(list(typed(module.name))), 1)

    def test_reasons_are_calculated(self):
        with tempfile.TemporaryDirectory() as folder:
            text = reasons.ring(measurement(folder).packets)
        self.assertIn("The qdisc costs 233 instructions", text)
        self.assertIn("allows 333 for all.", text)

    def test_a_sentence_without_figures_is_left_out(self):
        self.assertNotIn("costs", reasons.ring(sample.packets()))
        nothing = types.SimpleNamespace(packets=sample.packets(), split=Split([]),
                                        exec=Programs([]), latency=Latency([]))
        self.assertNotIn("None", reasons.reasons(nothing))

    def test_programs_and_latency(self):
        rows = [{"part": "exec", "program": "tinc", "way": way, "load": "backlog",
                 "size": 64, "end": "sending", "syscalls": calls}
                for way, calls in (("plain", 3.0), ("ring", 1.1))]
        self.assertIn("makes 3.0 calls for a packet that it sends, and by tunring exec 1.1",
                      reasons.programs(Programs(rows)))
        rows = [{"part": "latency", "clock": "icount", "module": module, "kind": kind,
                 "load": "bulk", "p99": figure}
                for module, kind, figure in (("ours", "ring-enter", 120),
                                             ("ours", "ring-busy", 110),
                                             ("stock", "read", 100))]
        self.assertIn("is 1.20 of the stock driver's with TUNRINGENTER, and 1.10 with", reasons.latency(Latency(rows)))

    def test_guests(self):
        split = Split([sample.split("vhost", "host-rings", "a", 10.0),
                       sample.split("vhost", "guest-stack", "b", 90.0),
                       sample.split("guest-pinned", "host-rings", "c", 4.0),
                       sample.split("guest-pinned", "guest-stack", "b", 80.0)] + [
                       sample.split(way, "guest-stack", "b", 10.0, size="tcp")
                       for way in ("vhost", "guest-pinned")])
        text = reasons.guests(split, "rx", "receives")
        self.assertIn("are 10.0% of vhost-net's sum", text)
        self.assertIn("take 0.40 of their instructions", text)
        self.assertIn("free, 0.80 of vhost-net's", text)


class Page(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = self.temporary.name
        self.measured = measurement(self.folder)

    def tearDown(self):
        self.temporary.cleanup()

    def test_one_page_first(self):
        path = document.write(self.measured, self.folder)
        with open(path, encoding="utf-8") as text:
            page, appendix = text.read().split("# Appendix\n")
        self.assertLess(len(page.splitlines()), 60)
        self.assertIn("| receive 64 B by ring / read() | 0.167 | 0.250 |", page)
        self.assertIn("6.1.0-9-test", appendix)
        self.assertIn("### Receive\n", appendix)

    def test_four_plots(self):
        document.write(self.measured, self.folder)
        self.assertEqual(len(plot.PLOTS), 4)
        tree = xml.etree.ElementTree.parse(
            os.path.join(self.folder, "performance-rx-64.svg"))
        text = " ".join(tree.getroot().itertext())
        for word in ("mapped ring", "500", "read(), stock", "2000"):
            self.assertIn(word, text)

    def test_ten_goals_are_on_the_first_page(self):
        goals = self.measured.goals()
        self.assertEqual(sum(goal.main for goal in goals), 10)
        self.assertIn("time of 8 TCP flows into one queue, rings / stock | 1.000 | - | "
                      "not measured |", document.first_page("", goals))

    def test_parts_that_were_not_measured_are_named(self):
        self.assertIn("| not measured | openvpn, exec, qemu, scale, latency, time |",
                      appendix.machine(self.measured))

    def test_a_folder_without_a_measurement_is_an_error(self):
        self.assertRaises(FileNotFoundError, Measured, "/nonexistent")


class Bars(unittest.TestCase):
    def test_only_what_was_measured(self):
        packets = sample.packets(*sample.floors(),
                                 sample.packet("ours", "ring", "rx", 64, 4510.0),
                                 sample.packet("ours", "ring", "tx", 64, 1500.0))
        self.assertEqual(plot.bars(packets, "rx", 64), [("mapped ring", 500.0, True)])
        self.assertEqual(plot.bars(packets, "tx", 64), [("mapped ring", 1500.0, True)])
        self.assertEqual(plot.bars(packets, "rx", 1400), [])

    def test_what_gnuplot_refuses_is_an_error(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertRaises(Exception, plot.draw, [("a", 1.0, True)],
                              'a quote " inside', os.path.join(folder, "x.svg"))


class Readme(unittest.TestCase):
    def test_only_the_figures_are_replaced(self):
        packets = sample.packets(*sample.floors(),
                                 sample.packet("ours", "library", "rx", 64, 4510.0))
        text = "before\n" + readme.BEGIN + "old\n" + readme.END + "after\n"
        new = readme.replaced(text, packets)
        self.assertTrue(new.startswith("before\n" + readme.BEGIN))
        self.assertTrue(new.endswith(readme.END + "after\n"))
        self.assertNotIn("old", new)
        self.assertIn("| receive 64 B, above a dummy device | - | - | - | 500 |", new)
        self.assertEqual(readme.replaced(new, packets), new)

    def test_the_readme_has_the_comments(self):
        with open(os.path.join(FOLDER, "..", "..", "..", "README.md"),
                  encoding="utf-8") as text:
            self.assertEqual(text.read().count(readme.BEGIN), 1)
