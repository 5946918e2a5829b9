# SPDX-License-Identifier: GPL-2.0
"""Comments and documents as prose, and the headless pronouns in them.

A pronoun of HEADLESS at the start of a clause stands for a thing that has no name
there. "Used entries are published" has a noun that a reader can look up.
"""
import re

from source import Source

HEADLESS = re.compile(
    r'(?:^|(?<=[.:;,(] )|\b(?:of|for|to|by|in|with|and|or|than|that) )'
    r'(?:what|who|whoever|whatever|those) (?!(?:if|about)\b)', re.I)
DOCUMENT = ('.md', '.scd')


class Prose:
    """Passages of one file, each with the line on which it begins."""

    def __init__(self, path, passages):
        self.path = path
        self.passages = [(line, text) for line, text in passages if text]

    @property
    def words(self):
        return sum(len(text.split()) for _, text in self.passages)

    def headless(self):
        """(line, words around it) of each hit."""
        for line, text in self.passages:
            for hit in HEADLESS.finditer(text):
                yield line, text[max(hit.start() - 30, 0):hit.end() + 40]


def kind(path, text):
    """C, script, document; or nothing, for a file without prose."""
    if path.endswith(('.c', '.h')):
        return 'C'
    if path.endswith(DOCUMENT):
        return 'document'
    name = path.rpartition('/')[2]
    if (text.startswith('#!') or name in ('Makefile', 'Kconfig', 'suite')
            or name.endswith(('.sh', '.awk', '.mk', '.py'))):
        return 'script'
    return ''


def prose(path, text):
    """The Prose of a file of any kind."""
    reader = {'C': _comments, 'script': _marked, 'document': _paragraphs}
    return Prose(path, reader[kind(path, text)](text))


def _comments(text):
    return [(line, text) for line, text in Source('', text).comments
            if not text.startswith('SPDX')]


def _marked(text):
    """Comments that begin with a number sign, and Python's documentation."""
    text = re.sub(r'^# SPDX[^\n]*', '', text, flags=re.M)
    for match in re.finditer(r'"""(.*?)"""', text, re.S):
        yield line_at(text, match), ' '.join(match.group(1).split())
    for match in re.finditer(r'^[ \t]*#(?!!)[^\n]*(?:\n[ \t]*#[^\n]*)*', text, re.M):
        lines = [line.strip().lstrip('#').strip() for line in match.group(0).split('\n')]
        yield line_at(text, match), ' '.join(
            line for line in lines if not line.startswith('shellcheck ')).strip()
    # Behind a command, where no quotation mark says that a string holds the sign.
    for match in re.finditer(r'(?<=\S)[ \t]+# ([^\n"\']+)$', text, re.M):
        yield line_at(text, match), match.group(1).strip()


def _paragraphs(text):
    """Paragraphs without code; a row of a table or an item of a list is one."""
    text = re.sub(r'^```.*?^```|^    [^\n]*', lambda m: re.sub(r'[^\n]', ' ', m.group(0)),
                  text, flags=re.M | re.S)
    for match in re.finditer(r'\S[^\n]*(?:\n(?![ \t]*(?:[-*|#]|\n|\d+\.))[^\n]*\S[^\n]*)*',
                             text):
        yield line_at(text, match), ' '.join(match.group(0).split()).lstrip('-*#| ')


def line_at(text, match):
    return text.count('\n', 0, match.start()) + 1
