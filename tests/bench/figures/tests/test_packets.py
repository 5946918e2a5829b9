# SPDX-License-Identifier: GPL-2.0
import unittest

from .. import packet_goals, packet_tables
from . import sample


class Figures(unittest.TestCase):
    def setUp(self):
        self.packets = sample.packets(
            *sample.floors(), sample.packet("stock", "read", "rx", 64, 6010.0),
            sample.packet("ours", "ring", "rx", 64, 4510.0, syscalls=0.5),
            sample.packet("ours", "ring", "tx", 64, 1500.0),
            sample.packet("stock", "write", "tx", 64, 3000.0, spread=0.03),
            {"module": "stock", "contestant": "ring", "direction": "rx", "size": 64,
             "burst": 64, "missing": "no rings"},
            {"part": "scale", "module": "ours", "spread": 4000.0})

    def test_the_floor_is_the_mean_of_both_boots(self):
        self.assertEqual(self.packets.floor("dummy", 64), 4010.0)
        self.assertIsNone(self.packets.floor("dummy", 1400))

    def test_receiving_is_above_the_floor(self):
        self.assertEqual(self.packets.share("stock", "read", 64), 2000.0)
        self.assertEqual(self.packets.send("ours", "ring", 64), 1500.0)
        self.assertIsNone(self.packets.share("stock", "read", 64, 8))

    def test_ratios(self):
        self.assertEqual(
            self.packets.compare("ring", "stock", "read", 64, "dummy"), 0.25)
        self.assertEqual(self.packets.compare("ring", "stock", "write", 64), 0.5)

    def test_rows_of_parts_are_no_packets(self):
        self.assertEqual(len(self.packets.rows), 6)

    def test_missing_and_unsteady(self):
        self.assertEqual(self.packets.missing, {("stock", "ring"): "no rings"})
        self.assertEqual(self.packets.unsteady(),
                         [("stock", "write", "tx", 64, 64)])

    def test_boots_differ(self):
        self.assertAlmostEqual(self.packets.boots_differ(), 0.005)
        self.assertIsNone(sample.packets().boots_differ())

    def test_goals(self):
        figures = {goal.text: goal.measured
                   for goal in packet_goals.goals(self.packets)}
        self.assertEqual(figures["receive 64 B by ring / read()"], 0.25)
        self.assertEqual(figures["send 64 B by ring / write()"], 0.5)
        self.assertEqual(figures["system calls for 64 packets received by ring"], 32)
        self.assertIsNone(figures["receive 64 B by ring / vhost-net"])

    def test_tables(self):
        tables = {table.title: dict(table.lines)
                  for table in packet_tables.tables(self.packets)}
        receive, send = tables["Receive"], tables["Send"]
        self.assertEqual(receive["the dummy device itself"], ["4020", "-", "-"])
        self.assertEqual(receive["read() on stock"], ["2000", "-", "-"])
        self.assertEqual(receive["ratio ring / read() on stock"],
                         ["0.25", "-", "-"])
        self.assertEqual(send["ring, bursts of 64"], ["1500", "-", "-"])
        self.assertEqual(
            tables["System calls and wake-ups"]["ring, bursts of 64"],
            ["0.500", "0.000", "0.000", "0.000"])
