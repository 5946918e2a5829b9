# SPDX-License-Identifier: GPL-2.0
"""Cycles: files that need each other's functions, directly or by way of others."""
import collections
import re

WORD = re.compile(r'(?<![\w.])(?<!->)[A-Za-z_]\w*')


def definitions(sources):
    """Function name -> the one file that defines it for others.

    A header may have an empty version of a function, for a configuration that
    leaves out the file with the real one. The file with the real one counts.
    """
    real, inline = collections.defaultdict(set), collections.defaultdict(set)
    for source in sources:
        for function in source.functions:
            if source.path.endswith('.h'):
                inline[function.name].add(source.path)
            elif not function.static:
                real[function.name].add(source.path)
    return {name: min(paths) for name, paths in {**inline, **real}.items()
            if len(paths) == 1}


def room(path):
    """A .c file and its header share a room."""
    return path.rpartition('.')[0]


def calls(sources, node):
    """(from, to) -> names of functions. A function handed over counts as called."""
    sources = list(sources)
    home = definitions(sources)
    edges = collections.defaultdict(set)
    for source in sources:
        own = {function.name for function in source.functions}
        for function in source.functions:
            for name in set(WORD.findall(function.body)) - own:
                target = home.get(name)
                if target and room(target) != room(source.path):
                    edges[node(source.path), node(target)].add(name)
    return edges


def cycles(edges):
    """Sorted lists of nodes that reach one another; the longest list first."""
    nodes = {node for edge in edges for node in edge}
    after, before = collections.defaultdict(set), collections.defaultdict(set)
    for start, end in edges:
        after[start].add(end)
        before[end].add(start)
    found = []
    while nodes:
        first = min(nodes)
        ring = _reach(first, after) & _reach(first, before) & nodes
        if len(ring) > 1:
            found.append(sorted(ring))
        nodes -= ring
    return sorted(found, key=lambda ring: (-len(ring), ring))


def _reach(first, neighbours):
    seen, todo = {first}, [first]
    while todo:
        for node in neighbours[todo.pop()] - seen:
            seen.add(node)
            todo.append(node)
    return seen


def ties(ring, edges):
    """The calls of a cycle, as lines "a -> b: names"."""
    for (start, end), names in sorted(edges.items()):
        if start in ring and end in ring:
            yield f'{start} -> {end}: {", ".join(sorted(names))}'
