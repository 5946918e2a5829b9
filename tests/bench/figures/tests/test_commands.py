# SPDX-License-Identifier: GPL-2.0
"""The commands, as the scripts call them."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

from . import sample

BENCH = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def run(*arguments):
    return subprocess.run([sys.executable, "-B", "-m", "figures", *arguments],
                          env=dict(os.environ, PYTHONPATH=BENCH), text=True,
                          capture_output=True, check=False)


class Commands(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = self.temporary.name
        rows = sample.floors() + [sample.packet("ours", "ring", "rx", 64, 4510.0)]
        self.path("packets.json", "".join(json.dumps(row) + "\n" for row in rows))

    def tearDown(self):
        self.temporary.cleanup()

    def path(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def test_tables(self):
        done = run("tables", self.folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("ring, bursts of 64        500", done.stdout)

    def test_tables_of_one_part_as_markdown(self):
        done = run("tables", "--markdown", "--part", "packets", self.folder)
        self.assertIn("| ring, bursts of 64 | 500 | - | - |", done.stdout)
        self.assertEqual(run("tables", "--part", "scale", self.folder).stdout, "")

    def test_check_fails_if_figures_are_missing(self):
        done = run("check", os.path.join(self.folder, "packets.json"),
                   self.path("baseline", "ours ring rx 64 495\n"))
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"\nok \d+ - no worse than before: ring on ours")
        self.assertRegex(done.stdout, r"\n1\.\.\d+\n$")

    def test_errors_are_messages(self):
        for arguments in (("tables", "/nonexistent"),
                          ("keep", os.path.join(self.folder, "packets.json"))):
            done = run(*arguments)
            self.assertEqual(done.returncode, 1)
            self.assertTrue(done.stderr.startswith("figures: "), done.stderr)

    def test_groups(self):
        rows = [sample.split("vhost", "host-rings", "vhost_poll", 30.0)]
        path = self.path("qemu-split", "".join(json.dumps(row) for row in rows))
        self.assertIn("| vhost_poll | 30 |",
                      run("groups", "--group", "host-rings", path).stdout)
