# SPDX-License-Identifier: GPL-2.0
"""Rows for tests. Figures are made up, each different from the others."""
from ..packets import Packets


def packet(module, name, direction, size, instructions, burst=64, spread=0.001,
           syscalls=0.0):
    return {"module": module, "contestant": name, "direction": direction,
            "size": size, "burst": burst, "instructions": instructions, "own": 1.0,
            "syscalls": syscalls, "wakeups": 0.0, "switches": 0.0, "spread": spread}


def floors(size=64, stock=4000.0, ours=4020.0, name="dummy"):
    return [packet("stock", name, "rx", size, stock),
            packet("ours", name, "rx", size, ours)]


def packets(*rows):
    return Packets(list(rows))


def openvpn(way, instructions, cipher="AES-256-GCM", topology="p2p", load="backlog",
            direction="up", size=1400, syscalls=8.0):
    return {"part": "openvpn", "way": way, "cipher": cipher, "topology": topology,
            "load": load, "direction": direction, "size": size,
            "instructions": instructions, "syscalls": syscalls}


def qemu(way, direction, size, instructions):
    return {"part": "qemu", "module": "ours", "way": way, "direction": direction,
            "size": size, "bursts": 32, "instructions": instructions}


def split(way, group, symbol, instructions, direction="rx", size="64", clock=100.0):
    return {"way": way, "direction": direction, "size": size, "clock": clock,
            "group": group, "symbol": symbol, "instructions": instructions}
