# SPDX-License-Identifier: GPL-2.0
"""The parts of the benchmark beside single packets."""
import unittest

from .. import flows, latency, openvpn, programs, qemu, scale
from . import sample


class OpenVPN(unittest.TestCase):
    def setUp(self):
        self.data = openvpn.OpenVPN([
            sample.openvpn("stock", 50000), sample.openvpn("batch", 40000),
            sample.openvpn("ring", 30000),
            sample.openvpn("none", 9000, cipher="none", size=64),
            sample.openvpn("none", 9500, cipher="none"),
            {"part": "openvpn", "way": "ovpn", "cipher": "AES-256-GCM",
             "topology": "p2p", "missing": "no module"}])

    def test_batches_and_rings_have_columns_of_their_own(self):
        table = [table for table in openvpn.tables(self.data)
                 if table.title == "OpenVPN, instructions per packet, 1400 B"][0]
        self.assertEqual(table.columns[:3], ["stock", "batching", "rings"])
        self.assertEqual(dict(table.lines)["p2p, AES-256-GCM"],
                         ["50000", "40000", "30000", "0.80", "0.75", "0.60"])

    def test_goals_of_both(self):
        figures = {goal.text: goal.measured for goal in openvpn.goals(self.data)}
        begin = "OpenVPN p2p, 1400 B, AES-256-GCM: "
        self.assertEqual(figures[begin + "rings / stock"], 0.6)
        self.assertEqual(figures[begin + "batching / stock"], 0.8)
        self.assertEqual(figures[begin + "rings / batching"], 0.75)
        self.assertIsNone(figures["OpenVPN p2p, 1400 B, no cipher: rings / stock"])

    def test_figures_of_the_note_are_measured(self):
        self.assertIn("costs 9000 with 64 B and 9500 with 1400 B",
                      openvpn.cost_note(self.data))
        self.assertNotIn("--fast-io", openvpn.cost_note(self.data))

    def test_what_is_missing_is_named(self):
        self.assertIn("OpenVPN over ovpn is not measured: no module.",
                      openvpn.tables(self.data)[-1].foot)


class Guests(unittest.TestCase):
    def test_ratios_to_vhost(self):
        data = qemu.Guests([sample.qemu("vhost", "rx", "64", 200.0),
                            sample.qemu("guest-pinned", "rx", "64", 150.0),
                            {"part": "qemu", "way": "guest", "missing": "a crash"}])
        figures = {goal.text: goal.measured for goal in qemu.goals(data)}
        self.assertEqual(figures[
            "QEMU's guest in pinned memory receives, 64 B / vhost-net"], 0.75)
        table = qemu.tables(data)[0]
        self.assertEqual(
            dict(table.lines)["ratio rings in pinned memory / vhost-net"],
            ["0.75", "-", "-", "-", "-", "-"])
        self.assertIn("guest: missing, for a crash", table.foot)


def scale_row(module, kind, tuns, **fields):
    return dict({"part": "scale", "module": module, "kind": kind, "tuns": tuns},
                **fields)


class Scale(unittest.TestCase):
    def setUp(self):
        ring = {"entries": 64, "buf": 2048, "areas": 2048, "turn_burst": 8,
                "spread_burst": 64}
        self.data = scale.Scale([
            scale_row("stock", "ring", 1, missing="no rings"),
            scale_row("stock", "read", 1, turn=500, spread=1400),
            scale_row("stock", "read", 100, turn=500, spread=1400),
            scale_row("ours", "dummy", 1, turn=100, spread=400),
            scale_row("ours", "dummy", 100, turn=100, spread=400),
            scale_row("ours", "ring", 1, turn=300, spread=600, turn_own=10,
                      ring_bytes=1024, device_bytes=2048, **ring),
            scale_row("ours", "ring", 100, turn=340, spread=900, turn_own=11,
                      ring_bytes=1536, device_bytes=2048, **ring)])

    def test_packets_are_above_the_dummy_devices(self):
        table = [table for table in scale.tables(self.data)
                 if table.title.endswith("in turn")][0]
        self.assertEqual(table.lines[1],
                         ("100", ["400", "-", "240", "-", "-", "11"]))

    def test_memory_in_kib(self):
        table = scale.tables(self.data)[0]
        self.assertEqual(table.lines[0], ("1", ["-", "-", "1.0"]))
        self.assertIn("2 KiB of a ring are mapped", table.note)

    def test_goals(self):
        figures = {goal.text: goal.measured for goal in scale.goals(self.data)}
        self.assertEqual(
            figures["loop over rings in turn, a packet, 100 tuns / 1"], 1.1)
        self.assertEqual(figures["packet spread over 100 tuns, rings / read()"], 0.5)

    def test_nothing_without_rings(self):
        self.assertEqual(scale.tables(scale.Scale([])), [])


def ping(clock, module, kind, median, load="idle"):
    return {"part": "latency", "clock": clock, "module": module, "kind": kind,
            "load": load, "pings": 4000, "bulk": 0, "burst": 32, "period": 1000,
            "take": 1120000, "lost": 3,
            "mean": median + 1, "median": median, "p99": median, "p999": median}


class Latency(unittest.TestCase):
    def setUp(self):
        self.data = latency.Latency([
            ping("icount", "stock", "read", 2000),
            ping("icount", "ours", "read", 2000, "bulk"),
            ping("icount", "ours", "ring-enter", 1500),
            {"part": "latency", "clock": "icount", "module": "ours", "kind": "guest",
             "missing": "no ioctls"}] + [
            ping("wall", "stock", "read", median) for median in (9000, 5000, 7000)])

    def test_boots_become_their_median(self):
        self.assertEqual(self.data.get("wall", "stock", "read", "idle", "median"),
                         7000)
        note = latency.tables(self.data)[1].note
        self.assertIn("Medians of 3 boots", note)
        self.assertIn("stock read 5 to 9", note)

    def test_ratios_by_the_clock(self):
        line = latency.tables(self.data)[1].lines[0]
        self.assertEqual(line[1][:4], ["1.00"] * 4)

    def test_why_there_is_no_figure(self):
        foot = latency.tables(self.data)[0].foot
        self.assertIn("guest's rings: missing, for no ioctls", foot)
        self.assertIn("Not measured: the same, ours; rings, epoll", foot)

    def test_goals(self):
        figures = {goal.text: goal.measured for goal in latency.goals(self.data)}
        self.assertEqual(
            figures["latency, rings with TUNRINGENTER / stock"], 0.75)

    def test_slow_link(self):
        data = latency.Latency([
            ping("icount", "stock", "read", 500000000, "slow"),
            ping("icount", "ours", "ring-flow", 100000000, "slow")])
        table = [table for table in latency.tables(data) if "slow" in table.title]
        self.assertEqual([line[0] for line in table[0].lines],
                         ["read(), stock", "rings with flow control"])
        self.assertEqual(table[0].lines[0][1], ["500.0", "500.0", "500.0", "3"])
        self.assertIn("every 1.12 ms", table[0].note)
        figures = {goal.text: goal.measured for goal in latency.goals(data)}
        self.assertEqual(figures["latency behind a slow link with fq_codel, rings with "
                                 "flow control / stock"], 0.2)

    def test_percentiles_by_the_clock(self):
        data = latency.Latency([
            ping("wall", "stock", "read", 1000, "bulk"),
            ping("wall", "ours", "ring-enter", 900, "bulk")])
        figures = {goal.text: goal.measured for goal in latency.goals(data)}
        self.assertEqual(figures["latency by the clock beside bulk, 99th percentile, "
                                 "rings with TUNRINGENTER / stock"], 0.9)


def run(module, kind, queues, mbit):
    return {"part": "time", "module": module, "kind": kind, "queues": queues,
            "flows": 8, "mbit": mbit, "retransmitted": 1.0, "moved": 1000,
            "dropped": 2, "qdisc_dropped": 3}


class Flows(unittest.TestCase):
    def setUp(self):
        self.rows = [{"part": "time", "cpus": 2, "host_cpus": 4,
                      "accelerator": "tcg"},
                     {"part": "time", "counted": "perf", "missing": "no counters"}]
        for queues in (1, 4):
            for mbit in (100.0, 300.0, 200.0):
                self.rows.append(run("stock", "plain", queues, mbit))
            self.rows.append(run("ours", "rings", queues, 400.0))

    def test_table(self):
        table = flows.tables(flows.Flows(self.rows))[0]
        self.assertEqual(table.lines[0], ("1", [
            "200 (100 to 300)", "-", "400 (400 to 400)", "-", "-", "2.00", "-",
            "1.0, 2.0, 3.0", "-", "1.0, 2.0, 3.0", "-"]))
        self.assertIn("medians of 3 runs", table.note)
        self.assertIn("no counters", table.foot)

    def test_cycles(self):
        self.rows.append({"part": "time", "counted": "perf", "module": "stock",
                          "kind": "plain", "queues": 1, "cycles": 3000000})
        table = flows.tables(flows.Flows(self.rows))[1]
        self.assertEqual(table.lines[0], ("1", ["3", "-", "-", "-"]))

    def test_goals_are_of_time(self):
        goals = flows.goals(flows.Flows(self.rows))
        self.assertEqual([goal.measured for goal in goals], [0.5, 0.5, None, None])


class Exec(unittest.TestCase):
    @staticmethod
    def row(way, instructions, end="sending", **more):
        return {"part": "exec", "program": "tinc", "way": way, "load": "backlog",
                "size": 1200, "end": end, "instructions": instructions, **more}

    def test_ratios_to_both_drivers(self):
        data = programs.Programs([self.row("stock", 8000.0), self.row("plain", 9000.0),
                                  self.row("ring", 6000.0, syscalls=1.08)])
        text = "".join(table.text() for table in programs.tables(data))
        self.assertRegex(text, r"tinc, 1200 B, sending +8000 +9000 +6000 +0\.75 +0\.67")
        self.assertRegex(text, r"tinc, 1200 B, sending +- +- +1\.08")

    def test_goals_of_what_was_measured(self):
        data = programs.Programs([self.row("plain", 9000.0, "receiving"),
                                  self.row("ring", 9900.0, "receiving")])
        goals = [goal for goal in programs.goals(data) if goal.measured is not None]
        self.assertEqual([goal.reached for goal in goals], [False])
