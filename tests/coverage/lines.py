# SPDX-License-Identifier: GPL-2.0
"""Counters of lines, read by gcov from the counters of several machines."""
import json
import os
import subprocess
import tempfile

GCOV = os.environ.get('GCOV', 'gcov-12')
# An inline function that the compiler put into all of its callers.
NO_FUNCTION = '-'


class Line:
    """A line that the compiler made code for."""

    def __init__(self, function):
        self.function = function
        self.count = 0


class Lines:
    """File -> number -> Line, summed over objects and machines. @root: the folder that
    the names of files begin at; files elsewhere are left out."""

    def __init__(self, root):
        self.root = os.path.realpath(root)
        self.files = {}

    def add(self, document):
        """@document: gcov's output for one object."""
        folder = document['current_working_directory']
        for file in document['files']:
            path = os.path.realpath(os.path.join(folder, file['file']))
            if path.startswith(self.root + '/'):
                self._add_file(os.path.relpath(path, self.root), file['lines'])

    def _add_file(self, path, lines):
        have = self.files.setdefault(path, {})
        for line in lines:
            entry = have.setdefault(line['line_number'],
                                    Line(line.get('function_name', NO_FUNCTION)))
            entry.count += line['count']

    def covered(self, prefix=''):
        """Numbers of covered lines and of all lines in files of a folder."""
        lines = [line for path, file in self.files.items() if path.startswith(prefix)
                 for line in file.values()]
        return sum(1 for line in lines if line.count), len(lines)


def names(folder, ending):
    """The files below a folder, without their endings."""
    return {os.path.relpath(os.path.join(where, file), folder)[:-len(ending)]
            for where, _, files in os.walk(folder) for file in files
            if file.endswith(ending)}


def run_gcov(notes):
    """@notes: paths of .gcno files that lie beside their .gcda files, if there are any."""
    result = subprocess.run([GCOV, '--stdout', '--json-format', *notes], check=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if 'stamp mismatch' in result.stderr:
        raise SystemExit('the counters are those of another build')
    return [json.loads(text) for text in result.stdout.splitlines() if text.strip()]


def read(root, objects, machines):
    """@objects: where the .gcno files lie; @machines: for each machine, where its .gcda
    files lie. An object that no machine has loaded counts as not run."""
    lines = Lines(root)
    notes = names(objects, '.gcno')
    loaded = set()
    for machine in machines:
        counted = names(machine, '.gcda') & notes
        loaded |= counted
        _read_machine(lines, objects, machine, sorted(counted))
    _read_machine(lines, objects, None, sorted(notes - loaded))
    return lines


def _read_machine(lines, objects, machine, names_of_objects):
    with tempfile.TemporaryDirectory() as folder:
        notes = []
        for number, name in enumerate(names_of_objects):
            base = os.path.join(folder, str(number))
            os.symlink(os.path.abspath(os.path.join(objects, name + '.gcno')),
                       base + '.gcno')
            if machine:
                os.symlink(os.path.abspath(os.path.join(machine, name + '.gcda')),
                           base + '.gcda')
            notes.append(base + '.gcno')
        for document in run_gcov(notes) if notes else []:
            lines.add(document)
