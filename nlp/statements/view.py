"""First stage: a clean view of a text, each of whose characters knows where it came from.

The view has neither page-number lines nor hard wraps nor blanks, its punctuation is
full-width and its characters are simplified, so that the later stages need one spelling
of everything.  Every character stands for exactly one character of the text as given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import opencc

# Lines that hold nothing but a page number: "- 3 -", "—5—", "3", "第 3 页 共 9 页", "P. 8", "3/9".
_PAGE_NUMBER = re.compile(
    r"(?:[-‐-―－_·~～]*\d{1,3}[-‐-―－_·~～]*|第\d{1,3}页(?:[,，/]?共\d{1,3}页)?"
    r"|[Pp](?:age)?\.?\d{1,3}|\d{1,3}/\d{1,3})"
)
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_ENDS = "。！？；!?;：:"
_CLOSERS = "”’」』）)》"
# A line that opens like this begins a paragraph however the line before it ended.
_OPENS = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.．是]|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})?[)）]"
    r"|\d{1,2}[.．、](?!\d)|第[一二三四五六七八九十][,，、：:]|[①-⑳⑴-⒛㈠-㈩●■◆•➢]|首先|其次"
    r"|其[一二三四五])"
)
_ITEM = re.compile("[一二三四五六七八九十]{1,2}是")
# Lines that begin a new part of the section.
_FRAME_LINE = re.compile(
    "(?:下一?步|今后|针对|为此|对此|20\\d\\d年|.{0,24}(?:措施|情况|问题|打算|计划|安排|方向|不足|事项)[：:]?$)"
)
# Half-width marks that Chinese prose uses for full-width ones; "." is left to the markers.
_WIDE = {",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "!": "！", "?": "？", "｡": "。"}
# Blanks of any kind, and the reading that a copier left behind a character.
_DROPPED = re.compile(
    r"[\s\u200b\ufeff]+"
    r"|(?P<ruby>(?<=[\u3400-\u9fff])[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňɡ]{1,7}[)）])"
)
# Wrapped prose is at most this wide; longer lines are paragraphs on one line.
_WIDEST_WRAP = 80


@dataclass(frozen=True, slots=True)
class View:
    """The cleaned text; ``text[i]`` stands at ``[at[i], upto[i])`` in the text as given.

    A newline in ``text`` is the end of a paragraph; ``gaps`` are the places before which
    a blank was dropped.
    """

    text: str
    at: tuple[int, ...]
    upto: tuple[int, ...]
    gaps: frozenset[int]

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """Give the range of the text as given that ``text[start:end]`` comes from."""
        return self.at[start], self.upto[end - 1]


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _spelling(char: str) -> str:
    """Give the full-width, simplified spelling of a character, one to one."""
    plain = unicodedata.normalize("NFKC", char) if ord(char) > 0x7F else char
    # Circled and bracketed numbers are markers of their own and stay as they are.
    if len(plain) != 1 or char in "①②③④⑤⑥⑦⑧⑨":
        plain = char
    plain = _WIDE.get(plain, plain)
    if ord(plain) <= 0x2E80:
        return plain
    simple: str = _converter().convert(plain)
    return simple if len(simple) == 1 else plain


@dataclass(frozen=True, slots=True)
class _Row:
    start: int
    line: str
    bare: str
    indented: bool


def _rows(text: str) -> Iterator[_Row]:
    for match in _LINE.finditer(text):
        line = match.group()
        bare = re.sub(r"[\s\u200b\ufeff]+", "", line)
        if bare and not _PAGE_NUMBER.fullmatch(bare):
            yield _Row(match.start(), line, bare, line[:1].isspace())


def _is_closed(row: _Row) -> bool:
    return row.bare.rstrip(_CLOSERS)[-1:] in _ENDS


def _ends_paragraph(row: _Row, following: _Row, width: int, indents: bool, wrapped: bool) -> bool:
    """Tell whether the line break between two lines is more than a hard wrap."""
    if _OPENS.match(following.bare) or (indents and following.indented):
        return True
    closed = _is_closed(row)
    if not closed and _ITEM.match(row.bare) and not _FRAME_LINE.match(following.bare):
        # 一是 opens an item, which is no heading and ends with a mark.
        return False
    full = len(row.bare) >= (width - 1 if closed else 0.8 * width)
    if closed:
        return not full or not wrapped
    return not full and row.bare[-1] not in "，,、"


def make_view(text: str) -> View:
    """Clean a text and keep, for every character left, its place in the text.

    Examples
    --------
    >>> view = make_view("公開不夠\\n- 3 -\\n及時;")
    >>> view.text, view.locate(0, 4), view.locate(4, 6)
    ('公开不够及时；', (0, 4), (11, 13))
    """
    rows = list(_rows(text))
    width = max((len(row.bare) for row in rows), default=0)
    # Indents tell paragraphs only where some lines have them and others not.
    indents = len({row.indented for row in rows}) == 2
    # Only where some full line ends in the middle of a sentence are lines wrapped at all.
    wrapped = width <= _WIDEST_WRAP and any(
        not _is_closed(row) and len(row.bare) >= 0.8 * width for row in rows[:-1]
    )
    chars: list[str] = []
    at: list[int] = []
    upto: list[int] = []
    gaps: set[int] = set()
    for number, row in enumerate(rows):
        if number and _ends_paragraph(rows[number - 1], row, width, indents, wrapped):
            chars.append("\n")
            at.append(row.start - 1)
            upto.append(row.start)
        end = row.start
        for match in _DROPPED.finditer(row.line):
            _keep(text, end, row.start + match.start(), chars, at, upto)
            end = row.start + match.end()
            if match.lastgroup == "ruby" and upto:
                # A reading behind its character (報(bào)) goes where the character goes.
                upto[-1] = end
            else:
                gaps.add(len(chars))
        _keep(text, end, row.start + len(row.line), chars, at, upto)
    return View("".join(map(_spelling, chars)), tuple(at), tuple(upto), frozenset(gaps))


def _keep(
    text: str, start: int, end: int, chars: list[str], at: list[int], upto: list[int]
) -> None:
    chars.extend(text[start:end])
    at.extend(range(start, end))
    upto.extend(range(start + 1, end + 1))
