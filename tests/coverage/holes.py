# SPDX-License-Identifier: GPL-2.0
"""Lines that did not run, and the reasons why they need not."""
import collections

# Lines of one function that follow one another, of which none ran.
Hole = collections.namedtuple('Hole', 'path function first last text')
Reason = collections.namedtuple('Reason', 'number path function text why')

# A reason that begins so may be that of lines that ran: a race or a clock decides.
SOMETIMES = 'sometimes: '


def find(lines, sources):
    """@sources: path -> list of the file's lines."""
    holes = []
    for path in sorted(lines.files):
        run = []
        for number, line in sorted(lines.files[path].items()):
            if run and (line.count or line.function != run[-1][1].function):
                holes.append(_hole(path, run, sources[path]))
                run = []
            if not line.count:
                run.append((number, line))
        if run:
            holes.append(_hole(path, run, sources[path]))
    return holes


def _hole(path, run, source):
    return Hole(path, run[0][1].function, run[0][0], run[-1][0],
                [source[number - 1].strip() for number, _ in run])


def parse(text):
    """A line is PATH | FUNCTION | words of a line, or * | WHY."""
    reasons = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith('#'):
            continue
        fields = [field.strip() for field in line.split(' | ')]
        if len(fields) != 4 or not all(fields):
            raise SystemExit(f'reasons:{number}: not PATH | FUNCTION | WORDS | WHY')
        reasons.append(Reason(number, *fields))
    return reasons


def matches(reason, path, function, text):
    return (reason.path, reason.function) == (path, function) and (
        reason.text == '*' or reason.text in text)


def reason_of(hole, reasons):
    for reason in reasons:
        if any(matches(reason, hole.path, hole.function, text) for text in hole.text):
            return reason
    return None


def stale(reasons, holes, lines, sources):
    """Complaints about reasons for lines that ran or that are not there."""
    complaints = []
    for reason in reasons:
        if any(matches(reason, hole.path, hole.function, text)
               for hole in holes for text in hole.text):
            continue
        there = any(matches(reason, reason.path, line.function,
                            sources[reason.path][number - 1])
                    for number, line in lines.files.get(reason.path, {}).items())
        if not there:
            complaints.append(f'reasons:{reason.number}: {reason.path} has no such line: '
                              f'{reason.function}, {reason.text}')
        elif not reason.why.startswith(SOMETIMES):
            complaints.append(f'reasons:{reason.number}: it ran: '
                              f'{reason.path}, {reason.function}, {reason.text}')
    return complaints
