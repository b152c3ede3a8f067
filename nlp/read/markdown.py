"""Markdown: pipe tables to grids, headings and emphasis to plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from lxml import etree

from nlp.documents import Block, Grid, GridCell, Line
from nlp.read.html import is_data_table, table_grid

_DELIMITER = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?\s*$")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?$")
_BULLET = re.compile(r"^\s*[-*+][ \t]+(?=\S)")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)")
_EMPHASIS_END = {mark: re.compile(rf"(?<=\S){re.escape(mark)}") for mark in ("**", "__")}
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|-])")
_CELL_BREAK = re.compile(r"<br\s*/?>", re.I)
_TABLE_START = re.compile(r"^\s*<table[\s>]", re.I)
_PIPE = re.compile(r"(?<!\\)\|")


def is_markdown(lines: Sequence[str]) -> bool:
    """Whether text is Markdown: a heading with ``#``, or a pipe table with its rule.

    Examples
    --------
    >>> is_markdown(["# 报告"]), is_markdown(["规章 | 0 | 0 | 0 |"])
    (True, False)
    """
    if any(_HEADING.match(line) or _TABLE_START.match(line) for line in lines):
        return True
    return any(
        _DELIMITER.match(line) and "|" in line and "|" in before for before, line in pairwise(lines)
    )


def markdown_blocks(part: Sequence[tuple[int, str]], page: int) -> list[Block]:
    """Turn numbered lines of Markdown (blank ones left out) into lines and grids."""
    blocks: list[Block] = []
    grids = 0
    index = 0
    while index < len(part):
        number, text = part[index]
        if _TABLE_START.match(text):
            end, grid = _html_table(part, index, page, grids + 1)
            if grid is not None:
                grids += 1
                blocks.append(grid)
                index = end
                continue
        end = _table_end(part, index)
        if end > index:
            grids += 1
            blocks.append(_grid([row for _, row in part[index:end]], page, grids))
            index = end
            continue
        index += 1
        heading = _HEADING.match(text)
        last = index == len(part) or part[index][0] > number + 1
        shown = _plain(heading.group(1) if heading else _BULLET.sub("", text))
        if shown.strip():
            closes = True if last or heading else None
            blocks.append(Line(shown, page, number, closes_paragraph=closes))
    return blocks


def _html_table(
    part: Sequence[tuple[int, str]], index: int, page: int, number: int
) -> tuple[int, Grid | None]:
    """Read the HTML table that converters put into Markdown, and where it ends."""
    for end in range(index, len(part)):
        if "</table>" in part[end][1].lower():
            break
    else:
        return index, None
    markup = "\n".join(text for _, text in part[index : end + 1])
    parser = etree.HTMLParser(no_network=True, remove_comments=True, recover=True)
    root = etree.fromstring(f"<html><body>{markup}</body></html>", parser)
    table = root.find(".//table")
    if table is None or not is_data_table(table):
        return index, None
    grid = table_grid(table, number)
    cells = tuple(replace(cell, page=page) for cell in grid.cells)
    return end + 1, replace(grid, page=page, cells=cells)


def _table_end(part: Sequence[tuple[int, str]], index: int) -> int:
    """Where the pipe table that begins at ``index`` ends; ``index`` if none begins."""
    if index + 1 >= len(part) or "|" not in part[index][1]:
        return index
    if not _DELIMITER.match(part[index + 1][1]) or part[index + 1][0] != part[index][0] + 1:
        return index
    if len(_cells(part[index][1])) < 2:
        return index
    end = index + 2
    while end < len(part) and "|" in part[end][1] and part[end][0] == part[end - 1][0] + 1:
        end += 1
    return end


def _cells(row: str) -> list[str]:
    row = row.strip()
    row = row[1:] if row.startswith("|") else row
    if row.endswith("|") and not row.endswith("\\|"):
        row = row[:-1]
    return [_plain(_CELL_BREAK.sub("\n", cell)).strip() for cell in _PIPE.split(row)]


def _grid(rows: list[str], page: int, number: int) -> Grid:
    table = [_cells(row) for position, row in enumerate(rows) if position != 1]
    return Grid(
        page=page,
        number=number,
        rows=len(table),
        columns=max(map(len, table)),
        cells=tuple(
            GridCell(r, c, text, page) for r, row in enumerate(table) for c, text in enumerate(row)
        ),
    )


def _plain(text: str) -> str:
    return _ESCAPE.sub(r"\1", _drop_emphasis(text))


def _drop_emphasis(text: str) -> str:
    """Drop pairs of ``**`` and ``__``; in time that grows with the length, not its square."""
    parts: list[str] = []
    open_for_good: set[str] = set()
    at = 0
    while match := _EMPHASIS.search(text, at):
        mark = match.group()
        end = None
        if mark not in open_for_good:
            end = _EMPHASIS_END[mark].search(text, match.end() + 1)
        if end is None:
            # Nor is there an end for any later one.
            open_for_good.add(mark)
            parts.append(text[at : match.start() + 1])
            at = match.start() + 1
        else:
            parts += (text[at : match.start()], text[match.end() : end.start()])
            at = end.end()
    return "".join((*parts, text[at:]))
