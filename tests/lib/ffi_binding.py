# SPDX-License-Identifier: GPL-2.0
"""Binds each public function of libtunring.so by ctypes: the headers tell the types."""
import ctypes
import pathlib
import re

TOP = pathlib.Path(__file__).resolve().parents[2]
HEADERS = TOP / "tools/tunring/include"
LIBRARY = TOP / "build/tools/libtunring.so.0"
KINDS = {"int": ctypes.c_int, "unsigned int": ctypes.c_uint,
         "uint32_t": ctypes.c_uint32, "uint64_t": ctypes.c_uint64,
         "int64_t": ctypes.c_int64, "size_t": ctypes.c_size_t, "void": None}
C_STRING = ("tunring_strerror", "tunring_version")


class Packet(ctypes.Structure):
    """struct tunring_packet"""
    _fields_ = [("data", ctypes.c_void_p), ("meta", ctypes.c_void_p),
                ("len", ctypes.c_uint32), ("first_len", ctypes.c_uint32),
                ("headroom", ctypes.c_uint32), ("tailroom", ctypes.c_uint32),
                ("nsegs", ctypes.c_uint16), ("side", ctypes.c_uint16),
                ("slot", ctypes.c_uint32), ("reserved", ctypes.c_uint64 * 2)]


class Options(ctypes.Structure):
    """struct tunring_options"""
    _fields_ = [("size", ctypes.c_size_t), ("flags", ctypes.c_uint32),
                ("rx_entries", ctypes.c_uint32), ("tx_entries", ctypes.c_uint32),
                ("buf_size", ctypes.c_uint32), ("headroom", ctypes.c_uint32),
                ("tailroom", ctypes.c_uint32), ("features", ctypes.c_uint64),
                ("want", ctypes.c_uint64), ("memory_fd", ctypes.c_int32),
                ("tx_poll_us", ctypes.c_uint32), ("memory_offset", ctypes.c_uint64),
                ("event_fd", ctypes.c_int32 * 4), ("tx_buf_size", ctypes.c_uint32),
                ("reserved", ctypes.c_uint32)]


class Poll(ctypes.Structure):
    """struct tunring_poll"""
    _fields_ = [("handle", ctypes.c_void_p), ("fd", ctypes.c_int),
                ("events", ctypes.c_short), ("revents", ctypes.c_short),
                ("error", ctypes.c_int)]


def kind(text):
    """The type of ctypes for a type, or for an argument with its name."""
    if "*" in text:
        return ctypes.c_void_p
    words = [word for word in text.split() if word != "const"]
    if words[0] == "enum":
        return ctypes.c_int
    for name in (" ".join(words), " ".join(words[:-1])):
        if name in KINDS:
            return KINDS[name]
    raise ValueError(text)


def prototypes(folder):
    """Each public function of the headers in a folder: (result, arguments)."""
    found = {}
    for header in sorted([*folder.glob("tunring.h"), *folder.glob("vringfd.h"),
                          *folder.glob("tunring/*.h")]):
        text = re.sub(r"/\*.*?\*/", "", header.read_text(encoding="utf-8"), flags=re.S)
        for result, name, arguments in re.findall(
                r"^(?:TUNRING_INLINE )?([a-z_][\w ]*[ *]+)(tunring_\w+|vringfd)\(([^)]*)\)",
                text, flags=re.M):
            found[name] = (kind(result), [kind(" ".join(each.split()))
                                          for each in arguments.split(",")
                                          if each.strip() != "void"])
    return found


class Library:
    """Attributes are the functions, without the prefix; called has their names."""
    def __init__(self, headers=HEADERS, library=LIBRARY):
        self.lib = ctypes.CDLL(str(library), use_errno=True)
        self.public = prototypes(headers)
        self.called = set()
        for name, (result, arguments) in self.public.items():
            function = getattr(self.lib, name)
            function.restype = ctypes.c_char_p if name in C_STRING else result
            function.argtypes = arguments

    def __getattr__(self, name):
        full = name if name in self.public else "tunring_" + name

        def call(*arguments):
            self.called.add(full)
            return getattr(self.lib, full)(*arguments)
        return call
