# SPDX-License-Identifier: GPL-2.0
"""The metrics of C: each takes a Scope and gives a figure and its evidence."""
import collections
import os
import re
import statistics

import graph
import locks

# Column of the table -> the folder, and folders below it that do not count.
SCOPES = {
    'driver': ('drivers/net/tun', ()),
    'top': ('drivers/net/tun', ('drivers/net/tun/ring', 'drivers/net/tun/vringfd')),
    'ring': ('drivers/net/tun/ring', ()),
    'vringfd': ('drivers/net/tun/vringfd', ()),
    'lib': ('tools/tunring/lib', ()),
}

# Branches on who serves a ring, the NAPI or the worker: functions and expressions.
SERVER_BRANCHES = (
    r'\btun_ring_has_worker\s*\(',
    r'\btun_ring_via_ptr_ring\s*\(',
    r'\buses_fifo\b',
    r'->server\s*[!=]=',
)

# Branches on the memory of a vringfd's ring, pinned or not; one thread serves both.
MEMORY_BRANCHES = (
    r'\b(?:vringfd_)?is_pinned\s*\(',
    r'\bvringfd_pinned\s*\(',
)

# They register the module or hold main(): nobody calls them, so no header.
NO_HEADER = ('main.c',)
# The last is the library's, for names that it does not export.
TAG = re.compile(r'^(?:struct|enum|union)\s+(\w+)\s*\{', re.M)
PREFIX = re.compile(r'_*(?:tun|vringfd|tunring|tr)_')
CLAIM = re.compile(r'rcu_dereference_protected\([^;]*?,\s*(?:1|true)\s*\)')
LONG = 300


class Scope:
    """The C below a folder."""

    def __init__(self, tree, folder, without=()):
        self.sources = [source for source in tree.sources(folder)
                        if not source.path.startswith(tuple(f'{f}/' for f in without))]
        self.functions = [(source, function) for source in self.sources
                          for function in source.functions]
        self.paths = {source.path for source in self.sources}


def where(source, line):
    return f'{source.path}:{line}'


def largest_folder(scope):
    folders = collections.Counter(source.folder for source in scope.sources)
    folder, count = max(folders.items(), key=lambda item: (item[1], item[0]))
    return count, [f'{folder}: {count}']


def headerless(scope):
    """Sources without a header of the same name that they include first."""
    found = []
    for source in scope.sources:
        name = os.path.basename(source.path)
        if name.endswith('.c') and name not in NO_HEADER:
            header = name[:-1] + 'h'
            if f'{source.folder}/{header}' not in scope.paths:
                found.append(source.path)
            elif source.includes()[:1] != [header]:
                found.append(f'{source.path} (includes another header first)')
    return len(found), found


def header_exceptions(scope):
    return [source.path for source in scope.sources
            if os.path.basename(source.path) in NO_HEADER]


def lengths(scope):
    return sorted(function.length for _, function in scope.functions)


def function_count(scope):
    return len(scope.functions), []


def function_median(scope):
    return int(statistics.median_high(lengths(scope))), []


def function_p95(scope):
    values = lengths(scope)
    return values[int(len(values) * 0.95)], []


def function_max(scope):
    longest = max(function.length for _, function in scope.functions)
    return longest, [f'{where(source, function.line)} {function.name}'
                     for source, function in scope.functions
                     if function.length == longest]


def statics_twice(scope):
    """Static names that more than one .c defines."""
    files = collections.defaultdict(set)
    for source, function in scope.functions:
        if function.static and source.path.endswith('.c'):
            files[function.name].add(source.path)
    twice = {name: paths for name, paths in files.items() if len(paths) > 1}
    return len(twice), [f'{name}: {" ".join(sorted(paths))}'
                        for name, paths in sorted(twice.items())]


def named(scope, wrong):
    """Names of functions for which @wrong holds; a name counts once."""
    places = {}
    for source, function in scope.functions:
        if function.name != 'main' and wrong(function.name):
            places.setdefault(function.name, where(source, function.line))
    return len(places), [f'{place} {name}' for name, place in places.items()]


def one_word(scope):
    return named(scope, lambda name: '_' not in name.strip('_'))


def no_prefix(scope):
    """compat/ has the names that newer kernels use."""
    places = {}
    for source, function in scope.functions:
        if not PREFIX.match(function.name) and function.name != 'main' \
                and '/compat/' not in source.path:
            places.setdefault(function.name, where(source, function.line))
    return len(places), [f'{place} {name}' for name, place in places.items()]


def tags_no_prefix(scope):
    """Tags of structs and enums; vringfd/ has the struct of that name."""
    found = [f'{where(source, source.line_of(tag.start()))} {tag.group(1)}'
             for source in scope.sources if '/compat/' not in source.path
             for tag in TAG.finditer(source.plain)
             if not PREFIX.match(tag.group(1) + '_')]
    return len(found), found


def cycles(scope, node):
    edges = graph.calls(scope.sources, node)
    found = graph.cycles(edges)
    evidence = []
    for ring in found:
        evidence.append(f'{len(ring)}: {" ".join(ring)}')
        evidence += [f'    {tie}' for tie in graph.ties(ring, edges)]
    return sum(len(ring) for ring in found), evidence


def file_cycles(scope):
    return cycles(scope, lambda path: path)


def room_cycles(scope):
    return cycles(scope, graph.room)


def matches(scope, pattern):
    found = [where(source, source.line_of(match.start()))
             for source in scope.sources for match in pattern.finditer(source.plain)]
    return len(found), found


def claimed_locks(scope):
    return matches(scope, CLAIM)


def demanded_locks(scope):
    found = [f'{where(source, line)} {name}' for source in scope.sources
             for line, name in locks.unasserted(source)]
    return len(found), found


def branches(scope, questions):
    """Outside of the functions that give the answer."""
    pattern = re.compile('|'.join(questions))
    found = []
    for source, function in scope.functions:
        if not pattern.search(function.name + '('):
            found += [f'{where(source, function.line)} {function.name}'] * len(
                pattern.findall(function.body))
    return len(found), found


def server_branches(scope):
    return branches(scope, SERVER_BRANCHES)


def memory_branches(scope):
    return branches(scope, MEMORY_BRANCHES)


def long_files(scope):
    found = [f'{source.path}: {source.lines}' for source in scope.sources
             if source.lines > LONG]
    return len(found), found


# Name in the file of limits -> title of the row, and the metric.
METRICS = {
    'largest-folder': ('files in the largest folder', largest_folder),
    'headerless': ('.c without a header of its own', headerless),
    'functions': ('functions', function_count),
    'median': ('function length, median', function_median),
    'p95': ('function length, 95th percentile', function_p95),
    'max': ('function length, longest', function_max),
    'statics-twice': ('static names defined in several .c', statics_twice),
    'one-word': ('function names of one word', one_word),
    'no-prefix': ('function names without a prefix', no_prefix),
    'tags-no-prefix': ('tags of structs without a prefix', tags_no_prefix),
    'file-cycles': ('files in cycles of calls', file_cycles),
    'room-cycles': ('the same, a .c and its header as one', room_cycles),
    'claimed-locks': ('rcu_dereference_protected(.., 1)', claimed_locks),
    'demanded-locks': ('locks that a comment demands, unasserted', demanded_locks),
    'server-branches': ('branches on who serves a ring', server_branches),
    'memory-branches': ("branches on a ring's memory", memory_branches),
    'long-files': (f'files over {LONG} lines', long_files),
}


def scopes(tree):
    """Column -> Scope, for the folders that the tree has."""
    found = {name: Scope(tree, folder, without)
             for name, (folder, without) in SCOPES.items()}
    return {name: scope for name, scope in found.items() if scope.functions}
