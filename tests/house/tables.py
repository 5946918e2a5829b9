# SPDX-License-Identifier: GPL-2.0
"""The tables, and below them the evidence for each figure."""
import metrics
import rooms


def table(head, rows):
    """Markdown, with columns that line up; the first column is text."""
    rows = [head] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]

    def line(row):
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        return '| ' + ' | '.join(cells) + ' |'

    rule = ['-' * widths[0]] + ['-' * (width - 1) + ':' for width in widths[1:]]
    print('\n'.join([line(rows[0]), line(rule)] + [line(row) for row in rows[1:]]))


def show(house, brief):
    scopes = metrics.scopes(house)
    found = {key: {name: measure(scope) for name, scope in scopes.items()}
             for key, (_, measure) in metrics.METRICS.items()}
    print('## Code\n')
    for name in scopes:
        folder, without = metrics.SCOPES[name]
        print(f'- {name}: {folder}' + (f' without {", ".join(without)}' if without else ''))
    print()
    table(['', *scopes], [[metrics.METRICS[key][0], *(value for value, _ in row.values())]
                          for key, row in found.items()])
    every = rooms.rooms(house)
    print('\n## English: words, and headless what, who or those in 1000 words\n')
    show_english(every)
    if not brief:
        show_code_evidence(scopes, found)
        show_room_evidence(every)


def show_english(every):
    rows = []
    for room in every:
        row = [room.folder]
        for kind in ('C', 'script', 'document'):
            words, hits = room.words(kind), len(room.headless(kind))
            row += [words, f'{1000 * hits / words:.1f}'] if words else ['', '']
        rows.append(row + [len(room.headless()), len(room.long)])
    table(['', 'C', '', 'scripts', '', 'documents', '', 'hits',
           f'files over {metrics.LONG} lines'], rows)


def show_code_evidence(scopes, found):
    """A part of the driver shows its cycles alone: the driver has the others."""
    for key, row in found.items():
        for name, (value, evidence) in row.items():
            if name in ('driver', 'lib') or key.endswith('cycles'):
                section(f'{name}: {metrics.METRICS[key][0]}: {value}', evidence)
    for name, scope in scopes.items():
        section(f'{name}: needs no header', metrics.header_exceptions(scope))


def show_room_evidence(every):
    for room in every:
        section(f'{room.folder}: headless: {len(room.headless())}', room.headless())
        section(f'{room.folder}: files over {metrics.LONG} lines', room.long)


def section(title, lines):
    if lines:
        print(f'\n### {title}\n')
        print('\n'.join(lines))
