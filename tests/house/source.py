# SPDX-License-Identifier: GPL-2.0
"""One file of C: its functions, the calls in them, its comments.

The tree is in kernel style: a function ends at the first brace in the first
column. So a scanner is enough, and nothing has to be preprocessed.
"""
import bisect
import re

TOKEN = re.compile(
    r'/\*.*?(?:\*/|\Z)|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
DIRECTIVE = re.compile(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', re.M)
DEFINE = re.compile(r'^[ \t]*#[ \t]*define[ \t]+\w+')
CALL = re.compile(r'(?<![\w.])(?<!->)([A-Za-z_]\w*)\s*\(')
# Words that a parenthesis may follow though no function is called or defined.
NO_FUNCTION = frozenset(
    'if for while switch return sizeof typeof __typeof__ __attribute__ __must_hold '
    '__acquires __releases __aligned __printf __section _Alignas _Static_assert '
    'defined alignof offsetof __releases __cond_acquires __format'.split())


def blank(text):
    """The same number of characters and lines, with nothing on them."""
    return re.sub(r'[^\n]', ' ', text)


class Function:
    """A definition. Lines count from 1; the first is that of the name."""

    def __init__(self, name, static, line, end, body):
        self.name = name
        self.static = static
        self.line = line
        self.end = end
        self.body = body

    @property
    def length(self):
        return self.end - self.line + 1

    def calls(self):
        return {name for name in CALL.findall(self.body) if name not in NO_FUNCTION}


class Source:
    """A file, and all that the metrics ask of it."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.starts = [0] + [m.end() for m in re.finditer('\n', text)]
        self.lines = len(text.splitlines())
        self.comments = []
        self.ends = {}
        self.code = TOKEN.sub(self._token, text)
        self.plain = DIRECTIVE.sub(lambda m: blank(m.group(0)), self.code)
        self.functions = list(self._functions())

    @property
    def folder(self):
        return self.path.rpartition('/')[0]

    @property
    def stem(self):
        return self.path.rpartition('/')[2].rpartition('.')[0]

    def line_of(self, offset):
        return bisect.bisect_right(self.starts, offset)

    def includes(self):
        """Names in quotation marks, in the order of the file."""
        return re.findall(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', self.text, re.M)

    def _token(self, match):
        token = match.group(0)
        if token[0] == '/':
            self.comments.append((self.line_of(match.start()), comment_text(token)))
            self.ends[self.line_of(match.end() - 1)] = comment_text(token)
            return blank(token)
        return token[0] + blank(token[1:-1]) + token[-1]

    def _functions(self):
        """Each definition at the outermost level, in the order of the file."""
        head = depth = 0
        for match in re.finditer(r'[{};]|^}', self.plain, re.M):
            at = match.start()
            char = match.group(0)
            if char == '}' and at in (0, self.starts[self.line_of(at) - 1]):
                depth = 0
                head = at + 1
            elif char == '}':
                depth = max(depth - 1, 0)
            elif char == ';':
                head = head if depth else at + 1
            else:
                if depth == 0:
                    yield from self._function(head, at)
                depth += 1

    def _function(self, head, brace):
        """The function whose body begins at @brace, if it is one."""
        start = self.plain[head:brace]
        if not start.rstrip().endswith(')'):
            return
        names = [m for m in CALL.finditer(start) if m.group(1) not in NO_FUNCTION]
        if not names:
            return
        end = re.compile(r'^}', re.M).search(self.plain, brace)
        last = end.start() if end else len(self.plain) - 1
        static = re.search(r'\bstatic\b', start[:names[0].start()]) is not None
        yield Function(names[0].group(1), static, self.line_of(head + names[0].start(1)),
                       self.line_of(last), self.plain[brace:last])


def comment_text(token):
    """A comment as one line, without its marks."""
    text = token[2:-2] if token.startswith('/*') else token[2:]
    return re.sub(r'\s*\n\s*\*?\s*', ' ', text).strip('/* \t\n')
