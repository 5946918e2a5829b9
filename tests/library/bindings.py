#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0
"""Binds each public function of an installed libtunring.so, as a program in another
language does, and calls those that need no device.

    bindings.py FOLDER-OF-HEADERS LIBRARY
"""
import ctypes
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from ffi_binding import Library, Packet


def main():
    """Prints nothing if all is well."""
    # AttributeError: the library lacks a symbol that the headers declare.
    lib = Library(pathlib.Path(sys.argv[1]), sys.argv[2])
    assert len(lib.public) > 40, lib.public
    assert lib.version() == b"0.1"
    assert b"deleted" in lib.strerror(-77)      # EBADFD

    room = ctypes.create_string_buffer(256)
    begin = ctypes.addressof(room)
    pkt = Packet(data=begin + 64, headroom=64, tailroom=128, nsegs=1)
    at = ctypes.byref(pkt)
    assert lib.packet_put(at, 100) == begin + 64
    assert lib.packet_push(at, 14) == begin + 50
    assert lib.packet_pull(at, 4) == begin + 54
    assert (pkt.len, pkt.headroom, pkt.tailroom) == (110, 54, 28)
    assert lib.packet_push(at, 55) is None


main()
