#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Binds each public function of libtunring.so without its headers, as a program
in another language does, and calls those that need no device.

    bindings.py FOLDER-OF-HEADERS LIBRARY
"""
import ctypes
import pathlib
import re
import sys


class Packet(ctypes.Structure):
    """struct tunring_packet"""
    _fields_ = [("data", ctypes.c_void_p), ("meta", ctypes.c_void_p),
                ("len", ctypes.c_uint32), ("first_len", ctypes.c_uint32),
                ("headroom", ctypes.c_uint32), ("tailroom", ctypes.c_uint32),
                ("nsegs", ctypes.c_uint16), ("side", ctypes.c_uint16),
                ("slot", ctypes.c_uint32), ("reserved", ctypes.c_uint64 * 2)]


def declared(folder):
    """Names of the functions that the headers declare or define."""
    headers = [*folder.glob("*.h"), *folder.glob("tunring/*.h")]
    text = "".join(h.read_text() for h in headers)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return sorted(set(re.findall(r"\b(tunring_[a-z_]+|vringfd)\(", text)))


def main():
    """Prints nothing if all is well."""
    names = declared(pathlib.Path(sys.argv[1]))
    lib = ctypes.CDLL(sys.argv[2])
    assert len(names) > 40, names
    for name in names:
        getattr(lib, name)      # AttributeError: the symbol is missing

    lib.tunring_version.restype = ctypes.c_char_p
    assert lib.tunring_version() == b"0.1"
    lib.tunring_strerror.restype = ctypes.c_char_p
    assert b"deleted" in lib.tunring_strerror(-77)      # EBADFD

    room = ctypes.create_string_buffer(256)
    begin = ctypes.addressof(room)
    pkt = Packet(data=begin + 64, headroom=64, tailroom=128, nsegs=1)
    for name in ("push", "pull", "put"):
        function = getattr(lib, "tunring_packet_" + name)
        function.restype = ctypes.c_void_p
        function.argtypes = [ctypes.POINTER(Packet), ctypes.c_uint32]
    assert lib.tunring_packet_put(pkt, 100) == begin + 64
    assert lib.tunring_packet_push(pkt, 14) == begin + 50
    assert lib.tunring_packet_pull(pkt, 4) == begin + 54
    assert (pkt.len, pkt.headroom, pkt.tailroom) == (110, 54, 28)
    assert lib.tunring_packet_push(pkt, 55) is None


main()
