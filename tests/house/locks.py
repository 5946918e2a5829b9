# SPDX-License-Identifier: GPL-2.0
"""The order of locks stands in a header and in a document: both are complete and equal.
A function whose comment demands a lock asserts that the lock is held."""
import re

HEADER = 'drivers/net/tun/tun.h'
DOCUMENT = 'Documentation/design.md'


def of_header(text):
    """The locks in the comment at the top of tun.h, in their order."""
    table = re.search(r'^ \* Lock order,.*?^ \*\n((?: \*\t[^\n]*\n)+)', text, re.M | re.S)
    lines = table.group(1).splitlines() if table else []
    return [line[3:].split('\t')[0] for line in lines if line[3:4] not in ('', '\t')]


def of_document(text):
    """The first column of the table under the heading Locks."""
    table = re.search(r'^## Locks$.*?^\|[-|]+\n((?:\|[^\n]*\n)+)', text, re.M | re.S)
    lines = table.group(1).splitlines() if table else []
    return [line.split('|')[1].strip().replace('`', '') for line in lines]


def of_code(text):
    """The locks that a file defines: struct.member, or the name of a static one."""
    for struct, body in re.findall(r'^struct (\w+) \{\n(.*?)^\}', text, re.M | re.S):
        for member in re.findall(r'\b(?:struct mutex|(?:raw_)?spinlock_t)\s+(\w+);',
                                 body):
            yield f'{struct}.{member}'
    yield from re.findall(r'\bDEFINE_(?:MUTEX|(?:RAW_)?SPINLOCK)\((\w+)\)', text)


def complaints(header, document, code):
    """@header, @document: text of the two; @code: text of each file of the driver."""
    header, document = of_header(header), of_document(document)
    if not header or not document:
        return ['there is no table']
    if header != document:
        return [f'{one} is not {other}'
                for one, other in zip(header + [''], document + [''])
                if one != other][:1]
    return [f'{lock} is missing' for text in code for lock in of_code(text)
            if lock not in header]


# "rx.lock is held", "holds napi_mutex". RCU is no lock here: rcu_dereference() asserts.
DEMANDED = re.compile(r"(?<!a )\b(?:[\w.]*lock|[\w.]*_mutex|rtnl) is held|"
                      r"\bholds (?:the queue's |the )?(?:[\w.]+_mutex|(?!rcu)[\w.]+lock|rtnl)\b")
ASSERTED = re.compile(r'lockdep_assert|lockdep_is_held|ASSERT_RTNL|rtnl_dereference')


def unasserted(source):
    """(line, name) of each function whose comment demands a lock in vain."""
    for function in source.functions:
        # The type of the result may stand on a line of its own.
        text = source.ends.get(function.line - 1) or source.ends.get(function.line - 2) or ''
        if DEMANDED.search(text) and not ASSERTED.search(function.body):
            yield function.line, function.name
