"""Text → sentences, as ranges into the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

_STOPS = "。！？；!?;"
_CLOSERS = "”’」』）】〕》〉〗\"')]"
_BRACKETS = {"（": "）", "(": ")", "《": "》", "“": "”", "「": "」", "【": "】", "〔": "〕"}
# A bracket that is still open after so many characters is a misprint, not a bracket.
_LONGEST_BRACKET = 200
_LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")


def split_sentences(
    text: str, start: int = 0, end: int | None = None, *, stops: str = _STOPS
) -> list[tuple[int, int]]:
    """Give the sentences of ``text[start:end]`` as half-open ranges into ``text``.

    A sentence ends after a stop and the closing quotes and brackets that follow it, or at
    the end of a line; a stop inside brackets or quotes that close on the same line ends
    nothing, unless the closer follows at once.  White space around a sentence is left out.

    Parameters
    ----------
    text : str
    start, end : int
        The part of the text to split; ranges count from the beginning of ``text``.
    stops : str
        The characters that end a sentence; leave out ``；`` and ``;`` for whole periods.

    Examples
    --------
    >>> text = "一是加强培训；二是完善制度。"
    >>> [text[a:b] for a, b in split_sentences(text)]
    ['一是加强培训；', '二是完善制度。']
    >>> split_sentences(text, stops="。！？")
    [(0, 14)]
    """
    length = len(text)
    first, last, _ = slice(start, end).indices(length)
    sentences: list[tuple[int, int]] = []
    for line in _LINE.finditer(text, first, max(first, last)):
        begin = line.start()
        for stop in _find_stops(text, line.start(), line.end(), stops):
            _append_trimmed(sentences, text, begin, stop)
            begin = stop
        _append_trimmed(sentences, text, begin, line.end())
    return sentences


def _find_stops(text: str, start: int, end: int, stops: str) -> Iterator[int]:
    """Give the places after which a sentence of one line ends."""
    position = start
    inside_until = start
    while position < end:
        character = text[position]
        if position >= inside_until and character in _BRACKETS:
            limit = min(end, position + _LONGEST_BRACKET)
            closing = text.find(_BRACKETS[character], position + 1, limit)
            inside_until = max(inside_until, closing)
        if character in stops:
            after = position + 1
            while after < end and text[after] in stops:
                after += 1
            closed = after
            while closed < end and text[closed] in _CLOSERS:
                closed += 1
            if closed >= inside_until and (position >= inside_until or closed > inside_until):
                yield closed
                position = closed
                continue
        position += 1


def _append_trimmed(sentences: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        sentences.append((start, end))
