"""Plain text as extracted from PDFs or copied from pages, and Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from nlp.documents import Block, Finding, Line, Page, Pages, ReadError
from nlp.read.characters import clean_characters
from nlp.read.encoding import decode
from nlp.read.markdown import is_markdown, markdown_blocks

# The longest report as text is under 1 MB.
MAX_TEXT_BYTES = 20 * 2**20
# Reports pasted as one line have some ten thousand characters.
MAX_LINE = 500_000
# Section four has 15 cells, so at most 16 pipes can stand together with a meaning.
_PIPE_GARBAGE = re.compile(r"(?:[|｜][ \t\u00a0\u3000]*){30,}")
_NEWLINE = re.compile(r"\r\n|\r|\n")
# A page break where there is no form feed: this many blank lines in a file whose lines
# are otherwise separated by single ones.
_BREAK_BLANKS = 3


def read_text(data: bytes, name: str, digest: str) -> Pages:
    """Read text or Markdown into pages of lines (and the pipe tables of Markdown).

    ``Line.number`` is the file's own line number, so a jump of two shows a blank line;
    white space on the left of a line is kept, since it may mark a paragraph.

    Raises
    ------
    ReadError
        ``empty``, ``too_large`` or ``damaged``.
    """
    if len(data) > MAX_TEXT_BYTES:
        raise _too_large(name, f"{len(data) / 2**20:.0f} MB 的文本")
    decoded = decode(data, name)
    text = _PIPE_GARBAGE.sub("|", decoded.text) if "||" in decoded.text else decoded.text
    rows = _NEWLINE.split(text)
    longest = max(map(len, rows))
    if longest > MAX_LINE:
        raise _too_large(name, f"一行有 {longest} 个字符的文本")
    lines = [clean_characters(row) for row in rows]
    garbage = _PIPE_GARBAGE.search(decoded.text) is not None
    if garbage:
        # What is left of a line of nothing but pipes.
        before = _NEWLINE.split(decoded.text)
        lines = [
            "" if _PIPE_GARBAGE.search(raw) and not line.strip("|｜ \t") else line
            for raw, line in zip(before, lines, strict=True)
        ]
    marked = is_markdown(lines)
    pages = []
    for number, part in enumerate(_pages(lines), 1):
        blocks = markdown_blocks(part, number) if marked else _lines(part, number)
        pages.append(Page(number, tuple(blocks)))
    if not any(page.blocks for page in pages):
        raise ReadError(
            "empty",
            name,
            expected="一份年度报告",
            found="没有文字的文本文件",
            advice="请重新下载或向提供者索取原文件。",
        )
    return Pages(
        name=name,
        kind="markdown" if marked else "text",
        sha256=digest,
        reader="nianbao text",
        pages=tuple(pages),
        metadata={"encoding": decoded.encoding},
        findings=_findings(decoded.bad, garbage),
    )


def _too_large(name: str, found: str) -> ReadError:
    return ReadError(
        "too_large",
        name,
        expected=f"不超过 {MAX_TEXT_BYTES // 2**20} MB、每行不超过 {MAX_LINE} 个字符的报告",
        found=found,
        advice="请确认文件无误；若是多份报告的合集，请拆分成单份报告。",
    )


def _pages(lines: Sequence[str]) -> list[list[tuple[int, str]]]:
    """Cut numbered lines into pages at form feeds, or else at runs of blank lines."""
    feeds = any("\x0c" in line for line in lines)
    double = not feeds and _is_double_spaced(lines)
    pages: list[list[tuple[int, str]]] = [[]]
    blanks = 0
    for number, line in enumerate(lines, 1):
        parts = line.split("\x0c")
        for index, part in enumerate(parts):
            if index and pages[-1]:
                pages.append([])
            if part.strip():
                if double and blanks >= _BREAK_BLANKS and pages[-1]:
                    pages.append([])
                pages[-1].append((number, part.rstrip()))
                blanks = 0
            else:
                blanks += 1
    if len(pages) > 1 and not pages[-1]:
        pages.pop()
    return pages


def _is_double_spaced(lines: Sequence[str]) -> bool:
    filled = [number for number, line in enumerate(lines) if line.strip()]
    gaps = [b - a for a, b in pairwise(filled)]
    return bool(gaps) and sum(gap == 2 for gap in gaps) > 0.6 * len(gaps)


def _lines(part: Sequence[tuple[int, str]], page: int) -> list[Block]:
    return [Line(text, page, number) for number, text in part]


def _findings(bad: int, garbage: bool) -> tuple[Finding, ...]:
    findings = []
    if bad:
        findings.append(
            Finding(
                "undecodable_text",
                "warning",
                f"有 {bad} 处文字无法解码，读作“\ufffd”，请对照原文核对。",
            )
        )
    if garbage:
        findings.append(
            Finding("pipe_garbage", "info", "文本里有成百个连续的竖线（复制残留），已合并。")
        )
    return tuple(findings)
