# SPDX-License-Identifier: GPL-2.0
"""All that a folder holds of one run of the benchmark."""
import os

from . import (flows, guest_groups, latency, openvpn, packet_goals, packet_tables,
               programs, qemu, rows, scale)
from .packets import Packets

PARTS = ("packets", "openvpn", "exec", "qemu", "scale", "latency", "time")


class Measured:
    def __init__(self, folder):
        self.folder = folder
        all_rows = {part: rows.read(os.path.join(folder, f"{part}.json"))
                    for part in PARTS}
        if not any(all_rows.values()):
            raise FileNotFoundError(f"no measurement in {folder}; make bench makes one")
        self.present = [part for part in PARTS if all_rows[part]]
        self.packets = Packets(all_rows["packets"])
        self.openvpn = openvpn.OpenVPN(all_rows["openvpn"])
        self.exec = programs.Programs(all_rows["exec"])
        self.qemu = qemu.Guests(all_rows["qemu"])
        self.scale = scale.Scale(all_rows["scale"])
        self.latency = latency.Latency(all_rows["latency"])
        self.time = flows.Flows(all_rows["time"])
        self.split = guest_groups.Split(
            rows.read(os.path.join(folder, "qemu-split"))
            if "qemu" in self.present else [])

    def about(self, key):
        """A line of the file machine, which says on what it was measured."""
        path = os.path.join(self.folder, "machine")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as lines:
                for line in lines:
                    if line.startswith(key + " "):
                        return line[len(key) + 1:].strip()
        return "unknown"

    def each(self):
        """(name, data, its module) of each part."""
        return (("openvpn", self.openvpn, openvpn), ("exec", self.exec, programs),
                ("qemu", self.qemu, qemu),
                ("scale", self.scale, scale), ("latency", self.latency, latency),
                ("time", self.time, flows))

    def tables(self, part=None):
        """Of one part, or of all that were measured."""
        out = []
        if "packets" in self.present and part in (None, "packets"):
            out += packet_tables.tables(self.packets)
        for name, data, module in self.each():
            if name in self.present and part in (None, name):
                out += module.tables(data)
            if name == "qemu" and self.split.ways and part in (None, "qemu"):
                out.append(guest_groups.group_table(self.split))
        return out

    def goals(self, part=None):
        """Goals of one part, or of all parts, also of parts that were not measured."""
        out = []
        if part in (None, "packets"):
            out += packet_goals.goals(self.packets)
        for name, data, module in self.each():
            if part in (None, name):
                out += module.goals(data)
        return out

    def absent(self):
        return [part for part in PARTS if part not in self.present]
