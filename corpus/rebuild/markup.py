"""The marked-up prose of a source: blocks of text with spans, and passages filled in.

A line is a block: ``#五 标题`` a heading (``#五~`` one that runs into its text), ``+ …`` a
sub-heading of its own, ``[表二]`` ``[表三]`` ``[表四]`` a table, ``[图 name]`` an image, anything
else a paragraph.  Inline: ``{p 主题|…}`` a problem, ``{m>1 主题|…}`` a measure that answers the
first problem, ``{r 家族 方式|…}`` a reused stretch (all three may nest), ``@name|a|b@`` a passage
of the issuer (or of ``families.toml``) with ``$1`` and ``$2`` filled in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_PASSAGE = re.compile(r"@([A-Za-z][\w.\-]*)((?:\|[^@|]*)*)@")
_OPEN = re.compile(r"\{(p|m|r)((?:>[\d,]+)?)((?: [\w.,:\-]+)*)\|")
_HEADING = re.compile(r"#(一|二|三|四|五|六|另)(~?) (.+)")


@dataclass(frozen=True)
class Span:
    """A marked stretch of a block's text: ``kind`` is p, m or r."""

    kind: str
    start: int
    end: int
    words: tuple[str, ...]
    answers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Block:
    """One line of the source; ``section`` is the canonical number of the section it is in."""

    kind: str
    text: str
    section: str
    spans: tuple[Span, ...] = ()
    glued: bool = False


@dataclass
class _Frame:
    start: int
    match: re.Match[str] = field(repr=False)


def fill_passages(text: str, passages: dict[str, str]) -> str:
    """Replace ``@name|…@`` by the passage, marked as reused (family = the passage's name)."""

    def put(match: re.Match[str]) -> str:
        name, slots = match[1], match[2].split("|")[1:]
        passage = passages[name]
        for number, value in enumerate(slots, 1):
            passage = passage.replace(f"${number}", value)
        if "$" in passage:
            raise ValueError(f"passage {name}: a slot is not filled: {passage}")
        manner = "slots" if slots else "exact"
        return f"{{r {name} {manner}|{passage}}}"

    return _PASSAGE.sub(put, text)


def parse_inline(text: str) -> tuple[str, tuple[Span, ...]]:
    """Take the marks out of a line and give the plain text with its spans.

    >>> parse_inline("一是{p tr|培训少}。")[0]
    '一是培训少。'
    """
    plain: list[str] = []
    spans: list[Span] = []
    stack: list[_Frame] = []
    position = length = 0
    while position < len(text):
        match = _OPEN.match(text, position)
        if match:
            stack.append(_Frame(length, match))
            position = match.end()
            continue
        if text[position] == "}" and stack:
            frame = stack.pop()
            answers = tuple(int(n) for n in frame.match[2].lstrip(">").split(",") if n)
            words = tuple(frame.match[3].split())
            spans.append(Span(frame.match[1], frame.start, length, words, answers))
        else:
            if text[position] in "{}":
                raise ValueError(f"stray brace in source: {text[position - 10 : position + 20]}")
            plain.append(text[position])
            length += 1
        position += 1
    if stack:
        raise ValueError(f"mark is not closed: {text[:60]}")
    return "".join(plain), tuple(sorted(spans, key=lambda s: (s.start, -s.end)))


def parse_body(body: str, passages: dict[str, str]) -> list[Block]:
    """Parse the marked-up prose of one report into blocks."""
    section, blocks = "preamble", []
    for line in filter(None, map(str.strip, fill_passages(body, passages).splitlines())):
        heading = _HEADING.fullmatch(line)
        if heading:
            section = heading[1]
            blocks.append(Block("heading", heading[3], section, glued=bool(heading[2])))
        elif line in ("[表二]", "[表三]", "[表四]"):
            kind = {"二": "table2", "三": "table3", "四": "table4"}[line[2]]
            blocks.append(Block(kind, "", section))
        elif line.startswith("[图"):
            blocks.append(Block("image", line[2:-1].strip(), section))
        else:
            kind = "sub" if line.startswith("+ ") else "para"
            text, spans = parse_inline(line.removeprefix("+ "))
            blocks.append(Block(kind, text, section, spans))
    return blocks
