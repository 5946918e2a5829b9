# SPDX-License-Identifier: GPL-2.0
"""Paragraphs of a document, as lines of a width that can be read."""
import textwrap

WIDTH = 84


def wrap(text, bullet=""):
    """Paragraphs are separated by an empty line. @bullet stands in front of the first
    line, and indents the others."""
    return "\n\n".join(
        textwrap.fill(paragraph, WIDTH, break_long_words=False,
                      break_on_hyphens=False, initial_indent=bullet,
                      subsequent_indent=" " * len(bullet))
        for paragraph in text.split("\n\n"))


def paragraph(sentences):
    return " ".join(sentence for sentence in sentences if sentence)


def with_figures(text, *figures):
    """The sentence, or nothing if a figure is missing."""
    return None if None in figures else text.format(*figures)
