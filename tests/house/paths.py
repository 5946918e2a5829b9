# SPDX-License-Identifier: GPL-2.0
"""Paths that documents name, and the files of the tree.

A path is code with a slash, the target of a link, or a file of MAINTAINERS. Its first
part is a folder of the tree: `abi/open` or `linux/vhost.h` may be something else.
"""
import fnmatch
import os
import re

CODE = re.compile(r'`([\w.*-]+/[\w./*-]*)`')
LINK = re.compile(r'\]\((?!\w+:|#)([^)#]+)')
AREA = re.compile(r'^[FX]:\t(.*)', re.M)
# A path may be short, and begin in one of these.
ROOTS = ('', 'drivers/net/tun/', 'drivers/net/tun/ring/', 'tools/tunring/')
# Built, and no part of the tree.
BUILT = 'build/'


def named(path, text):
    """(path, whether it must exist) of each in a document."""
    for code in CODE.findall(text):
        yield code, False
    for link in LINK.findall(text):
        yield link, True
    if path == 'MAINTAINERS':
        for area in AREA.findall(text):
            yield area, True


def folders(paths):
    """All folders of the tree, with a slash at their ends."""
    found = set()
    for path in paths:
        while '/' in path:
            path = path.rpartition('/')[0]
            found.add(path + '/')
    return found


def missing(document, text, paths):
    """Paths that a document names, and that are not in the tree."""
    known = set(paths) | folders(paths)
    roots = (os.path.dirname(document) + '/',) + ROOTS
    for name, must in dict.fromkeys(named(document, text)):
        places = [os.path.normpath(root.lstrip('/') + name) for root in roots]
        first = name.split('/')[0] + '/'
        begins = must or any(root.lstrip('/') + first in known for root in roots)
        if begins and not name.startswith(BUILT) and not any(
                _is_there(place, known) for place in places):
            yield name


def _is_there(place, known):
    """A file, a folder, a program of C by its name, a pattern, a placeholder."""
    if re.search(r'\b[A-Z]{4,}\b', place.replace('_', ' ').rpartition('/')[2]):
        return True
    if '*' in place:
        return bool(fnmatch.filter(known, place))
    return bool({place, place + '/', place + '.c'} & known)
