# SPDX-License-Identifier: GPL-2.0
"""python3 -m figures COMMAND: the commands of the benchmark's scripts."""
import argparse
import json
import sys

from . import (baseline, document, goal, guest_groups, guest_split, profile, readme,
               requirements, rows, symbols)
from .measured import Measured
from .packets import Packets
from .tap import Tap


def tables(options):
    measured = Measured(options.folder)
    shown = measured.tables(options.part)
    if options.markdown:
        print("\n".join(table.markdown() for table in shown))
        return 0
    texts = [table.text() for table in shown] + [
        goal.text(measured.goals(options.part))]
    print("\n".join(text for text in texts if text), end="")
    return 0


def report(options):
    measured = Measured(options.folder)
    print(f"made {document.write(measured, options.documents)}")
    print(f"figures in {readme.write(measured, options.readme)}")
    return 0


def check(options):
    packets = Packets(rows.read(options.rows))
    tap = Tap()
    requirements.cases(tap, packets)
    baseline.compare(tap, packets, baseline.read(options.baseline))
    return tap.end()


def keep(options):
    print(baseline.keep(Packets(rows.read(options.rows))), end="")
    return 0


def profile_table(options):
    measured = [row for row in rows.read(options.rows) if "missing" not in row]
    counts = profile.split(symbols.read_blocks(options.blocks),
                           symbols.read_symbols(options.symbols), options.packets,
                           options.function)
    print(profile.text(measured, counts, by_name=bool(options.function)), end="")
    return 0


def split(options):
    for row in guest_split.split(symbols.read_blocks(options.blocks),
                                 symbols.read_symbols(options.symbols),
                                 rows.read(options.rows)):
        print(json.dumps(row))
    return 0


def groups(options):
    data = guest_groups.Split(rows.read(options.split), options.group)
    table = guest_groups.symbol_table(data, options.group) if options.group else \
        guest_groups.group_table(data)
    print(table.grid(), end="")
    return 0


COMMANDS = (
    (tables, ("folder",), (("--part",), ("--markdown",))),
    (report, ("folder", "documents", "readme"), ()),
    (check, ("rows", "baseline"), ()),
    (keep, ("rows",), ()),
    (profile_table, ("rows", "symbols", "blocks"), (("--packets",), ("--function",))),
    (split, ("rows", "symbols", "blocks"), ()),
    (groups, ("split",), (("--group",),)),
)
KINDS = {"--markdown": {"action": "store_true"}, "--packets": {"type": int}}


def main():
    parser = argparse.ArgumentParser(prog="figures")
    commands = parser.add_subparsers(required=True)
    for function, arguments, options in COMMANDS:
        command = commands.add_parser(function.__name__.replace("_", "-"))
        command.set_defaults(run=function)
        for name in arguments:
            command.add_argument(name)
        for (name,) in options:
            command.add_argument(name, **KINDS.get(name, {}))
    options = parser.parse_args()
    try:
        return options.run(options)
    except (OSError, ValueError) as error:
        print(f"figures: {error}", file=sys.stderr)
        return 1


sys.exit(main())
