# SPDX-License-Identifier: GPL-2.0
"""The names in a UAPI header, and the places of a document that must name them.

A row of a table begins with the offset, the size and the name of a field.
"""
import re

GUARD = re.compile(r'_UAPI_\w+_H')
WORD = re.compile(r'\w+')
FIELD = re.compile(r'((?:struct )?\w+)\s+(\w+)(?:\[(\d+)\])?;')
STRUCT = re.compile(r'^struct (\w+) \{(.*?)^\};', re.M | re.S)


def without_comments(text):
    return re.sub(r'/\*.*?\*/', ' ', text, flags=re.S)


def constants(header):
    return [name for name in re.findall(r'^#define\s+(\w+)', header, re.M)
            if not GUARD.fullmatch(name)]


def layouts(header):
    """(tag, rows of its fields) of each struct. A struct of the ABI has no holes."""
    sizes = {}
    for tag, body in STRUCT.findall(header):
        rows, offset = [], 0
        for kind, field, count in FIELD.findall(body):
            size = sizes.get(kind) or int(re.search(r'\d+$', kind).group(0)) // 8
            size *= int(count or 1)
            rows.append(f'| {offset} | {size} | `{field}` |')
            offset += size
        sizes[f'struct {tag}'] = offset
        yield tag, rows


def functions_named_as_structs(header, code):
    """Functions in a text that have the tag of a struct of the ABI."""
    tags = {tag for tag, _ in STRUCT.findall(header)}
    return sorted(tags & set(re.findall(r'\b(\w+)\(', without_comments(code))))


def missing_constants(header, document):
    words = set(WORD.findall(document))
    return [name for name in constants(header) if name not in words]


def missing_rows(document, tag, rows):
    """Rows that do not stand below the heading that names the struct."""
    match = re.search(rf'^#+ struct {tag}$(.*?)(?=^#|\Z)', document, re.M | re.S)
    if not match:
        return [f'no heading "struct {tag}"']
    lines = match.group(1).split('\n')
    return [row for row in rows if not any(line.startswith(row) for line in lines)]


def check(header, document):
    """(name of a check, its complaints) for all of a header."""
    header = without_comments(header)
    yield 'constants', (missing_constants(header, document) if constants(header)
                        else ['the header has none'])
    for tag, rows in layouts(header):
        yield f'struct {tag}', (missing_rows(document, tag, rows) if rows
                                else ['the struct has no fields'])
