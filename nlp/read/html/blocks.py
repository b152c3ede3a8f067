"""From elements to lines and tables, in document order and without recursion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from nlp.documents import Block, Line
from nlp.read.html.content import is_hidden, is_link_list
from nlp.read.html.tables import is_data_table, join_source_lines, table_grid

_BLOCKS = {
    "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "table", "tbody", "thead", "tfoot", "tr",
    "td", "th", "caption", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header",
    "main", "aside", "blockquote", "center", "pre", "address", "figure", "figcaption", "form",
    "fieldset", "hr", "details", "summary", "body", "html", "ucapcontent", "ucaptitle",
}  # fmt: skip
_PRESERVED = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.I)
_TABLE_HEADING = re.compile(
    r"主动公开|收到和处理|行政复议|行政诉讼|依申请|附[件表]|统计表|如下[:：]?$"
)
_ORDINAL = re.compile(r"^[（(]?[\d一二三四五六七八九十①-⑳]+\s*[是、.．）)]")
_CHINESE = "一二三四五六七八九十"
# Lines between <br> of about one length and without a full stop were wrapped by hand.
_WRAP_RUN = 4
_WRAP_MIN = 20


@dataclass(slots=True)
class Walked:
    """Lines and grids of an element; headings right under which a picture stands."""

    blocks: list[Block] = field(default_factory=list)
    pictures_after: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Walk:
    out: Walked = field(default_factory=Walked)
    parts: list[str] = field(default_factory=list)
    prefix: str = ""
    grids: int = 0
    preserved: int = 0
    broken: list[int] = field(default_factory=list)  # positions of lines ended by <br>
    lists: list[tuple[Any, int]] = field(default_factory=list)

    def add(self, text: str | None) -> None:
        if not text:
            return
        if self.preserved and "\n" in text:
            head, *rest = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            self.parts.append(head)
            for line in rest:
                self.flush()
                self.parts.append(line)
        else:
            self.parts.append(text)

    def flush(self, *, by_break: bool = False) -> None:
        text = join_source_lines("".join(self.parts)).strip()
        self.parts.clear()
        if not text:
            return
        if self.prefix and not _ORDINAL.match(text):
            text = self.prefix + text
        self.prefix = ""
        if by_break:
            self.broken.append(len(self.out.blocks))
        self.out.blocks.append(Line(text, 1, 0, closes_paragraph=True))

    def table(self, element: Any) -> None:
        self.flush()
        self.grids += 1
        self.out.blocks.append(table_grid(element, self.grids))

    def picture(self, element: Any) -> None:
        if _is_icon(element):
            return
        self.flush()
        last = self.out.blocks[-1] if self.out.blocks else None
        if isinstance(last, Line) and len(last.text) <= 40 and _TABLE_HEADING.search(last.text):
            heading = last.text
            if heading not in self.out.pictures_after:
                self.out.pictures_after.append(heading)


def walk_blocks(content: Any) -> Walked:
    """Walk an element; data tables become grids, all else lines that end a paragraph."""
    walk = _Walk()
    skipped: set[Any] = set()
    walker = etree.iterwalk(content, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        if event == "start":
            if not isinstance(tag, str) or (
                element is not content and (is_hidden(element) or is_link_list(element))
            ):
                skipped.add(element)
                walker.skip_subtree()
            elif tag == "table" and is_data_table(element):
                walk.table(element)
                skipped.add(element)
                walker.skip_subtree()
            else:
                _enter(walk, element)
        else:
            if element in skipped:
                skipped.discard(element)
            else:
                _leave(walk, element)
            if element is not content:
                walk.add(element.tail)
    walk.flush()
    _reopen_wrapped(walk.out.blocks, walk.broken)
    return walk.out


def _enter(walk: _Walk, element: Any) -> None:
    tag = element.tag
    if tag in _BLOCKS:
        walk.flush()
    if tag == "br":
        walk.flush(by_break=True)
    elif tag == "img":
        walk.picture(element)
    elif tag == "ol":
        walk.lists.append((element, _count(element.get("start"), 1)))
    elif tag == "ul":
        walk.lists.append((element, -1))
    elif tag == "li" and walk.lists:
        walk.prefix = _list_prefix(walk, element)
    if tag == "pre" or _PRESERVED.search(element.get("style") or ""):
        walk.preserved += 1
    walk.add(element.text)


def _leave(walk: _Walk, element: Any) -> None:
    tag = element.tag
    if tag in _BLOCKS:
        walk.flush()
    if tag in ("ol", "ul") and walk.lists:
        walk.lists.pop()
    if tag == "pre" or _PRESERVED.search(element.get("style") or ""):
        walk.preserved -= 1


def _list_prefix(walk: _Walk, element: Any) -> str:
    """The ordinal that a browser prints before a list item."""
    owner, count = walk.lists[-1]
    if count < 0:
        return ""
    count = _count(element.get("value"), count)
    walk.lists[-1] = (owner, count + 1)
    style = f"{owner.get('style') or ''};{element.get('style') or ''}"
    if re.search(r"list-style(?:-type)?\s*:[^;]*none", style, re.I):
        return ""
    if re.search(r"cjk-ideographic|chinese", style, re.I) and 1 <= count <= 10:
        return f"{_CHINESE[count - 1]}、"
    return f"{count}." if (owner.get("type") or "1") == "1" else ""


def _count(value: str | None, default: int) -> int:
    # isdigit() is true of ², and int() refuses it as it does thousands of digits.
    return int(value) if value and re.fullmatch(r"[0-9]{1,9}", value) else default


def _is_icon(element: Any) -> bool:
    for side in ("width", "height"):
        match = re.match(r"\s*(\d{1,9})", element.get(side) or "")
        if match and int(match.group(1)) < 60:
            return True
    return False


def _reopen_wrapped(blocks: list[Block], broken: Sequence[int]) -> None:
    """Mark lines that were wrapped by hand with <br> as not ending their paragraph."""
    ended = set(broken)
    run: list[int] = []
    for position in [*sorted(ended), -1]:
        if run and position != run[-1] + 1:
            _reopen_run(blocks, run)
            run = []
        if position >= 0:
            run.append(position)


def _reopen_run(blocks: list[Block], run: Sequence[int]) -> None:
    lines = [(p, b) for p in run if isinstance(b := blocks[p], Line)]
    open_ended = [(p, b) for p, b in lines if not b.text.endswith(("。", "：", "；", ":", "！"))]
    if len(open_ended) < _WRAP_RUN:
        return
    lengths = sorted(len(b.text) for _, b in open_ended)
    usual = lengths[len(lengths) // 2]
    near = [(p, b) for p, b in open_ended if abs(len(b.text) - usual) <= 3]
    if usual < _WRAP_MIN or len(near) < 0.7 * len(open_ended):
        return
    for position, line in near:
        blocks[position] = Line(line.text, 1, line.number, closes_paragraph=None)
